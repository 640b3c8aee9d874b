import { expect } from "chai";
import { createPrinter } from "../../../../examples/closed-loop/report/console.ts";
import { LONE, type ReportModel } from "../../../../examples/closed-loop/report/model.ts";
import { printResult } from "../../../../examples/closed-loop/report/summary.ts";
import { benefitModel, reportModel } from "./fixture.ts";

const model: ReportModel = { ...reportModel, benefit: benefitModel };

function print(change: Partial<ReportModel> = {}) {
  const lines: string[] = [];
  const printer = createPrinter({ write: (text: string) => lines.push(text) });
  return { isKept: printResult(printer, { ...model, ...change }), text: lines.join("") };
}

describe("printResult", () => {
  it("shows the earnings of each beneficiary, and that every law holds", () => {
    const { isKept, text } = print();
    expect(isKept).to.equal(true);
    expect(text).to.contain("Data      library B    0.026666 USDC\n");
    expect(text).to.contain("\n15 of 15 conservation laws hold.\n").and.to.not.contain("BROKEN");
  });

  it("when a law is broken, names it with both sums, and fails", () => {
    const { isKept, text } = print({ router: { held: 10_000n, owed: 10_001n } });
    expect(isKept).to.equal(false);
    expect(text).to.contain("14 of 15 conservation laws hold.");
    expect(text).to.contain("BROKEN: router holds = router owes: 0.010000 USDC and 0.010001 USDC.");
  });

  it("when a coin is missing, names the sums in coins", () => {
    const { text } = print({ benefit: { ...benefitModel, unsold: 0n } });
    expect(text).to.contain(
      "BROKEN: coins on sale = bought + unsold: 2,160.00000000 FC and 2,159.00000000 FC.",
    );
  });

  it("when the audit of the Commons disagrees, fails", () => {
    const { isKept, text } = print({ benefit: { ...benefitModel, agrees: false } });
    expect(isKept).to.equal(false);
    expect(text).to.contain("BROKEN: the events of the Commons do not add up to its balances.");
  });

  it("when an offer has a single license in the batch, warns", () => {
    expect(print().text).to.not.contain("is public");
    expect(print({ anonymity: [LONE] }).text).to.contain(
      "\nWith one license of an offer in the batch, its count is public.",
    );
  });

  it("when only one question was asked, shows the answer", () => {
    const { text } = print({ answers: reportModel.answers.slice(0, 1) });
    expect(text).to.contain("What is a dip?\n“a candle” (Faraday)\n10 tokens, question and answer.\n");
  });
});
