import {
  formatSubmission,
  hashSubmission,
  parseSubmission,
  type Submission,
} from "@benefit-grid/sdk/subnets";
import { expect } from "chai";
import { keccak256, toUtf8Bytes } from "ethers";
import { expectInvalid, expectProblem } from "./support.ts";

const HASH = `0x${"ab".repeat(32)}` as const;
const CONTENT = { contentHash: HASH, size: 1_024n };
const DATASET = { capsuleId: 7n, version: 2n };
const SUBMISSIONS: readonly Submission[] = [
  { kind: "answers", ...CONTENT, questionsHash: HASH },
  { kind: "gradient", ...CONTENT, modelHash: HASH, dataset: DATASET },
  { kind: "data", ...CONTENT },
  { kind: "data", ...CONTENT, dataset: DATASET },
  { kind: "architecture", ...CONTENT },
];

describe("formatSubmission", () => {
  it("when it is malformed, throws what is wrong, where and what to do", async () => {
    await expectInvalid(() => formatSubmission(undefined as never), "submission");
    const format = (submission: object) => () => formatSubmission(submission as never);
    await expectProblem(format([]), "", /^is a list, not an object$/);
    await expectProblem(format({ ...CONTENT }), "/kind", /^is missing$/);
    await expectProblem(format({ ...CONTENT, kind: "toString" }), "/kind", /not a known word/);
    await expectProblem(format({ ...CONTENT, kind: "answers" }), "/questionsHash", /^is missing$/);
    await expectProblem(
      format({ ...CONTENT, kind: "gradient", modelHash: HASH }),
      "/dataset",
      /^is missing$/,
    );
    await expectProblem(format({ ...CONTENT, kind: "data", size: 1.5 }), "/size", /whole number/);
    await expectProblem(format({ kind: "data", size: 1n, contentHash: "0x" }), "/contentHash", /32 bytes/);
    await expectProblem(format({ ...CONTENT, kind: "architecture", uri: "x" }), "/uri", /^is unknown$/);
  });

  it("when it is valid, has keys in order and numbers as text", () => {
    expect(formatSubmission({ kind: "architecture", ...CONTENT })).to.equal(
      `{"contentHash":"${HASH}","kind":"architecture","size":"1024"}`,
    );
  });
});

describe("hashSubmission", () => {
  it("is keccak256 of the text, and differs between submissions", () => {
    const hashes = SUBMISSIONS.map(hashSubmission);
    for (const [i, one] of SUBMISSIONS.entries())
      expect(hashes[i]).to.equal(keccak256(toUtf8Bytes(formatSubmission(one))));
    expect(new Set(hashes).size).to.equal(SUBMISSIONS.length);
  });
});

describe("parseSubmission", () => {
  it("when the text is malformed or not canonical, throws", async () => {
    await expectProblem(() => parseSubmission(undefined as never), "", /^is no text/);
    await expectProblem(() => parseSubmission("{}"), "/kind", /^is missing$/);
    await expectProblem(() => parseSubmission("[]"), "", /^is a list, not an object$/);
    await expectProblem(() => parseSubmission('{"kind":{}}'), "/kind", /^is an object/);
    const text = formatSubmission({ kind: "data", ...CONTENT });
    await expectProblem(() => parseSubmission(` ${text}`), "", /not in canonical form/);
  });

  it("when the text is valid, is the same submission", () => {
    for (const one of SUBMISSIONS) expect(parseSubmission(formatSubmission(one))).to.deep.equal(one);
  });
});
