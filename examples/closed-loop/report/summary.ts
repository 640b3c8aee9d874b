import { formatAmount, formatInteger, formatShort } from "./amounts.ts";
import { storyOf } from "./benefit.ts";
import { COIN } from "./benefit-model.ts";
import type { Printer } from "./console.ts";
import { checksOf, ENDINGS, KEPT_BACK, type ReportModel } from "./model.ts";

/** Who asked what, who earned what and why, whether every unit is accounted for, and what it cost. */
export function printSummary(printer: Printer, model: ReportModel): void {
  const { currency, customers, earnings, gas, answers } = model;
  const amount = (value: bigint) => formatAmount(value, currency);

  if (answers.length === 1) printAnswer(printer, model);
  printer.heading("Customers");
  printer.table(
    ["customer", "application", "paid", "spent", "left"],
    customers.map((row) => [
      row.name,
      row.application,
      amount(row.paid),
      amount(row.spent),
      amount(row.unused),
    ]),
  );
  printer.heading("Who earned what, and why");
  printer.table(
    ["role", "beneficiary", "amount", "why"],
    earnings.map((row) => [row.role, row.beneficiary, amount(row.amount), row.reason]),
  );
  printViews(printer, model);
  printBenefit(printer, model);
  printer.heading("Conservation, to the last unit");
  printer.table(
    ["law", "left", "right", ""],
    checksOf(model).map(({ name, left, right, isAmount }) => {
      const show = isAmount ? amount : formatInteger;
      return [name, show(left), show(right), left === right ? "holds" : "BROKEN"];
    }),
  );
  printer.heading("Gas");
  printer.table(
    ["step", "gas", "times", "each"],
    gas.map(({ step, gas: total, count = 1 }) => [
      step,
      formatInteger(total),
      formatInteger(count),
      formatInteger(total / BigInt(count)),
    ]),
  );
  printer.line();
}

/** What each party can tell, and how the licenses ended. */
function printViews(printer: Printer, { views, closings, currency }: ReportModel): void {
  printer.heading("Who sees what");
  printer.table(
    ["fact", ...views.parties],
    views.rows.map(({ fact, values }) => [fact, ...values]),
  );
  if (closings.length === 0) return;
  printer.heading("Closing");
  printer.table(
    ["customer", "shows", "units that count as used", "refund", "kept back"],
    closings.map(({ customer, how, used, refund, kept }) => [
      customer,
      ENDINGS[how],
      formatInteger(used),
      formatAmount(refund, currency),
      formatAmount(kept, currency),
    ]),
  );
  if (closings.some(({ kept }) => kept > 0n)) printer.line(KEPT_BACK);
}

function printBenefit(printer: Printer, { benefit, currency }: ReportModel): void {
  printer.heading("Proof of benefit");
  if (!benefit) {
    printer.line(
      "A round of mining takes a day, so there is none here. In a chain of its own, npm start mines one.",
    );
    return;
  }
  for (const sentence of storyOf(benefit, (value) => formatShort(value, currency))) printer.line(sentence);
  printer.table(
    ["buyer", "paid", "coins"],
    benefit.buyers.map(({ name, paid, coins }) => [
      name,
      formatAmount(paid, currency),
      formatAmount(coins, COIN),
    ]),
  );
}

function printAnswer(printer: Printer, { answers }: ReportModel): void {
  for (const { question, text, units } of answers) {
    printer.heading(question);
    for (const line of text.split("\n")) printer.line(line);
    printer.line(`${formatInteger(units)} tokens, question and answer.`);
  }
}
