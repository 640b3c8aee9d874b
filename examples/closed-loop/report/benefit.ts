import { formatAmount, formatDecimal, formatHeight, formatInteger, formatShort, plural } from "./amounts.ts";
import { type BenefitModel, COIN } from "./benefit-model.ts";
import { type Markup, markup } from "./markup.ts";
import type { ReportModel } from "./model.ts";
import { cell, number, table } from "./table.ts";

/** The coins minted for free use, and the payments for them. */
export function benefit({ benefit: model, currency }: ReportModel): Markup {
  if (!model) return markup``;
  const { buyers, coins, total, unsold } = model;
  return markup`<h2>Proof of benefit</h2>
<ul>${storyOf(model, (amount) => formatShort(amount, currency)).map((sentence) => markup`<li>${sentence}</li>`)}</ul>
${table(
  ["Buyer", `#Paid, ${currency.symbol}`, "#Coins"],
  [
    ...buyers.map((row) => [
      cell(row.name),
      number(formatDecimal(row.paid, currency.decimals)),
      number(formatAmount(row.coins, COIN)),
    ]),
    [cell("nobody: unsold"), number(""), number(formatAmount(unsold, COIN))],
  ],
  [cell("The lot"), number(formatDecimal(total, currency.decimals)), number(formatAmount(coins, COIN))],
)}`;
}

/** The same in sentences, for terminal and page. */
export function storyOf(model: BenefitModel, amount: (value: bigint) => string): string[] {
  const { citizens, units, target, round, fromHeight, toHeight, minted, price, reserve } = model;
  const { programmeId, received, inVault, released, agrees, anonymity } = model;
  const share = units < target ? `${formatInteger(units)} of ${formatInteger(target)}` : "all";
  return [
    `${plural(citizens, "citizen")} used ${formatInteger(units)} units for free. A proof settled them like paid use, and a champion is credited with them.`,
    ...anonymity,
    `Round ${round} advanced the schedule from height ${formatHeight(fromHeight)} to ${formatHeight(toHeight)}: 144 heights times the sector's weight share, times ${share} of its target units. The sector earned what they hold: ${formatShort(minted, COIN)}.`,
    `All buyers paid the same price, ${amount(price)} a coin. The reserve price was ${amount(reserve)}.`,
    `Each payment reached the vault of programme ${programmeId} in the same transaction: ${amount(received)} received = ${amount(inVault)} in the vault + ${amount(released)} released. The chain's events ${agrees ? "agree" : "DO NOT AGREE"}.`,
    "Only the programme's steward can be paid from the vault, for a milestone approved by the coin's holders.",
  ];
}
