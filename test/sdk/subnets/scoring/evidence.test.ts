import { type Evidence, formatEvidence, hashEvidence, parseEvidence } from "@benefit-grid/sdk/subnets";
import { expect } from "chai";
import { keccak256, toUtf8Bytes, ZeroHash } from "ethers";
import { expectInvalid, expectProblem } from "./support.ts";

const ALICE = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const BOB = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
const HUB = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const HASH = `0x${"ab".repeat(32)}` as const;

const DATASET = { capsuleId: 7n, version: 2n };
const ENTRY = { miner: ALICE, score: 0.75, parts: { mcc: 0.76, brier: 0.1 }, weight: 65_535n } as const;
const OTHER = { miner: BOB, score: 0, parts: {}, weight: 0n } as const;
const EVIDENCE: Evidence = {
  chainId: 31_337n,
  hub: HUB,
  subnetId: 3n,
  epoch: 12n,
  validator: ALICE,
  entries: [
    { ...ENTRY, dataset: DATASET, testSetHash: HASH, submissionHash: ZeroHash as typeof HASH },
    { ...OTHER, dataset: DATASET, testSetHash: HASH },
  ],
};
const [FIRST, SECOND] = EVIDENCE.entries as [Evidence["entries"][0], Evidence["entries"][0]];
const TEXT = formatEvidence(EVIDENCE);

/** The text with another value at a place of the JSON. */
function textWith(change: (json: Record<string, never>) => void): string {
  const json = JSON.parse(TEXT);
  change(json);
  return JSON.stringify(json);
}

describe("formatEvidence", () => {
  it("when it is no object, or has no list of entries, throws", async () => {
    await expectInvalid(() => formatEvidence(undefined as never), "evidence");
    await expectInvalid(
      () => formatEvidence({ ...EVIDENCE, entries: undefined } as never),
      "evidence.entries",
    );
  });

  it("when a value is wrong, throws what is wrong, where and what to do", async () => {
    const format = (change: object) => () => formatEvidence({ ...EVIDENCE, ...change });
    await expectProblem(format({ chainId: 31_337 }), "/chainId", /^is 31337, not a whole number from 1/);
    await expectProblem(format({ chainId: undefined }), "/chainId", /^is missing$/);
    await expectProblem(format({ epoch: 0n }), "/epoch", /whole number/);
    await expectProblem(format({ subnetId: -1n }), "/subnetId", /whole number/);
    await expectProblem(format({ subnetId: 2n ** 32n }), "/subnetId", /whole number/);
    await expectProblem(format({ hub: "0x12" }), "/hub", /^is "0x12", not an address/);
    const typo = ALICE.replace("C8", "c8");
    await expectProblem(format({ validator: typo }), "/validator", /correct checksum/);
    await expectProblem(format({ comment: "x" }), "/comment", /^is unknown$/);
    await expectProblem(format({ entries: [] }), "/entries", /^is a list, not a list with an element$/);
    await expectProblem(format({ entries: [undefined] }), "/entries/0", /^is missing$/);
  });

  it("when an entry is wrong, throws its pointer", async () => {
    const format = (change: object) => () =>
      formatEvidence({ ...EVIDENCE, entries: [{ ...FIRST, ...change }] });
    for (const score of [Number.NaN, Number.POSITIVE_INFINITY, "1", null])
      await expectProblem(format({ score }), "/entries/0/score", /not a finite number/);
    await expectProblem(format({ parts: { mcc: Number.NaN } }), "/entries/0/parts/mcc", /^is NaN/);
    await expectProblem(format({ parts: { "a/~b": 1 } }), "/entries/0/parts/a~1~0b", /invalid name/);
    await expectProblem(format({ parts: [1] }), "/entries/0/parts", /^is a list, not an object$/);
    await expectProblem(format({ weight: 65_536n }), "/entries/0/weight", /whole number from 0 to 2\^16/);
    await expectProblem(
      format({ dataset: { capsuleId: 0n, version: 1n } }),
      "/entries/0/dataset/capsuleId",
      /whole/,
    );
    await expectProblem(format({ testSetHash: "0xab" }), "/entries/0/testSetHash", /32 bytes/);
  });

  it("when a miner has two entries, throws", async () => {
    const twice = { ...FIRST, miner: ALICE.toLowerCase() as typeof ALICE };
    const entries = [FIRST, SECOND, twice];
    await expectProblem(() => formatEvidence({ ...EVIDENCE, entries }), "/entries/2/miner", /two entries/);
  });

  it("when it is valid, has keys and miners in order, and numbers of the chain as text", () => {
    const entry = (weight: string, miner: string, score: string, parts: string, submission: string) =>
      `{"dataset":{"capsuleId":"7","version":"2"},"miner":"${miner.toLowerCase()}","parts":${parts},"score":${score},${submission}"testSetHash":"${HASH}","weight":"${weight}"}`;
    const entries = [
      entry("0", BOB, "0", "{}", ""),
      entry("65535", ALICE, "0.75", '{"brier":0.1,"mcc":0.76}', `"submissionHash":"${ZeroHash}",`),
    ];
    expect(TEXT).to.equal(
      `{"chainId":"31337","entries":[${entries.join(",")}],"epoch":"12","format":"benefit-grid/evidence/1","hub":"${HUB.toLowerCase()}","subnetId":"3","validator":"${ALICE.toLowerCase()}"}`,
    );
  });
});

describe("hashEvidence", () => {
  it("is keccak256 of the text, whatever the order of entries and members, and the case of hex", () => {
    const hash = keccak256(toUtf8Bytes(TEXT));
    expect(hashEvidence(EVIDENCE)).to.equal(hash);
    const { chainId, ...rest } = EVIDENCE;
    const upper = HASH.toUpperCase().replace("0X", "0x") as typeof HASH;
    const entries = [{ ...SECOND, testSetHash: upper }, FIRST];
    expect(hashEvidence({ ...rest, chainId, hub: HUB.toLowerCase(), entries })).to.equal(hash);
  });

  it("when a score changes, is another", () => {
    const entries = [{ ...FIRST, score: 0.7500000000000001 }, SECOND];
    expect(hashEvidence({ ...EVIDENCE, entries })).not.to.equal(hashEvidence(EVIDENCE));
  });
});

describe("parseEvidence", () => {
  it("when it is no text, too long, no JSON or no object, throws", async () => {
    await expectProblem(() => parseEvidence(EVIDENCE as never), "", /^is no text/);
    await expectProblem(() => parseEvidence(" ".repeat(1_048_577)), "", /^is no text of at most/);
    await expectProblem(() => parseEvidence(TEXT.slice(0, -1)), "", /^is not JSON/);
    await expectProblem(() => parseEvidence(""), "", /^is not JSON/);
    await expectProblem(() => parseEvidence("null"), "", /^is null, not an object/);
    const depth = 100_000;
    const deep = `${"[".repeat(depth)}${"]".repeat(depth)}`;
    await expectProblem(() => parseEvidence(deep), "", /^is/);
  });

  it("when a value is missing, unknown or wrong, throws its pointer", async () => {
    const parse = (change: (json: Record<string, never>) => void) => () => parseEvidence(textWith(change));
    const set = (key: string, value: unknown) => parse((json) => Object.assign(json, { [key]: value }));
    await expectProblem(set("format", "benefit-grid/evidence/2"), "/format", /not a known word/);
    await expectProblem(set("epoch", 12), "/epoch", /^is 12, not a whole number/);
    await expectProblem(set("epoch", "012"), "/epoch", /whole number/);
    await expectProblem(set("hub", HUB), "/hub", /not an address/);
    await expectProblem(set("__proto__x", 1), "/__proto__x", /^is unknown$/);
    await expectProblem(set("entries", {}), "/entries", /^is an object, not a list/);
    await expectProblem(set("validator", undefined), "/validator", /^is missing$/);
    const polluted = TEXT.replace('{"chainId"', '{"__proto__":{},"chainId"');
    await expectProblem(() => parseEvidence(polluted), "/__proto__", /^is unknown$/);
  });

  it("when members repeat, or the text is not canonical, throws", async () => {
    const texts = [
      TEXT.replace('"epoch":"12"', '"epoch":"11","epoch":"12"'),
      TEXT.replace('"score":0.75', '"score":0.750'),
      TEXT.replace('"score":0,', '"score":-0,'),
      TEXT.replace(",", ", "),
      `${TEXT}\n`,
    ];
    for (const text of texts) {
      expect(text).not.to.equal(TEXT);
      await expectProblem(() => parseEvidence(text), "", /not in canonical form/);
    }
  });

  it("when miners repeat or are out of order, throws", async () => {
    const entries = (change: (list: unknown[]) => unknown[]) => () =>
      parseEvidence(textWith((json) => Object.assign(json, { entries: change(json.entries as never) })));
    await expectProblem(
      entries(([first]) => [first, first]),
      "/entries/1/miner",
      /two entries/,
    );
    await expectProblem(
      entries((list) => list.reverse()),
      "/entries/1/miner",
      /order/,
    );
  });

  it("when the text is valid, is the same evidence, in the order of miners", () => {
    expect(parseEvidence(TEXT)).to.deep.equal({ ...EVIDENCE, entries: [SECOND, FIRST] });
    expect(formatEvidence(parseEvidence(TEXT))).to.equal(TEXT);
  });
});
