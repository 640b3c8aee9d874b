import { expect } from "chai";
import { renderFlowSvg } from "../../../../examples/closed-loop/report/flow.ts";
import { fan, fold, placeColumns, shorten } from "../../../../examples/closed-loop/report/flow-layout.ts";
import type { ReportModel } from "../../../../examples/closed-loop/report/model.ts";
import { reportModel } from "./fixture.ts";

const node = (amount: bigint) => ({ label: `${amount}`, detail: "", amount, group: "Data" });

describe("placeColumns", () => {
  it("draws the same money at the same height in every column", () => {
    const { columns } = placeColumns(
      [[node(60n), node(40n)], [node(100n)], [node(50n), node(25n), node(25n)]],
      0,
    );
    const heights = columns.map((column) => column.reduce((sum, { height }) => sum + height, 0));
    for (const height of heights) expect(height.toFixed(9)).to.equal(heights[0]?.toFixed(9));
  });

  it("never lets nodes overlap or leave the picture, however small they are", () => {
    const { columns, height } = placeColumns(
      [[node(1_000_000n), ...Array.from({ length: 30 }, () => node(1n))], []],
      50,
    );
    const [column = []] = columns;
    for (const [i, { y }] of column.entries()) {
      const above = column[i - 1];
      expect(y).to.be.at.least(above ? above.y + above.height : 50);
    }
    expect(column.at(-1)?.y).to.be.below(height);
  });

  it("places amounts of zero without dividing by it", () => {
    const { columns } = placeColumns([[node(0n)], [node(0n), node(0n)]], 0);
    expect(columns.flat().every(({ y, height }) => Number.isFinite(y) && height === 0)).to.equal(true);
  });
});

describe("fan", () => {
  it("stacks the bands on the hub without gaps and leaves out zeros", () => {
    const { columns } = placeColumns([[node(100n)], [node(60n), node(0n), node(40n)]], 0);
    const [[hub] = [], nodes = []] = columns;
    if (!hub) throw new Error("no hub");
    const bands = fan(hub, nodes);
    expect(bands.map(({ node: { label } }) => label)).to.deep.equal(["60", "40"]);
    expect(bands[1]?.hubY.toFixed(9)).to.equal((hub.y + 0.6 * hub.height).toFixed(9));
  });
});

describe("fold", () => {
  it("adds the others up", () => {
    const folded = fold([node(5n), node(4n), node(3n), node(2n)], 2, String);
    expect(folded.map(({ label, amount, detail }) => [label, amount, detail])).to.deep.equal([
      ["5", 5n, ""],
      ["4", 4n, ""],
      ["2 more", 5n, "5"],
    ]);
  });

  it('does not replace a single node by "1 more"', () => {
    expect(fold([node(5n), node(4n)], 1, String).map(({ label }) => label)).to.deep.equal(["5", "4"]);
  });
});

describe("shorten", () => {
  it("cuts by characters, not by halves of them", () => {
    expect(shorten("candle", 6)).to.equal("candle");
    expect(shorten("candles", 6)).to.equal("candl…");
    expect(shorten("🕯🕯🕯", 2)).to.equal("🕯…");
  });
});

describe("renderFlowSvg", () => {
  const svg = renderFlowSvg(reportModel);

  it("names every customer, role and beneficiary with its amount", () => {
    for (const text of [
      "customer 1: 0.05 USDC",
      "Answers: 0.15 USDC",
      "Data 40 %: 0.04 USDC",
      "library B: 0.026666 USDC",
    ]) {
      expect(svg).to.include(`<title>${text}`);
    }
    expect(svg).to.include("Unused, refundable: 0.04 USDC").and.to.include("Kept back by bounds: 0.01 USDC");
  });

  it("draws one band per customer, split and beneficiary", () => {
    expect(svg.match(/<path/g)).to.have.length(2 + 6 + 5);
  });

  it("stands alone: well-formed names, no script, no request", () => {
    expect(svg).to.match(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" /);
    expect(svg.replace("http://www.w3.org/2000/svg", "")).to.not.match(
      /https?:|<script|<image|href|url\(|NaN|undefined/,
    );
  });

  it("draws no node for unused money if all was used", () => {
    const customers = reportModel.customers.map((row) => ({ ...row, paid: row.spent, unused: 0n }));
    const drawn = renderFlowSvg({ ...reportModel, customers, closings: [] });
    expect(drawn).to.not.include("Unused").and.to.not.include("Kept back");
  });

  it("escapes names and shortens long ones, whose full text stays in the tooltip", () => {
    const beneficiary = `<script>&${"long ".repeat(20)}end`;
    const [first, ...rest] = reportModel.earnings;
    const earnings = [{ ...first, beneficiary }, ...rest] as ReportModel["earnings"];
    const drawn = renderFlowSvg({ ...reportModel, earnings });
    expect(drawn)
      .to.include("<title>&lt;script&gt;&amp;long")
      .and.to.include("long end: 0.013333 USDC</title>");
    expect(drawn).to.match(/>&lt;script&gt;&amp;(long ?)+\w*…<\/text>/);
    expect(drawn).to.not.include("<script");
  });

  it("folds 500 contributors into the nine nodes of their role", () => {
    const [first] = reportModel.earnings;
    const many = Array.from({ length: 500 }, (_, i) => ({
      ...first,
      amount: BigInt(i),
    })) as ReportModel["earnings"];
    expect(renderFlowSvg({ ...reportModel, earnings: many })).to.include("492 more");
  });
});
