import { expect } from "chai";
import { ethers, gridFixture, networkHelpers, registration } from "../grid.ts";

const FIELDS = ["uint64", "uint32", "bytes32", "string", "uint256", "uint8"];

/** Capsule 1 with a competitor `stranger` and an evaluator `application`. */
async function capsuleFixture() {
  const grid = await networkHelpers.loadFixture(gridFixture);
  await grid.capsules.register(grid.creator, registration());
  const values = (version: bigint) => [1n, version, ethers.id("dataset"), "accuracy", 88n, 2n];
  const schema = await grid.benchmarks.SCHEMA_UID();
  const request = (version: bigint) => ({
    schema,
    data: {
      recipient: ethers.ZeroAddress,
      expirationTime: 0n,
      revocable: true,
      refUID: ethers.ZeroHash,
      data: ethers.AbiCoder.defaultAbiCoder().encode(FIELDS, values(version)),
      value: 0n,
    },
  });
  return { ...grid, schema, request };
}

describe("attack: another's benchmark", () => {
  it("when anyone revokes, a competitor removes a good score", async () => {
    const { application, stranger } = await networkHelpers.loadFixture(gridFixture);
    const twin = await ethers.deployContract("OpenScores");
    const uid = await twin.connect(application).attest.staticCall(1n, 1n, 88n);
    await twin.connect(application).attest(1n, 1n, 88n);
    await twin.connect(stranger).revoke(uid);
    expect(await twin.isValid(uid)).to.equal(false);
  });

  it("with BenchmarkAttestations, only the evaluator revokes", async () => {
    const { benchmarks, application, stranger, schema, request } =
      await networkHelpers.loadFixture(capsuleFixture);
    await benchmarks.connect(application).attest(request(1n));
    const [log] = await benchmarks.queryFilter(benchmarks.filters.Attested);
    const uid = log?.args.uid ?? "";
    await expect(benchmarks.connect(stranger).revoke({ schema, data: { uid, value: 0n } }))
      .to.be.revertedWithCustomError(benchmarks, "CallerNotAttester")
      .withArgs(uid, stranger.address);
    expect(await benchmarks.isBenchmarkValid(uid)).to.equal(true);
  });

  it("when a version need not exist, a score stands before anybody could measure it", async () => {
    const twin = await ethers.deployContract("OpenScores");
    const uid = await twin.attest.staticCall(1n, 2n, 100n);
    await twin.attest(1n, 2n, 100n);
    expect(await twin.isValid(uid)).to.equal(true);
  });

  it("with BenchmarkAttestations, a future version has no scores", async () => {
    const { benchmarks, capsules, request } = await networkHelpers.loadFixture(capsuleFixture);
    await expect(benchmarks.attest(request(2n)))
      .to.be.revertedWithCustomError(capsules, "VersionNonexistent")
      .withArgs(1n, 2n);
  });
});
