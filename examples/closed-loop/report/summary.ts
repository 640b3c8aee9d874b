import { formatAmount, formatInteger, formatShort, plural } from "./amounts.ts";
import { storyOf } from "./benefit.ts";
import { COIN } from "./benefit-model.ts";
import type { Printer } from "./console.ts";
import {
  brokenChecks,
  checksOf,
  ENDINGS,
  KEPT_BACK,
  LONE,
  passagesOf,
  type ReportModel,
  ROYALTIES,
} from "./model.ts";

/** Prints the few lines that everybody reads, and returns whether every law of conservation holds. */
export function printResult(printer: Printer, model: ReportModel): boolean {
  const { answers, anonymity, earnings, currency, benefit } = model;
  if (answers.length === 1) printAnswer(printer, model);
  printer.heading("Who earned what");
  printer.table(
    ["role", "beneficiary", "amount"],
    earnings.map(({ role, beneficiary, amount }) => [role, beneficiary, formatAmount(amount, currency)]),
  );
  printer.line();
  if (anonymity.includes(LONE)) printer.line(LONE);
  if (!benefit) printer.line(NOT_MINED);
  return printVerdict(printer, model);
}

const NOT_MINED =
  "A round of mining takes a day, so there is none here. On a chain of its own, npm start mines one.";

/** Names every law that is broken, with both sums. */
function printVerdict(printer: Printer, model: ReportModel): boolean {
  const checks = checksOf(model);
  const broken = brokenChecks(model);
  const isAudited = model.benefit?.agrees !== false;
  printer.line(`${checks.length - broken.length} of ${checks.length} conservation laws hold.`);
  for (const { name, left, right, currency } of broken) {
    printer.line(`BROKEN: ${name}: ${formatAmount(left, currency)} and ${formatAmount(right, currency)}.`);
  }
  if (!isAudited) printer.line("BROKEN: the events of the Commons do not add up to its balances.");
  return broken.length === 0 && isAudited;
}

function printAnswer(printer: Printer, { answers }: ReportModel): void {
  for (const { question, text, units } of answers) {
    printer.heading(question);
    for (const line of text.split("\n")) printer.line(line);
    printer.line(`${plural(Number(units), "token")}, question and answer.`);
  }
}

/** Prints the report's tables: reasons, views, closings, mining, laws and gas. */
export function printDetails(printer: Printer, model: ReportModel): void {
  const { currency, customers, earnings } = model;
  const amount = (value: bigint) => formatAmount(value, currency);
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
  printer.heading("What a license allows");
  for (const line of model.policy.text.split("\n")) printer.line(line);
  printer.heading("Why they earned it");
  printer.table(
    ["role", "beneficiary", "why"],
    earnings.map((row) => [row.role, row.beneficiary, row.reason]),
  );
  printWorks(printer, model);
  printViews(printer, model);
  printClosings(printer, model);
  printBenefit(printer, model);
  printChecks(printer, model);
  printGas(printer, model);
}

function printWorks(printer: Printer, model: ReportModel): void {
  const { works, currency } = model;
  printer.heading("What each work of the corpus earned");
  printer.line(ROYALTIES);
  printer.table(
    ["work", "passages cited", "units", "amount"],
    works.map((row) => [
      row.title,
      formatInteger(passagesOf(model, row)),
      formatInteger(row.units),
      formatAmount(row.amount, currency),
    ]),
  );
}

function printViews(printer: Printer, { views, anonymity }: ReportModel): void {
  printer.heading("Who sees what");
  for (const sentence of anonymity) printer.line(sentence);
  printer.table(
    ["fact", ...views.parties],
    views.rows.map(({ fact, values }) => [fact, ...values]),
  );
}

function printClosings(printer: Printer, { closings, currency }: ReportModel): void {
  if (closings.length === 0) return;
  printer.heading("Closing");
  printer.table(
    ["customer", "shows", "units counted as used", "refund", "kept back"],
    closings.map(({ customer, how, used, refund, kept }) => [
      customer,
      ENDINGS[how],
      formatInteger(used),
      formatAmount(refund, currency),
      formatAmount(kept, currency),
    ]),
  );
  if (closings.some(({ kept }) => kept > 0n)) printer.line(KEPT_BACK.join(" "));
}

function printBenefit(printer: Printer, { benefit, currency }: ReportModel): void {
  if (!benefit) return;
  printer.heading("Proof of benefit");
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

function printChecks(printer: Printer, model: ReportModel): void {
  printer.heading("Conservation laws, to the last base unit");
  printer.table(
    ["law", "left", "right", ""],
    checksOf(model).map(({ name, left, right, currency }) => [
      name,
      formatAmount(left, currency),
      formatAmount(right, currency),
      left === right ? "holds" : "BROKEN",
    ]),
  );
}

function printGas(printer: Printer, { gas }: ReportModel): void {
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
}
