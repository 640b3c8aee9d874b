import { dataSlice, keccak256 } from "ethers";
import { artifacts } from "hardhat";
import type { GridCode, GridState } from "./grid-state.ts";

/** How a chain differs from what it should be: one line for each difference. */
export async function differences(expected: GridState, found: GridState): Promise<string[]> {
  const lines: string[] = [];
  for (const [name, one] of Object.entries(expected.code))
    lines.push(...(await codeDifferences(name, one, found.code[name])));
  const extra = "is not in this genesis";
  return [
    ...lines,
    ...missing(expected.roles, found.roles).map((role) => `${role} in this genesis, but not on the chain.`),
    ...missing(found.roles, expected.roles).map((role) => `${role}, but should not.`),
    ...missing(expected.settings, found.settings).map((one) => `${one} is missing.`),
    ...missing(found.settings, expected.settings).map((one) => `${one} ${extra}.`),
  ];
}

/** The entries of a list that another one lacks, as often as it lacks them. */
function missing(list: readonly string[], other: readonly string[]): string[] {
  const left = [...other];
  return list.filter((entry) => {
    const at = left.indexOf(entry);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

async function codeDifferences(
  name: string,
  expected: GridCode,
  found: GridCode | undefined,
): Promise<string[]> {
  if (found === undefined) return [`${name} is not in the record.`];
  if (found.address !== expected.address)
    return [`${name} is at ${found.address}. This source and genesis give ${expected.address}.`];
  if (found.code === "0x") return [`${name} has no code at ${found.address}.`];
  if (found.code === expected.code) return [];
  const immutables = await immutablesOf(name);
  const [expectedHash, foundHash] = [expected.code, found.code].map((code) =>
    keccak256(masked(code, immutables)),
  );
  if (expectedHash !== foundHash)
    return [
      `${name} has other code at ${found.address}: its hash without immutables is ${foundHash}, not ${expectedHash}.`,
    ];
  return immutables.flatMap(({ start, length }) => {
    const [wanted, got] = [expected.code, found.code].map((code) =>
      BigInt(dataSlice(code, start, start + length)),
    );
    if (wanted === got) return [];
    if (
      isSince(wanted, expected.createdAt) &&
      (wanted ?? 0n) - expected.createdAt === (got ?? 0n) - found.createdAt
    )
      return [];
    return [`${name} has immutable ${hex(got)} at byte ${start}, not ${hex(wanted)}.`];
  });
}

type Reference = { readonly start: number; readonly length: number };

async function immutablesOf(name: string): Promise<Reference[]> {
  const { immutableReferences = {} } = await artifacts.readArtifact(name);
  return Object.values(immutableReferences).flat();
}

function masked(code: string, immutables: readonly Reference[]): string {
  let bytes = code.slice(2);
  for (const { start, length } of immutables) {
    const [from, to] = [2 * start, 2 * (start + length)];
    if (to <= bytes.length) bytes = bytes.slice(0, from) + "0".repeat(to - from) + bytes.slice(to);
  }
  return `0x${bytes}`;
}

const TEN_YEARS = 315_360_000n;

/** Whether a number is a time at or after a contract's creation, such as the guardian's end. */
function isSince(value: bigint | undefined, createdAt: bigint): boolean {
  return value !== undefined && value >= createdAt && value - createdAt <= TEN_YEARS;
}

function hex(value: bigint | undefined): string {
  return `0x${(value ?? 0n).toString(16)}`;
}
