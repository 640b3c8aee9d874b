import {
  attestBenchmark,
  decodeBenchmark,
  encodeBenchmark,
  getBenchmark,
  hashContent,
  listBenchmarks,
  publishVersion,
  registerCapsule,
  revokeBenchmark,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { gridFixture, networkHelpers } from "../../grid.ts";
import { expectInvalid, expectRevert, withClients } from "../clients.ts";

const datasetHash = await hashContent(new TextEncoder().encode("held-out faces"));
const contentHash = await hashContent(new TextEncoder().encode("a detector"));
const ZERO = `0x${"00".repeat(32)}`;
const UNKNOWN = `0x${"0a".repeat(32)}` as const;
const CLAIM = { capsuleId: 1n, version: 1n, datasetHash, metric: "detection rate", score: "0.88" } as const;

/** Capsule 1 is a model of `creator`. `stranger` evaluates. */
async function parties() {
  const grid = await withClients(gridFixture);
  const [client, evaluating] = await Promise.all([grid.as(grid.creator), grid.as(grid.stranger)]);
  await registerCapsule(client, { owner: grid.creator.address, kind: "model", contentHash, uri: "" });
  return { ...grid, client, evaluating };
}

describe("encodeBenchmark", () => {
  it("is decoded to the same benchmark, with each number of decimals", () => {
    for (const score of ["0.88", "88.0", "7", "0", `0.${"0".repeat(17)}1`, "1234567890.123456789"]) {
      expect(decodeBenchmark(encodeBenchmark({ ...CLAIM, score }))).to.deep.equal({ ...CLAIM, score });
    }
  });

  it("when a score is not a decimal number, or a number is out of range, names it", async () => {
    for (const score of ["", "-1", ".5", "1.", "1e3", "88 %", `0.${"1".repeat(19)}`, "9".repeat(51)])
      await expectInvalid(() => encodeBenchmark({ ...CLAIM, score }), "score");
    await expectInvalid(() => encodeBenchmark({ ...CLAIM, capsuleId: 1n << 64n }), "capsuleId");
    await expectInvalid(() => encodeBenchmark({ ...CLAIM, version: -1n }), "version");
    await expectInvalid(() => encodeBenchmark({ ...CLAIM, datasetHash: "0x12" }), "datasetHash");
  });

  it("when data is of another schema, decodeBenchmark says so", async () => {
    await expectInvalid(() => decodeBenchmark("0x1234"), "data");
    await expectInvalid(() => decodeBenchmark("0x123"), "data");
  });
});

describe("attestBenchmark", () => {
  it("when a parameter is malformed, names it", async () => {
    const { evaluating } = await parties();
    await expectInvalid(attestBenchmark(evaluating, { ...CLAIM, score: "high" }), "score");
    await expectInvalid(attestBenchmark(evaluating, { ...CLAIM, expiresAt: -1n }), "expiresAt");
    await expectInvalid(attestBenchmark(evaluating, { ...CLAIM, refersTo: "0x12" }), "refersTo");
    await expectInvalid(attestBenchmark(evaluating, { ...CLAIM, recipient: "0x12" }), "recipient");
    await expectInvalid(revokeBenchmark(evaluating, { uid: "0x12" }), "uid");
    await expectInvalid(getBenchmark(evaluating, { uid: "0x12" }), "uid");
  });

  it("when the version does not exist, reverts", async () => {
    const { evaluating } = await parties();
    const attesting = attestBenchmark(evaluating, { ...CLAIM, version: 2n });
    await expectRevert(attesting, "VersionNonexistent", { capsuleId: 1n, version: 2n });
  });

  it("when attested, can be read, then revoked by the evaluator alone", async () => {
    const { client, evaluating, stranger, benchmarks, capsules } = await parties();
    const { uid } = await attestBenchmark(evaluating, CLAIM);
    const attestedAt = BigInt(await networkHelpers.time.latest());
    const attested = {
      ...CLAIM,
      uid,
      evaluator: stranger.address,
      status: "valid",
      attestedAt,
      expiresAt: undefined,
      revokedAt: undefined,
      isRevocable: true,
      refersTo: undefined,
    };
    expect(await getBenchmark(client, { uid })).to.deep.equal(attested);
    expect((await benchmarks.getAttestation(uid)).recipient).to.equal(await capsules.getAddress());
    const foreign = revokeBenchmark(client, { uid });
    const caller = (await client.contracts.CapsuleRegistry.ownerOf(1n)) as string;
    await expectRevert(foreign, "CallerNotAttester", { uid, caller });
    await revokeBenchmark(evaluating, { uid });
    const revokedAt = BigInt(await networkHelpers.time.latest());
    expect(await getBenchmark(client, { uid })).to.deep.equal({ ...attested, status: "revoked", revokedAt });
  });

  it("when it expires, refers to another or cannot be revoked, says so", async () => {
    const { client, evaluating } = await parties();
    const { uid: refersTo } = await attestBenchmark(evaluating, CLAIM);
    const expiresAt = BigInt(await networkHelpers.time.latest()) + 100n;
    const options = { expiresAt, refersTo, isRevocable: false };
    const { uid } = await attestBenchmark(evaluating, { ...CLAIM, ...options, score: "0.86" });
    expect(await getBenchmark(client, { uid })).to.include({ ...options, status: "valid", score: "0.86" });
    await networkHelpers.time.increaseTo(expiresAt);
    expect(await getBenchmark(client, { uid })).to.include({ status: "expired" });
    await expectRevert(revokeBenchmark(evaluating, { uid }), "AttestationIrrevocable", { uid });
  });

  it("when there is none with this id, is undefined", async () => {
    const { client } = await parties();
    expect(await getBenchmark(client, { uid: UNKNOWN })).to.equal(undefined);
  });
});

/** Data that the contract accepts and no encoder makes. */
function oddities() {
  const data = encodeBenchmark({ ...CLAIM, metric: "rate" });
  const notUtf8 = data.replace(hexOf("rate"), `ff${hexOf("ate")}`);
  const unpadded = data.slice(0, data.indexOf(hexOf("rate")) + 8);
  return { notUtf8, unpadded };
}

function hexOf(text: string) {
  return Buffer.from(text).toString("hex");
}

describe("listBenchmarks", () => {
  it("lists a capsule's scores, by version, dataset and evaluator", async () => {
    const { client, evaluating, creator } = await parties();
    await publishVersion(client, { capsuleId: 1n, contentHash: datasetHash, uri: "" });
    await registerCapsule(client, { owner: creator.address, kind: "model", contentHash, uri: "" });
    const first = await attestBenchmark(evaluating, CLAIM);
    const second = await attestBenchmark(evaluating, { ...CLAIM, version: 2n });
    const third = await attestBenchmark(client, { ...CLAIM, datasetHash: UNKNOWN });
    await attestBenchmark(evaluating, { ...CLAIM, capsuleId: 2n });
    await revokeBenchmark(evaluating, { uid: first.uid });
    const uidsOf = async (filter: object) =>
      (await listBenchmarks(client, { capsuleId: 1n, ...filter })).map(({ uid }) => uid);
    expect(await uidsOf({})).to.deep.equal([first.uid, second.uid, third.uid]);
    expect(await uidsOf({ version: 2n })).to.deep.equal([second.uid]);
    expect(await uidsOf({ datasetHash: UNKNOWN })).to.deep.equal([third.uid]);
    expect(await uidsOf({ evaluator: creator.address.toLowerCase() })).to.deep.equal([third.uid]);
    const [revoked] = await listBenchmarks(client, { capsuleId: 1n });
    expect(revoked).to.deep.equal(await getBenchmark(client, { uid: first.uid }));
    expect(revoked?.status).to.equal("revoked");
  });

  it("when a stranger attests odd data, still lists all scores", async () => {
    const { client, benchmarks, stranger } = await parties();
    await attestBenchmark(client, CLAIM);
    const schema = await benchmarks.SCHEMA_UID();
    const rest = { recipient: stranger, expirationTime: 0n, revocable: true, refUID: ZERO, value: 0n };
    for (const data of Object.values(oddities()))
      await benchmarks.connect(stranger).attest({ schema, data: { ...rest, data } });
    const listed = await listBenchmarks(client, { capsuleId: 1n });
    expect(listed.map(({ metric }) => metric)).to.deep.equal([CLAIM.metric, "\ufffdate", "rate"]);
    expect(new Set(listed.map(({ score }) => score))).to.deep.equal(new Set([CLAIM.score]));
  });

  it("when a parameter is malformed, names it", async () => {
    const { client } = await parties();
    await expectInvalid(listBenchmarks(client, { capsuleId: -1n }), "capsuleId");
    await expectInvalid(listBenchmarks(client, { capsuleId: 1n, version: -1n }), "version");
    await expectInvalid(listBenchmarks(client, { capsuleId: 1n, datasetHash: "0x1" }), "datasetHash");
    await expectInvalid(listBenchmarks(client, { capsuleId: 1n, evaluator: "0x1" }), "evaluator");
  });
});
