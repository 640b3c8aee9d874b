import { formatDecimal, formatInteger, formatShort, plural } from "./amounts.ts";
import { type BenefitModel, COIN } from "./benefit-model.ts";
import { type Markup, markup } from "./markup.ts";
import type { ReportModel } from "./model.ts";
import { cell, number, table } from "./table.ts";

/** How free use became coins, and where each unit of money for them went. */
export function benefit({ benefit: model, currency }: ReportModel): Markup {
  if (!model) return markup``;
  const { buyers, coins, total, unsold } = model;
  return markup`<h2>Proof of benefit</h2>
<ul>${storyOf(model, (amount) => formatShort(amount, currency)).map((sentence) => markup`<li>${sentence}</li>`)}</ul>
${table(
  ["Buyer", `#Paid, ${currency.symbol}`, `#Coins, ${COIN.symbol}`],
  [
    ...buyers.map((row) => [
      cell(row.name),
      number(formatDecimal(row.paid, currency.decimals)),
      number(formatDecimal(row.coins, COIN.decimals)),
    ]),
    [cell("nobody: unsold"), number(""), number(formatDecimal(unsold, COIN.decimals))],
  ],
  [
    cell("The lot"),
    number(formatDecimal(total, currency.decimals)),
    number(formatDecimal(coins, COIN.decimals)),
  ],
)}`;
}

/** The same in sentences, for terminal and page. */
export function storyOf(model: BenefitModel, amount: (value: bigint) => string): string[] {
  const { citizens, units, target, round, height, subsidy, minted, price, reserve } = model;
  const { programmeId, received, inVault, released, agrees } = model;
  const share = units < target ? `${formatInteger(units)} of ${formatInteger(target)}` : "all";
  return [
    `${plural(citizens, "citizen")} used ${formatInteger(units)} units for free, proven like paid use. A champion is credited with them.`,
    `Round ${round} mined heights ${height} to ${height + 143n}: at most ${formatShort(subsidy, COIN)}, of which its sector's part times ${share} of its target's units was minted, ${formatShort(minted, COIN)}.`,
    `A coin cost ${amount(price)}, the same for all; at least ${amount(reserve)}.`,
    `Each payment was in the vault of programme ${programmeId} in the same transaction: ${amount(received)} received = ${amount(inVault)} in the vault + ${amount(released)} released. The chain's events ${agrees ? "agree" : "DO NOT AGREE"}.`,
    "Nobody can take it out but its steward, for a milestone that the coins' holders approve.",
  ];
}
