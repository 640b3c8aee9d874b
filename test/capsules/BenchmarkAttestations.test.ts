import { expect } from "chai";
import { type AddressLike, Interface, type InterfaceAbi } from "ethers";
import { ethers, gridFixture, networkHelpers, registration } from "../grid.ts";

const SCHEMA =
  "uint64 capsuleId,uint32 version,bytes32 datasetHash,string metric,uint256 score,uint8 decimals";
const SCHEMA_UID = ethers.solidityPackedKeccak256(
  ["string", "address", "bool"],
  [SCHEMA, ethers.ZeroAddress, true],
);
const OTHER = ethers.id("another");
const DATASET = ethers.sha256("0x0d");
const FIELDS = ["uint64", "uint32", "bytes32", "string", "uint256", "uint8"];
const ATTESTATION =
  "tuple(bytes32 uid, bytes32 schema, uint64 time, uint64 expirationTime, uint64 revocationTime, bytes32 refUID, " +
  "address recipient, address attester, bool revocable, bytes data)";

/** The functions and events of IEAS 1.x that this contract has. */
const EAS_ABI: InterfaceAbi = [
  "function attest(tuple(bytes32 schema, tuple(address recipient, uint64 expirationTime, bool revocable, bytes32 refUID, bytes data, uint256 value) data) request) payable returns (bytes32)",
  "function revoke(tuple(bytes32 schema, tuple(bytes32 uid, uint256 value) data) request) payable",
  `function getAttestation(bytes32 uid) view returns (${ATTESTATION})`,
  "function isAttestationValid(bytes32 uid) view returns (bool)",
  "function getSchemaRegistry() view returns (address)",
  "event Attested(address indexed recipient, address indexed attester, bytes32 uid, bytes32 indexed schemaUID)",
  "event Revoked(address indexed recipient, address indexed attester, bytes32 uid, bytes32 indexed schemaUID)",
];

const BENCHMARK = [1n, 1n, DATASET, "detection rate", 88n, 2n] as const;

function dataOf(change: Record<number, unknown> = {}) {
  return ethers.AbiCoder.defaultAbiCoder().encode(
    FIELDS,
    BENCHMARK.map((value, i) => change[i] ?? value),
  );
}

const REQUEST = {
  recipient: ethers.ZeroAddress as AddressLike,
  expirationTime: 0n,
  revocable: true,
  refUID: ethers.ZeroHash,
  data: dataOf(),
  value: 0n,
};

function request(change: Partial<typeof REQUEST> = {}, schema = SCHEMA_UID) {
  return { schema, data: { ...REQUEST, ...change } };
}

function revocation(uid: string, value = 0n, schema = SCHEMA_UID) {
  return { schema, data: { uid, value } };
}

/** Capsule 1 has one version. The evaluator has attested nothing yet. */
async function capsuleFixture() {
  const grid = await networkHelpers.loadFixture(gridFixture);
  await grid.capsules.register(grid.creator, registration());
  const evaluator = grid.application;
  return { ...grid, evaluator, asEvaluator: grid.benchmarks.connect(evaluator) };
}

/** The evaluator has attested that version 1 of capsule 1 detects 88 %. */
async function attestedFixture() {
  const grid = await networkHelpers.loadFixture(capsuleFixture);
  await grid.asEvaluator.attest(request({ recipient: grid.capsules }));
  const time = BigInt(await networkHelpers.time.latest());
  const [log] = await grid.benchmarks.queryFilter(grid.benchmarks.filters.Attested);
  return { ...grid, uid: log?.args.uid ?? "", time };
}

describe("BenchmarkAttestations", () => {
  describe("attest", () => {
    it("when the schema is another, reverts", async () => {
      const { benchmarks, asEvaluator } = await networkHelpers.loadFixture(capsuleFixture);
      await expect(asEvaluator.attest(request({}, OTHER)))
        .to.be.revertedWithCustomError(benchmarks, "SchemaNonexistent")
        .withArgs(OTHER);
    });

    it("when a value is stated, reverts", async () => {
      const { benchmarks, asEvaluator } = await networkHelpers.loadFixture(capsuleFixture);
      await expect(asEvaluator.attest(request({ value: 1n })))
        .to.be.revertedWithCustomError(benchmarks, "AttestationValueNotZero")
        .withArgs(1n);
    });

    it("when the expiration is not in the future, reverts", async () => {
      const { benchmarks, asEvaluator } = await networkHelpers.loadFixture(capsuleFixture);
      const expirationTime = BigInt(await networkHelpers.time.latest()) + 1n;
      await expect(asEvaluator.attest(request({ expirationTime })))
        .to.be.revertedWithCustomError(benchmarks, "AttestationExpirationPast")
        .withArgs(expirationTime);
    });

    it("when it refers to no attestation, reverts", async () => {
      const { benchmarks, asEvaluator } = await networkHelpers.loadFixture(capsuleFixture);
      await expect(asEvaluator.attest(request({ refUID: OTHER })))
        .to.be.revertedWithCustomError(benchmarks, "AttestationNonexistent")
        .withArgs(OTHER);
    });

    it("when the data is of another schema, reverts", async () => {
      const { asEvaluator } = await networkHelpers.loadFixture(capsuleFixture);
      for (const data of ["0x", "0x01", dataOf().slice(0, -64)]) {
        await expect(asEvaluator.attest(request({ data }))).to.be.revertedWithoutReason(ethers);
      }
    });

    it("when the version does not exist, reverts", async () => {
      const { capsules, asEvaluator } = await networkHelpers.loadFixture(capsuleFixture);
      for (const [capsuleId, version] of [
        [1n, 0n],
        [1n, 2n],
        [2n, 1n],
      ]) {
        await expect(asEvaluator.attest(request({ data: dataOf({ 0: capsuleId, 1: version }) })))
          .to.be.revertedWithCustomError(capsules, "VersionNonexistent")
          .withArgs(capsuleId, version);
      }
    });

    it("when the dataset's hash is zero, reverts", async () => {
      const { benchmarks, asEvaluator } = await networkHelpers.loadFixture(capsuleFixture);
      await expect(
        asEvaluator.attest(request({ data: dataOf({ 2: ethers.ZeroHash }) })),
      ).to.be.revertedWithCustomError(benchmarks, "DatasetHashZero");
    });

    it("when the metric is empty or too long, reverts", async () => {
      const { benchmarks, asEvaluator } = await networkHelpers.loadFixture(capsuleFixture);
      for (const length of [0, 65]) {
        await expect(asEvaluator.attest(request({ data: dataOf({ 3: "m".repeat(length) }) })))
          .to.be.revertedWithCustomError(benchmarks, "MetricLengthOutOfRange")
          .withArgs(length, 64n);
      }
      await expect(asEvaluator.attest(request({ data: dataOf({ 3: "m".repeat(64) }) }))).to.emit(
        benchmarks,
        "Attested",
      );
    });

    it("when the score has too many decimals, reverts", async () => {
      const { benchmarks, asEvaluator } = await networkHelpers.loadFixture(capsuleFixture);
      await expect(asEvaluator.attest(request({ data: dataOf({ 5: 19n }) })))
        .to.be.revertedWithCustomError(benchmarks, "ScoreDecimalsTooMany")
        .withArgs(19n, 18n);
    });

    it("when repeated in the same block, reverts, later it is another attestation", async () => {
      const { benchmarks, asEvaluator } = await networkHelpers.loadFixture(capsuleFixture);
      await networkHelpers.time.setNextBlockTimestamp((await networkHelpers.time.latest()) + 10);
      await ethers.provider.send("evm_setAutomine", [false]);
      const sent = [
        await asEvaluator.attest(request(), { gasLimit: 1_000_000n }),
        await asEvaluator.attest(request(), { gasLimit: 1_000_000n }),
      ];
      await networkHelpers.mine();
      await ethers.provider.send("evm_setAutomine", [true]);
      const [log] = await benchmarks.queryFilter(benchmarks.filters.Attested);
      await expect(sent[1])
        .to.be.revertedWithCustomError(benchmarks, "AttestationExists")
        .withArgs(log?.args.uid);
      await asEvaluator.attest(request());
      expect(await benchmarks.queryFilter(benchmarks.filters.Attested)).to.have.lengthOf(2);
    });

    it("when valid, stores the attestation under the id that EAS would give, and tells it", async () => {
      const { benchmarks, capsules, evaluator, asEvaluator } =
        await networkHelpers.loadFixture(capsuleFixture);
      const recipient = await capsules.getAddress();
      const time = BigInt(await networkHelpers.time.latest()) + 100n;
      const expirationTime = time + 1_000n;
      await networkHelpers.time.setNextBlockTimestamp(time);
      const attesting = asEvaluator.attest(request({ recipient, expirationTime }));
      const uid = ethers.solidityPackedKeccak256(
        ["bytes32", "address", "address", "uint64", "uint64", "bool", "bytes32", "bytes", "uint32"],
        [SCHEMA_UID, recipient, evaluator.address, time, expirationTime, true, ethers.ZeroHash, dataOf(), 0n],
      );
      const times = [time, expirationTime, 0n];
      const accounts = [recipient, evaluator.address];
      const stored = [uid, SCHEMA_UID, ...times, ethers.ZeroHash, ...accounts, true, dataOf()];
      await expect(attesting)
        .to.emit(benchmarks, "Attested")
        .withArgs(recipient, evaluator.address, uid, SCHEMA_UID);
      await expect(attesting).to.emit(benchmarks, "BenchmarkAttested").withArgs(1n, 1n, DATASET, stored);
      expect(await benchmarks.getAttestation(uid)).to.deep.equal(stored);
    });

    it("when it refers to an attestation, stores the reference", async () => {
      const { benchmarks, asEvaluator, uid } = await networkHelpers.loadFixture(attestedFixture);
      const next = await asEvaluator.attest.staticCall(request({ refUID: uid }));
      expect(next).not.to.equal(uid);
      await asEvaluator.attest(request({ refUID: uid }));
      const logs = await benchmarks.queryFilter(benchmarks.filters.Attested);
      expect((await benchmarks.getAttestation(logs[1]?.args.uid ?? "")).refUID).to.equal(uid);
    });
  });

  describe("revoke", () => {
    it("when the schema is another or a value is stated, reverts", async () => {
      const { benchmarks, asEvaluator, uid } = await networkHelpers.loadFixture(attestedFixture);
      await expect(asEvaluator.revoke(revocation(uid, 0n, OTHER)))
        .to.be.revertedWithCustomError(benchmarks, "SchemaNonexistent")
        .withArgs(OTHER);
      await expect(asEvaluator.revoke(revocation(uid, 1n)))
        .to.be.revertedWithCustomError(benchmarks, "AttestationValueNotZero")
        .withArgs(1n);
    });

    it("when there is no such attestation, reverts", async () => {
      const { benchmarks, asEvaluator } = await networkHelpers.loadFixture(attestedFixture);
      await expect(asEvaluator.revoke(revocation(OTHER)))
        .to.be.revertedWithCustomError(benchmarks, "AttestationNonexistent")
        .withArgs(OTHER);
    });

    it("when the caller is not the attester, but the capsule's owner, reverts", async () => {
      const { benchmarks, creator, uid } = await networkHelpers.loadFixture(attestedFixture);
      await expect(benchmarks.connect(creator).revoke(revocation(uid)))
        .to.be.revertedWithCustomError(benchmarks, "CallerNotAttester")
        .withArgs(uid, creator.address);
    });

    it("when it is irrevocable, reverts", async () => {
      const { benchmarks, asEvaluator } = await networkHelpers.loadFixture(capsuleFixture);
      await asEvaluator.attest(request({ revocable: false }));
      const [log] = await benchmarks.queryFilter(benchmarks.filters.Attested);
      const uid = log?.args.uid ?? "";
      await expect(asEvaluator.revoke(revocation(uid)))
        .to.be.revertedWithCustomError(benchmarks, "AttestationIrrevocable")
        .withArgs(uid);
    });

    it("when the attester calls, stores the time and tells it, once", async () => {
      const { benchmarks, capsules, evaluator, asEvaluator, uid, time } =
        await networkHelpers.loadFixture(attestedFixture);
      await expect(asEvaluator.revoke(revocation(uid)))
        .to.emit(benchmarks, "Revoked")
        .withArgs(await capsules.getAddress(), evaluator.address, uid, SCHEMA_UID);
      const stored = await benchmarks.getAttestation(uid);
      expect(stored.revocationTime).to.equal(await networkHelpers.time.latest());
      expect(stored.time).to.equal(time);
      expect(stored.data).to.equal(dataOf());
      await expect(asEvaluator.revoke(revocation(uid)))
        .to.be.revertedWithCustomError(benchmarks, "AttestationRevoked")
        .withArgs(uid);
    });
  });

  describe("isBenchmarkValid", () => {
    it("when nonexistent, revoked or expired, is false, unlike isAttestationValid", async () => {
      const { benchmarks, asEvaluator, uid } = await networkHelpers.loadFixture(attestedFixture);
      expect(await benchmarks.isBenchmarkValid(OTHER)).to.equal(false);
      expect(await benchmarks.isAttestationValid(OTHER)).to.equal(false);
      expect(await benchmarks.isBenchmarkValid(uid)).to.equal(true);
      await asEvaluator.revoke(revocation(uid));
      const expirationTime = BigInt(await networkHelpers.time.latest()) + 100n;
      await asEvaluator.attest(request({ expirationTime }));
      const expiring = (await benchmarks.queryFilter(benchmarks.filters.Attested))[1]?.args.uid ?? "";
      await networkHelpers.time.increaseTo(expirationTime - 1n);
      expect(await benchmarks.isBenchmarkValid(expiring)).to.equal(true);
      await networkHelpers.time.increaseTo(expirationTime);
      for (const ended of [uid, expiring]) {
        expect(await benchmarks.isBenchmarkValid(ended)).to.equal(false);
        expect(await benchmarks.isAttestationValid(ended)).to.equal(true);
      }
    });
  });

  describe("getAttestation", () => {
    it("when there is none, is empty, as at EAS", async () => {
      const { benchmarks } = await networkHelpers.loadFixture(capsuleFixture);
      const { uid, attester, time, data } = await benchmarks.getAttestation(OTHER);
      expect([uid, attester, time, data]).to.deep.equal([ethers.ZeroHash, ethers.ZeroAddress, 0n, "0x"]);
    });
  });

  describe("the schema", () => {
    it("has the id of EAS' rule, and is registered here", async () => {
      const { benchmarks, capsules } = await networkHelpers.loadFixture(gridFixture);
      expect(await benchmarks.SCHEMA()).to.equal(SCHEMA);
      expect(await benchmarks.SCHEMA_UID()).to.equal(SCHEMA_UID);
      expect(await benchmarks.CAPSULES()).to.equal(await capsules.getAddress());
      expect(await benchmarks.getSchemaRegistry()).to.equal(await benchmarks.getAddress());
      expect(await benchmarks.getSchema(SCHEMA_UID)).to.deep.equal([
        SCHEMA_UID,
        ethers.ZeroAddress,
        true,
        SCHEMA,
      ]);
      expect(await benchmarks.getSchema(OTHER)).to.deep.equal([
        ethers.ZeroHash,
        ethers.ZeroAddress,
        false,
        "",
      ]);
    });
  });

  describe("a client of EAS", () => {
    it("knows every function and event by its selector and topic", () => {
      const eas = new Interface(EAS_ABI);
      const selectors = ["attest", "revoke", "getAttestation", "isAttestationValid"].map(
        (name) => eas.getFunction(name)?.selector,
      );
      // Of the contracts deployed by EAS.
      expect(selectors).to.deep.equal(["0xf17325e7", "0x46926267", "0xa3112a64", "0xe30bb563"]);
      const topics = ["Attested", "Revoked"].map((name) => eas.getEvent(name)?.topicHash);
      expect(topics).to.deep.equal([
        "0x8bf46bf4cfd674fa735a3d63ec1c9ad4153f033c290341f3a588b75685141b35",
        "0xf930a6e2523c9cc298691873087a740550b8fc85a0680830414c148ed927f615",
      ]);
    });

    it("attests, reads and revokes here", async () => {
      const { benchmarks, evaluator } = await networkHelpers.loadFixture(capsuleFixture);
      const eas = new ethers.Contract(await benchmarks.getAddress(), EAS_ABI, evaluator);
      await eas.getFunction("attest")(request());
      const [log] = await eas.queryFilter("Attested");
      const { uid } = (log as unknown as { args: { uid: string } }).args;
      const attestation = await eas.getFunction("getAttestation")(uid);
      expect([attestation.uid, attestation.attester, attestation.data]).to.deep.equal([
        uid,
        evaluator.address,
        dataOf(),
      ]);
      await eas.getFunction("revoke")(revocation(uid));
      expect(await eas.queryFilter("Revoked")).to.have.lengthOf(1);
      expect(await eas.getFunction("isAttestationValid")(uid)).to.equal(true);
      expect(await benchmarks.isBenchmarkValid(uid)).to.equal(false);
    });
  });
});
