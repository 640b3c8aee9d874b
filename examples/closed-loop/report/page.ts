import { formatAmount, formatDecimal, formatInteger, formatShort, plural } from "./amounts.ts";
import { benefit } from "./benefit.ts";
import { flowSvg } from "./flow.ts";
import { type Markup, markup, toText } from "./markup.ts";
import {
  type AnswerRow,
  type Check,
  checksOf,
  type Earning,
  passagesOf,
  type ReportModel,
  ROLES,
  ROYALTIES,
  sum,
  type WorkRow,
} from "./model.ts";
import { policy } from "./policy.ts";
import { closings, views } from "./privacy.ts";
import { reportStyle } from "./style.ts";
import { cell, number, table } from "./table.ts";

export { renderFlowSvg } from "./flow.ts";
export { checksOf, type ReportModel } from "./model.ts";

/**
 * A run as one self-contained HTML page: no script, no request, light and dark. Every text of the model is escaped.
 *
 * @example await writeFile('report.html', renderReport(model));
 */
export function renderReport(model: ReportModel): string {
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${model.title}</title>
<style>${reportStyle}</style>
</head>
<body>
<main>
<h1>${model.title}</h1>
<p class="lead">${model.lead}</p>
<p class="soft">${model.network}</p>
${keyFigures(model)}
<h2>Where the money went</h2>
<div class="scroll flow">${flowSvg(model)}</div>
${earned(model)}
${works(model)}
${conservation(model)}
${views(model)}
${closings(model)}
${benefit(model)}
${policy(model)}
${vouchers(model)}
${questions(model)}
${gas(model)}
${fingerprints(model)}
</main>
</body>
</html>
`;
  return toText(page);
}

function keyFigures({ customers, vouchers, earnings, answers, offer, currency }: ReportModel): Markup {
  const figures = [
    [formatShort(sum(customers.map((row) => row.spent)), currency), "settled 40/30/20/10"],
    [formatInteger(sum(vouchers.map((row) => row.units))), `units metered; one unit is one ${offer.unit}`],
    [formatShort(offer.pricePerMillion, currency), `price of a million ${offer.unit}s`],
    [formatInteger(answers.length), `questions of ${plural(customers.length, "customer")}`],
    [formatInteger(new Set(earnings.map((row) => row.beneficiary)).size), "beneficiaries"],
  ] as const;
  return markup`<div class="figures">${figures.map(([value, name]) => markup`<div class="figure"><b>${value}</b><span class="soft">${name}</span></div>`)}</div>`;
}

function earned({ earnings, legs, currency }: ReportModel): Markup {
  const rows = ROLES.flatMap((role) => {
    const total = sum(legs.filter((leg) => leg.role === role).map(({ amount }) => amount));
    return [
      ...earnings
        .filter((row) => row.role === role)
        .map((row) => [
          markup`<td class="role ${role}">${role}</td>`,
          cell(row.beneficiary),
          number(formatDecimal(row.amount, currency.decimals)),
          cell(row.reason),
          number(shareOf(row)),
        ]),
      [
        markup`<td class="soft" colspan="2">${role} leg</td>`,
        number(formatDecimal(total, currency.decimals)),
        markup`<td colspan="2"></td>`,
      ],
    ];
  });
  const total = sum(earnings.map((row) => row.amount));
  return markup`<h2>Who earned what, and why</h2>
${table(["Role", "Beneficiary", `#${currency.symbol}`, "Why", "#Units / of all"], rows, [markup`<td colspan="2">All beneficiaries</td>`, number(formatDecimal(total, currency.decimals)), markup`<td colspan="2"></td>`])}`;
}

function works(model: ReportModel): Markup {
  const { works: rows, currency } = model;
  const total = (of: (row: WorkRow) => bigint) => sum(rows.map(of));
  return markup`<h2>What each work of the corpus earned</h2>
<p class="soft">${ROYALTIES}</p>
${table(
  ["Work", "Contributor", "#Passages cited", "#Units", `#${currency.symbol}`],
  rows.map((row) => [
    cell(row.title),
    cell(row.contributor),
    number(formatInteger(passagesOf(model, row))),
    number(formatInteger(row.units)),
    number(formatDecimal(row.amount, currency.decimals)),
  ]),
  [
    markup`<td colspan="2">All works</td>`,
    number(formatInteger(total((row) => passagesOf(model, row)))),
    number(formatInteger(total(({ units }) => units))),
    number(
      formatDecimal(
        total(({ amount }) => amount),
        currency.decimals,
      ),
    ),
  ],
)}`;
}

const shareOf = ({ share }: Earning): string =>
  share ? `${formatInteger(share.units)} / ${formatInteger(share.ofUnits)}` : "";

function conservation(model: ReportModel): Markup {
  const remainder = sum(model.legs.map((leg) => leg.remainder));
  return markup`<h2>Conservation laws</h2>
<p class="soft">Each law says that two sums are equal, to the last base unit. Rounding leaves ${formatAmount(remainder, model.currency)} in the router.</p>
${table(
  ["Law", "#Left", "#Right", "Difference"],
  checksOf(model).map((check) => [
    cell(check.name),
    number(formatAmount(check.left, check.currency)),
    number(formatAmount(check.right, check.currency)),
    verdict(check),
  ]),
)}`;
}

function verdict({ left, right, currency }: Check): Markup {
  const difference = left - right;
  return difference === 0n
    ? markup`<td class="good">✓ none</td>`
    : markup`<td class="bad">✗ ${formatAmount(difference, currency)}</td>`;
}

function vouchers({ vouchers: rows, customers, currency, offer }: ReportModel): Markup {
  const customerOf = (license: bigint) => customers.find((row) => row.license === license);
  return markup`<h2>Vouchers</h2>
<p class="soft">The last voucher of each license. ${offer.isPrivate ? PRIVACY : ""}</p>
${table(
  [
    "#License",
    "Customer",
    "Application",
    "#Units",
    `#Settled, ${currency.symbol}`,
    `#Unused, ${currency.symbol}`,
    "Usage word",
    "Signature",
  ],
  rows.map((row) => [
    number(row.license.toString()),
    cell(row.customer),
    cell(customerOf(row.license)?.application ?? ""),
    number(formatInteger(row.units)),
    number(formatDecimal(customerOf(row.license)?.spent ?? 0n, currency.decimals)),
    number(formatDecimal(customerOf(row.license)?.unused ?? 0n, currency.decimals)),
    markup`<td><code title="${row.usage}">${ends(row.usage)}</code></td>`,
    markup`<td><code title="${row.signature}">${ends(row.signature)}</code></td>`,
  ]),
)}`;
}

function questions({ answers }: ReportModel): Markup {
  const names = [...new Set(answers.map((row) => row.customer))];
  return markup`<h2>Questions and answers</h2>
${names.map((name) => markup`<h3><bdi>${name}</bdi></h3>${answers.filter((row) => row.customer === name).map(answerCard)}`)}`;
}

function answerCard({ question, text, citations, units }: AnswerRow): Markup {
  const quotes = citations.map(
    ({ quote, author, title, year, paragraph }) =>
      markup`<blockquote><bdi>${quote}</bdi><cite>${author}, ${title}, ${year}, paragraph ${paragraph}</cite></blockquote>`,
  );
  return markup`<section class="qa"><header><bdi>${question}</bdi><span>${formatInteger(units)} units</span></header>
${quotes.length > 0 ? quotes : markup`<p class="soft"><bdi>${text}</bdi></p>`}</section>
`;
}

function gas({ gas: rows }: ReportModel): Markup {
  const total = sum(rows.map((row) => row.gas));
  return markup`<h2>Gas per step</h2>
${table(
  ["Step", "#Gas", "#For", "#Gas each"],
  rows.map(({ step, gas: used, count = 1 }) => [
    cell(step),
    number(formatInteger(used)),
    number(formatInteger(count)),
    number(count > 0 ? formatInteger(used / BigInt(count)) : ""),
  ]),
  [cell("All steps"), number(formatInteger(total)), cell(""), cell("")],
)}`;
}

function fingerprints({ fingerprints: rows }: ReportModel): Markup {
  return markup`<h2>Check it yourself</h2>
${table(
  ["What", "SHA-256", "Command"],
  rows.map(({ name, hash, command }) => [
    cell(name),
    markup`<td><code>${hash}</code></td>`,
    markup`<td><code>${command}</code></td>`,
  ]),
)}`;
}

const PRIVACY =
  "The chain sees the usage word, not the count. This report knows both because the example plays every party.";

const ends = (hex: string): string => (hex.length > 22 ? `${hex.slice(0, 10)}…${hex.slice(-8)}` : hex);
