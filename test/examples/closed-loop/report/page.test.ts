import { expect } from "chai";
import { checksOf, type ReportModel, renderReport } from "../../../../examples/closed-loop/report/page.ts";
import { benefitModel, reportModel } from "./fixture.ts";

const HOSTILE = `</style></title><script>alert("1")</script><img src=x onerror='alert(2)'>&amp;\u0000\u202e`;

describe("checksOf", () => {
  const broken = (model: ReportModel) =>
    checksOf(model)
      .filter(({ left, right }) => left !== right)
      .map(({ name }) => name);

  it("finds nothing in a correct run", () => {
    expect(checksOf(reportModel)).to.have.length(11);
    expect(broken(reportModel)).to.deep.equal([]);
    expect(checksOf({ ...reportModel, benefit: benefitModel })).to.have.length(15);
    expect(broken({ ...reportModel, benefit: benefitModel })).to.deep.equal([]);
  });

  for (const [what, change, names] of [
    ["a lost contribution", { total: 4_319_999_999n }, ["contributed = the vault received"]],
    [
      "a base unit missing in a vault",
      { inVault: 4_319_999_999n },
      ["the vault received = in the vault + released"],
    ],
    ["a coin without a mint", { minted: 215_900_000_000n }, ["coins minted = on sale"]],
    ["a coin lost in the sale", { unsold: 0n }, ["coins on sale = bought + unsold"]],
  ] as const) {
    it(`finds ${what}`, () => {
      expect(broken({ ...reportModel, benefit: { ...benefitModel, ...change } })).to.deep.equal(names);
    });
  }

  for (const [what, change, names] of [
    [
      "an unmetered answer",
      { answers: reportModel.answers.slice(0, 1) },
      ["units answered = units in vouchers"],
    ],
    [
      "a voucher of one unit more",
      { vouchers: reportModel.vouchers.map((row, i) => (i === 0 ? { ...row, units: 11n } : row)) },
      ["units answered = units in vouchers", "units in vouchers × price = settled"],
    ],
    [
      "a lost base unit of escrow",
      {
        customers: reportModel.customers.map((row, i) =>
          i === 0 ? { ...row, unused: row.unused - 1n } : row,
        ),
      },
      ["paid in = settled + unused", "unused = refunded + left in escrow"],
    ],
    ["a base unit too few in escrow", { escrow: 9_999n }, ["unused = refunded + left in escrow"]],
    [
      "a refund of one base unit too much",
      {
        closings: reportModel.closings.map((row, i) => (i === 0 ? { ...row, refund: row.refund + 1n } : row)),
      },
      ["unused = refunded + left in escrow"],
    ],
    [
      "a base unit too few in the router",
      { router: { held: 10_000n, owed: 10_001n } },
      ["router holds = router owes"],
    ],
    [
      "a unit without a cited passage",
      { works: reportModel.works.map((row) => ({ ...row, units: 1n })) },
      ["passages cited = units credited"],
    ],
    ["a missing leg", { legs: reportModel.legs.slice(0, 3) }, ["settled = the four legs"]],
    [
      "a claim of one base unit too much",
      {
        earnings: reportModel.earnings.map((row, i) => (i === 4 ? { ...row, amount: row.amount + 1n } : row)),
      },
      ["Platform leg = earned + remainder"],
    ],
  ] as const) {
    it(`finds ${what}`, () => expect(broken({ ...reportModel, ...change })).to.deep.equal(names));
  }
});

describe("renderReport", () => {
  const html = renderReport(reportModel);

  it("shows customers, beneficiaries, amounts, gas, questions, citations, vouchers and hashes", () => {
    for (const text of [
      "customer 1",
      "School reader",
      "library B",
      "library B did it",
      "0.026666",
      "300,000",
      "690,000",
      "150,000",
      "What is a dip?",
      "a candle",
      "Faraday, Candle, 1861, paragraph 4",
      "No passage answers this.",
      `0x${"1a".repeat(32)}`,
      "0x1a1a1a1a…1a1a1a1a",
      "ab".repeat(32),
      "cat * | sha256sum",
      "Rounding leaves 0.000001 USDC in the router.",
      "100 units</td>",
    ]) {
      expect(html).to.include(text);
    }
  });

  it("shows each work with its passages, units and earnings, uncited ones too", () => {
    const rows = html.match(/<tr><td class="name"><bdi>(Candle|Unread).*?<\/tr>/g) ?? [];
    const cells = rows.map((row) =>
      row
        .replace(/<[^>]*>/g, " ")
        .trim()
        .split(/ {2,}/),
    );
    expect(cells).to.deep.equal([
      ["Candle", "library A", "1", "1", "0.039999"],
      ["Unread &lt;1&gt;", "library C", "0", "0", "0.000000"],
    ]);
    expect(html).to.include("Royalties follow use, not bytes.");
  });

  it("shows the difference of every law", () => {
    expect(html.match(/✓ none/g)).to.have.length(11);
    expect(html).to.not.include("✗");
    const legs = reportModel.legs.map((leg) => ({ ...leg, remainder: 1n }));
    expect(renderReport({ ...reportModel, legs }).match(/✗ -0\.000001 USDC/g)).to.have.length(3);
  });

  it("shows each party's knowledge side by side, hidden values softly", () => {
    for (const text of [
      ">outsider</th>",
      "customer 1: units",
      `<td class="soft">hidden: 0 to 50</td><td>10</td>`,
      "<li>Offer 1: 100 units of 2 licenses.",
    ]) {
      expect(html).to.include(text);
    }
  });

  it("says how each license ended, and explains the money kept back by a bound", () => {
    for (const text of [
      "a bound, by proof",
      "its count, by opening",
      "0.030000",
      "stays in the offer&#39;s escrow",
    ]) {
      expect(html).to.include(text);
    }
    expect(renderReport({ ...reportModel, closings: [] })).to.not.include("<h2>Closing</h2>");
    expect(renderReport(reportModel)).to.not.include("<h2>Proof of benefit</h2>");
  });

  it("shows the coins mined, the price of the lot and the vault's money", () => {
    const page = renderReport({ ...reportModel, benefit: benefitModel });
    for (const text of [
      "2 citizens used 400 units for free",
      "from height 144.00 to 187.20",
      "times 400 of 1,000 of its target",
      "2,160 FC",
      "supporter &lt;1&gt;",
      "1,619.00000000 FC",
      '2,160.00000000 FC</td><td class="good">',
      "nobody: unsold",
      "The chain&#39;s events agree.",
    ]) {
      expect(page).to.include(text);
    }
    const broken = { ...benefitModel, agrees: false, units: 2_000n };
    const other = renderReport({ ...reportModel, benefit: broken });
    expect(other).to.include("DO NOT AGREE").and.to.include("times all of its target");
  });

  it("shows the license's policy in plain English, with its hash", () => {
    expect(html).to.include("What a license allows").and.to.include(reportModel.policy.hash);
    expect(html).to.include('<li style="margin-left:1.5em"><bdi>the purpose is research</bdi></li>');
  });

  it("promises privacy only in private mode", () => {
    expect(html).to.include("The chain sees the usage word");
    const offer = { ...reportModel.offer, isPrivate: false };
    expect(renderReport({ ...reportModel, offer })).to.not.include("The chain sees the usage word");
  });

  it("is self-contained", () => {
    expect(html).to.include(`default-src 'none'`);
    expect(html.replaceAll("http://www.w3.org/2000/svg", "")).to.not.match(
      /https?:|<script|<link|<img|@import|url\(/,
    );
    expect(html).to.include("prefers-color-scheme:dark");
  });

  it("escapes every text of the model", () => {
    const page = renderReport(poison(reportModel) as ReportModel);
    for (const text of ["<script", "<img", "\u0000"]) expect(page).to.not.include(text);
    expect(page).to.include(
      "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&lt;img src=x onerror=&#39;alert(2)&#39;&gt;&amp;amp;\uFFFD",
    );
    expect(page.match(/<style/g)).to.have.length(2);
    expect(page.match(/<\/title>/g)).to.have.length(1 + (page.match(/<g><title>/g) ?? []).length);
  });

  it("is the same for the same run", () => {
    expect(renderReport(structuredClone(reportModel))).to.equal(html);
  });

  it("renders an empty run", () => {
    const nothing = {
      customers: [],
      legs: [],
      earnings: [],
      gas: [],
      answers: [],
      vouchers: [],
      fingerprints: [],
      anonymity: [],
      views: { parties: [], rows: [] },
      closings: [],
    };
    const page = renderReport({ ...reportModel, ...nothing });
    expect(page)
      .to.include("0 USDC")
      .and.to.not.match(/NaN|undefined|Infinity/);
  });
});

/** Adds hostile text to every string of the model, except roles and kinds of closing. */
function poison(value: unknown, key = ""): unknown {
  if (typeof value === "string") return key === "role" || key === "how" ? value : HOSTILE + value;
  if (Array.isArray(value)) return value.map((item) => poison(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, poison(item, name)]));
}
