import { expect } from "chai";
import { renderFlowSvg } from "../../../../examples/closed-loop/report/flow.ts";
import { fan, fold, placeColumns, shorten } from "../../../../examples/closed-loop/report/flow-layout.ts";
import { KEPT_BACK, type ReportModel } from "../../../../examples/closed-loop/report/model.ts";
import { reportModel } from "./fixture.ts";

const node = (amount: bigint) => ({ label: `${amount}`, detail: "", amount, group: "Data" });

describe("placeColumns", () => {
  it("draws equal money at equal height in every column", () => {
    const { columns } = placeColumns(
      [[node(60n), node(40n)], [node(100n)], [node(50n), node(25n), node(25n)]],
      0,
    );
    const heights = columns.map((column) => column.reduce((sum, { height }) => sum + height, 0));
    for (const height of heights) expect(height.toFixed(9)).to.equal(heights[0]?.toFixed(9));
  });

  it("never lets small nodes overlap or leave the picture", () => {
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
  it("adds up the others", () => {
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
  it("cuts between characters, never inside one", () => {
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

  it("explains the money kept back, if there is any", () => {
    for (const sentence of KEPT_BACK) {
      expect(svg).to.include(`>${sentence.replaceAll("'", "&#39;")}</text>`);
      expect(renderFlowSvg({ ...reportModel, closings: [] })).to.not.include(sentence.slice(0, 30));
    }
  });

  for (const count of [2, 5, 12]) {
    it(`when ${count} customers pay ${count} contributors, draws no label on a ribbon`, () => {
      const drawn = renderFlowSvg(manyParties(count));
      const ribbons = ribbonsOf(drawn);
      const labels = labelsOf(drawn);
      expect(ribbons).to.have.length.above(2 * count);
      expect(labels).to.have.length.above(4 * count);
      for (const label of labels) {
        expect(ribbons.filter((ribbon) => touches(label, ribbon)).length, label.text).to.equal(0);
      }
    });
  }

  it("draws no node for unused money if there is none", () => {
    const customers = reportModel.customers.map((row) => ({ ...row, paid: row.spent, unused: 0n }));
    const drawn = renderFlowSvg({ ...reportModel, customers, closings: [] });
    expect(drawn).to.not.include("Unused").and.to.not.include("Kept back");
  });

  it("escapes names, and shortens long ones except in the tooltip", () => {
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

/** Many customers and contributors of long names. They pay and earn as much as one of each. */
function manyParties(count: number): ReportModel {
  const [customer, ...customers] = reportModel.customers;
  const [earner, ...earnings] = reportModel.earnings;
  if (!customer || !earner) throw new TypeError("The model has customers and earnings.");
  const numbers = Array.from({ length: count }, (_, i) => i);
  const name = (i: number) => ({ name: `customer of the school ${i}`, paid: customer.paid / BigInt(count) });
  const part = { beneficiary: "contributor (Nightingale)", amount: earner.amount / BigInt(count) };
  return {
    ...reportModel,
    customers: [...numbers.map((i) => ({ ...customer, ...name(i) })), ...customers],
    earnings: [...numbers.map(() => ({ ...earner, ...part })), ...earnings],
  };
}

type Point = { readonly x: number; readonly top: number; readonly bottom: number };
type Label = { text: string; left: number; right: number; top: number; bottom: number };

/** Samples each ribbon: straight, then a curve, then straight. */
function ribbonsOf(svg: string): Point[][] {
  return Array.from(svg.matchAll(/<path class="flow-band[^"]*" d="([^"]+)"/g), ([, path = ""]) => {
    const [x1 = 0, y1 = 0, start = 0, , , , y2 = 0, end = 0, , x2 = 0, thickness = 0] = (
      path.match(/-?[\d.]+/g) ?? []
    ).map(Number);
    return Array.from({ length: 201 }, (_, i) => {
      const t = i / 200;
      const x = start + (end - start) * (1.5 * t * (1 - t) + t ** 3);
      const top = y1 + (y2 - y1) * (3 * t ** 2 - 2 * t ** 3);
      return { x, top, bottom: top + thickness };
    }).concat(
      [x1, start].map((x) => ({ x, top: y1, bottom: y1 + thickness })),
      [end, (end + x2) / 2, x2].map((x) => ({ x, top: y2, bottom: y2 + thickness })),
    );
  });
}

/** The box around each text, for a font with letters of 0.55 times their height. */
function labelsOf(svg: string): Label[] {
  const texts = svg.matchAll(/<text ([^>]+)>([^<]*)<\/text>/g);
  return Array.from(texts, ([, attributes = "", text = ""]) => {
    const read = (name: string) => attributes.match(new RegExp(`(?:^| )${name}="([^"]+)"`))?.[1];
    const [x, y, size] = [Number(read("x")), Number(read("y")), Number(read("font-size") ?? 13)];
    const width = text.replace(/&#?\w+;/g, "'").length * 0.55 * size;
    const left = { start: x, middle: x - width / 2, end: x - width }[read("text-anchor") ?? "start"] ?? x;
    return { text, left, right: left + width, top: y - 0.8 * size, bottom: y + 0.2 * size };
  });
}

function touches({ left, right, top, bottom }: Label, ribbon: readonly Point[]): boolean {
  return ribbon.some((at) => at.x > left && at.x < right && at.bottom > top && at.top < bottom);
}
