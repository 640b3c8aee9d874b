import type { Opening } from "@benefit-grid/sdk";
import { expect } from "chai";
import { poseidon2 } from "poseidon-lite/poseidon2";
import type { ChainView, PublicLicense } from "../../../../examples/closed-loop/views/chain-view.ts";
import {
  describeContexts,
  describeTexts,
  describeUnits,
  type Party,
  unitsKnown,
} from "../../../../examples/closed-loop/views/knowledge.ts";

const OPENINGS: readonly Opening[] = [
  { units: 600n, contexts: 0b100100n, salt: 11n },
  { units: 400n, contexts: 0b100010n, salt: 12n },
  { units: 50n, contexts: 0b100000n, salt: 13n },
];

const usageOf = (licenseId: bigint, { units, contexts, salt }: Opening) =>
  `0x${poseidon2([licenseId | (contexts << 64n) | (units << 96n), salt])
    .toString(16)
    .padStart(64, "0")}` as const;

/** Licenses 1, 2, ... of one offer, each with 1,000 units prepaid and all of it settled in one batch. */
function chainOf(
  openings: readonly Opening[],
  change: Record<number, Partial<PublicLicense>> = {},
): ChainView {
  const licenses = openings.map((opening, i) => {
    const licenseId = BigInt(i + 1);
    const usage = usageOf(licenseId, opening);
    return { licenseId, offerId: 7n, prepaid: 1_000n, batches: 1, usage, ...change[i + 1] };
  });
  const total = openings.reduce((sum, { units }) => sum + units, 0n);
  return { licenses, totals: new Map([[7n, total]]), allowed: 0b100111n, bytes: "" };
}

const known = (chain: ChainView, openings: [bigint, Opening][] = []) =>
  [...unitsKnown(chain, new Map(openings)).values()].map(({ from, to }) => [from, to]);

describe("unitsKnown", () => {
  const [first, second, third] = OPENINGS as [Opening, Opening, Opening];

  it("when two licenses share a total, bounds both by prepaid units and total", () => {
    expect(known(chainOf([first, second]))).to.deep.equal([
      [0n, 1_000n],
      [0n, 1_000n],
    ]);
    expect(known(chainOf([second, third]))).to.deep.equal([
      [0n, 450n],
      [0n, 450n],
    ]);
  });

  it("when the total is near the prepaid units, finds a high lower bound for each", () => {
    const change = { 1: { prepaid: 650n }, 2: { prepaid: 420n } };
    expect(known(chainOf([first, second], change))).to.deep.equal([
      [580n, 650n],
      [350n, 420n],
    ]);
  });

  it("when an offer has one license in the batch, finds its count", () => {
    expect(known(chainOf([first]))).to.deep.equal([[600n, 600n]]);
  });

  it("when one of two knows its own count, finds the other's", () => {
    expect(known(chainOf([first, second]), [[2n, second]])).to.deep.equal([
      [600n, 600n],
      [400n, 400n],
    ]);
  });

  it("when an opening does not match the usage word, ignores it", () => {
    const lies: [bigint, Opening][] = [
      [1n, { ...first, units: 601n }],
      [2n, first],
    ];
    expect(known(chainOf([first, second]), lies)).to.deep.equal(known(chainOf([first, second])));
  });

  it("when nothing of a license is settled, finds 0 for it and the count of the other", () => {
    const chain = chainOf([first, { ...second, units: 0n }], {
      2: { usage: undefined as never, batches: 0 },
    });
    expect(known(chain)).to.deep.equal([
      [600n, 600n],
      [0n, 0n],
    ]);
  });

  it("when all licenses but one are closed by opening, finds the last count despite its bound", () => {
    const change = {
      1: { closed: { used: 600n, opening: first } },
      2: { closed: { used: 400n, opening: second } },
      3: { closed: { used: 100n } },
    };
    expect(known(chainOf(OPENINGS, change))[2]).to.deep.equal([50n, 50n]);
  });

  it("when two licenses are closed within bounds, leaves a range for both", () => {
    const change = {
      1: { closed: { used: 600n, opening: first } },
      2: { closed: { used: 420n } },
      3: { closed: { used: 100n } },
    };
    expect(known(chainOf(OPENINGS, change))).to.deep.equal([
      [600n, 600n],
      [350n, 420n],
      [30n, 100n],
    ]);
  });
});

describe("descriptions", () => {
  const [first] = OPENINGS as [Opening];
  const chain = chainOf([first]);
  const [license] = chain.licenses as [PublicLicense];
  const party = (texts: string[]): Party => ({ name: "somebody", openings: new Map(), texts });

  it("show a count only if it is certain", () => {
    expect(describeUnits({ from: 1_234n, to: 1_234n })).to.equal("1,234");
    expect(describeUnits({ from: 0n, to: 1_234n })).to.equal("hidden: 0 to 1,234");
  });

  it("name contexts only to a party with the opening", () => {
    expect(describeContexts(chain, license, new Map([[1n, first]]))).to.equal("health, inference");
    expect(describeContexts(chain, license, new Map())).to.equal("hidden: some of 4");
    const { usage: _, ...unsettled } = license;
    expect(describeContexts(chain, unsettled, new Map())).to.equal("none");
  });

  it("count the texts on the chain or with the party", () => {
    const questions = ["Who?", "What?", "Why?"];
    expect(describeTexts(questions, chain, party([]))).to.equal("0 of 3");
    expect(describeTexts(questions, chain, party(["What?"]))).to.equal("1 of 3");
    const leaky = { ...chain, bytes: `00${Buffer.from("Who?").toString("hex")}00` };
    expect(describeTexts(questions, leaky, party(["What?"]))).to.equal("2 of 3");
  });
});
