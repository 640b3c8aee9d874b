import { formatDecimal, formatInteger } from "./amounts.ts";
import { type Markup, markup } from "./markup.ts";
import { ENDINGS, KEPT_BACK, type ReportModel } from "./model.ts";
import { cell, number, table } from "./table.ts";

/** What each party can tell, side by side. */
export function views({ views: { parties, rows }, anonymity }: ReportModel): Markup {
  if (rows.length === 0) return markup``;
  return markup`<h2>Who sees what</h2>
<p class="soft">Everybody can read the chain. The meter also has its books, and a customer its own vouchers. A capsule's owner without a meter sees as much as an outsider.</p>
<ul>${anonymity.map((sentence) => markup`<li>${sentence}</li>`)}</ul>
${table(
  ["Fact", ...parties],
  rows.map(({ fact, values }) => [cell(fact), ...values.map(valueCell)]),
)}`;
}

/** Hidden values are soft, so that known ones stand out. */
function valueCell(value: string): Markup {
  return value.startsWith("hidden") ? markup`<td class="soft">${value}</td>` : markup`<td>${value}</td>`;
}

/** How the licenses ended. */
export function closings({ closings: rows, currency }: ReportModel): Markup {
  if (rows.length === 0) return markup``;
  return markup`<h2>Closing</h2>
${rows.some(({ kept }) => kept > 0n) ? markup`<p class="soft">${KEPT_BACK.join(" ")}</p>` : ""}
${table(
  [
    "Customer",
    "Shows",
    "#Units counted as used",
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
