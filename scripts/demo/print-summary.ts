import { formatAmount, formatInteger } from "./amounts.ts";
import type { Printer } from "./console.ts";
import { checksOf, type ReportModel } from "./report-model.ts";

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

function printAnswer(printer: Printer, { answers }: ReportModel): void {
  for (const { question, text, units } of answers) {
    printer.heading(question);
    for (const line of text.split("\n")) printer.line(line);
    printer.line(`${formatInteger(units)} tokens, question and answer.`);
  }
}
