import { formatDecimal, formatInteger } from "./amounts.ts";
import { type Markup, markup } from "./markup.ts";
import { ENDINGS, KEPT_BACK, type ReportModel } from "./model.ts";
import { cell, number, table } from "./table.ts";

/** What each party can tell, side by side. */
export function views({ views: { parties, rows }, anonymity }: ReportModel): Markup {
  if (rows.length === 0) return markup``;
  return markup`<h2>Who sees what</h2>
<p class="soft">What each can tell from what it has: everybody has the chain, the meter also its books, a customer its own vouchers. A capsule's owner who runs no meter sees what everybody sees.</p>
<ul>${anonymity.map((sentence) => markup`<li>${sentence}</li>`)}</ul>
${table(
  ["Fact", ...parties],
  rows.map(({ fact, values }) => [cell(fact), ...values.map(valueCell)]),
)}`;
}

/** Soft where something is hidden, so that what a party knows stands out. */
function valueCell(value: string): Markup {
  return value.startsWith("hidden") ? markup`<td class="soft">${value}</td>` : markup`<td>${value}</td>`;
}

/** How the licenses ended. */
export function closings({ closings: rows, currency }: ReportModel): Markup {
  if (rows.length === 0) return markup``;
  return markup`<h2>Closing</h2>
${rows.some(({ kept }) => kept > 0n) ? markup`<p class="soft">${KEPT_BACK}</p>` : ""}
${table(
  [
    "Customer",
    "Shows",
    "#Units that count as used",
    `#Refund, ${currency.symbol}`,
    `#Kept back, ${currency.symbol}`,
  ],
  rows.map(({ customer, how, used, refund, kept }) => [
    cell(customer),
    cell(ENDINGS[how]),
    number(formatInteger(used)),
    number(formatDecimal(refund, currency.decimals)),
    number(formatDecimal(kept, currency.decimals)),
  ]),
)}`;
}
