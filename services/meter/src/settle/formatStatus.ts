import { formatUnits } from "ethers";
import type { Currency, MeterStatus } from "./status.ts";

/** The status as a table for a terminal. */
export function formatStatus({ unsettled, owed }: MeterStatus): string {
  if (unsettled.length === 0) return "Everything is settled.";
  const head = ["offer", "why", "licenses", "units", "worth", "since", "detail"];
  const rows = unsettled.map(({ offerId, why, licenses, units, value, currency, since, detail }) => [
    offerId.toString(),
    why,
    licenses === 0 ? "" : String(licenses),
    units.toString(),
    amountOf(value, currency),
    since === undefined ? "" : dateOf(since),
    detail ?? "",
  ]);
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? "").length)));
  const lineOf = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (NUMBERS.includes(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join("  ")
      .trimEnd();
  const sums = owed.map(({ currency, value }) => amountOf(value, currency)).join(", ");
  return [lineOf(head), ...rows.map(lineOf), "", `Unsettled: ${sums}`].join("\n");
}

/** Columns aligned to the right. */
const NUMBERS = [0, 2, 3, 4];

function amountOf(value: bigint, { symbol, decimals }: Currency): string {
  return `${formatUnits(value, decimals)} ${symbol}`;
}

/** In minutes, by UTC. */
export function dateOf(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
