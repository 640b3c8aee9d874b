import { expect } from "chai";
import { ethers, gridFixture, networkHelpers, Role, registration, share } from "../grid.ts";

const SALT = ethers.id("salt");
const CONTENT = registration().contentHash;

const coder = ethers.AbiCoder.defaultAbiCoder();

/** The creator committed to the content. A stranger then copies what the creator sends. */
async function committedFixture() {
  const grid = await networkHelpers.loadFixture(gridFixture);
  await grid.capsules.commit(await grid.capsules.commitmentOf(grid.creator, CONTENT, SALT));
  const committedAt = BigInt(await networkHelpers.time.latest());
  return { ...grid, committedAt };
}

describe("attack: stealing a registration", () => {
  it("when the first registration counts, the copy of a pending one is first", async () => {
    const { creator, stranger } = await networkHelpers.loadFixture(gridFixture);
    const twin = await ethers.deployContract("FirstComeRegistry");
    await twin.connect(stranger).register(CONTENT);
    await twin.connect(creator).register(CONTENT);
    expect(await twin.firstOwnerOf(CONTENT)).to.equal(stranger.address);
  });

  it("with CapsuleRegistry, the commitment of before is first", async () => {
    const { capsules, creator, stranger, committedAt } = await networkHelpers.loadFixture(committedFixture);
    await capsules.connect(stranger).register(stranger, registration());
    await capsules.connect(creator).register(creator, registration());
    await capsules.connect(creator).reveal(2n, 1n, SALT);
    expect(await capsules.firstRegistered(CONTENT)).to.deep.equal([2n, 1n, committedAt]);
  });

  it("when a commitment names no owner, the copy of a pending reveal takes its time", async () => {
    const { creator, stranger } = await networkHelpers.loadFixture(gridFixture);
    const twin = await ethers.deployContract("UnboundCommitments");
    await twin
      .connect(creator)
      .commit(ethers.keccak256(coder.encode(["bytes32", "bytes32"], [CONTENT, SALT])));
    await twin.connect(stranger).reveal(CONTENT, SALT);
    await twin.connect(creator).reveal(CONTENT, SALT);
    expect((await twin.firstOf(CONTENT)).owner).to.equal(stranger.address);
  });

  it("with CapsuleRegistry, the copy of a pending reveal has no commitment", async () => {
    const { capsules, creator, stranger, committedAt } = await networkHelpers.loadFixture(committedFixture);
    await capsules.connect(stranger).register(stranger, registration());
    await capsules.connect(creator).register(creator, registration());
    await expect(capsules.connect(stranger).reveal(1n, 1n, SALT))
      .to.be.revertedWithCustomError(capsules, "CommitmentNonexistent")
      .withArgs(await capsules.commitmentOf(stranger, CONTENT, SALT));
    await capsules.connect(creator).reveal(2n, 1n, SALT);
    expect(await capsules.firstRegistered(CONTENT)).to.deep.equal([2n, 1n, committedAt]);
  });

  it("when a stored commitment is refused, its copy makes the creator's transaction fail", async () => {
    const { creator, stranger } = await networkHelpers.loadFixture(gridFixture);
    const twin = await ethers.deployContract("SingleCommitments");
    await twin.connect(stranger).commit(SALT);
    await expect(twin.connect(creator).commit(SALT)).to.be.revertedWithCustomError(twin, "CommitmentExists");
  });

  it("with CapsuleRegistry, the copy of a pending commitment commits for the creator", async () => {
    const { capsules, creator, stranger } = await networkHelpers.loadFixture(gridFixture);
    const commitment = await capsules.commitmentOf(creator, CONTENT, SALT);
    await capsules.connect(stranger).commit(commitment);
    const time = BigInt(await networkHelpers.time.latest());
    await capsules.connect(creator).commit(commitment);
    await capsules.connect(creator).register(creator, registration());
    await capsules.connect(creator).reveal(1n, 1n, SALT);
    expect(await capsules.firstRegistered(CONTENT)).to.deep.equal([1n, 1n, time]);
  });

  it("when anyone reveals, the creator's time goes to a capsule with the copier's earners", async () => {
    const { capsules, creator, stranger } = await networkHelpers.loadFixture(gridFixture);
    const twin = await ethers.deployContract("RelayedReveals", [capsules]);
    const fields = [creator.address, CONTENT, SALT];
    const commitment = ethers.keccak256(coder.encode(["address", "bytes32", "bytes32"], fields));
    await twin.commit(commitment);
    const rows = [share(Role.Data, 1n, stranger)];
    await capsules.connect(stranger).register(creator, registration(rows));
    await capsules.register(creator, registration());
    await twin.connect(stranger).reveal(1n, 1n, SALT);
    await twin.connect(creator).reveal(2n, 1n, SALT);
    expect((await twin.firstOf(CONTENT)).capsuleId).to.equal(1n);
    expect((await capsules.sharesOf(1n, 1n))[0]?.account).to.equal(stranger.address);
  });

  it("with CapsuleRegistry, only the creator says which capsule a commitment is for", async () => {
    const { capsules, creator, stranger, committedAt } = await networkHelpers.loadFixture(committedFixture);
    const rows = [share(Role.Data, 1n, stranger)];
    await capsules.connect(stranger).register(creator, registration(rows));
    await capsules.register(creator, registration());
    await expect(capsules.connect(stranger).reveal(1n, 1n, SALT))
      .to.be.revertedWithCustomError(capsules, "CallerNotCapsuleOwner")
      .withArgs(1n, stranger.address);
    await capsules.connect(creator).reveal(2n, 1n, SALT);
    expect(await capsules.firstRegistered(CONTENT)).to.deep.equal([2n, 1n, committedAt]);
  });
});

describe("attack: a piece that was never in the manifest", () => {
  const [left, right] = ["one", "two"].map((text) => ethers.keccak256(ethers.toUtf8Bytes(text)));
  const pair = ethers.concat([left ?? "", right ?? ""].sort());

  it("when leaves are hashed once, an inner node passes for a piece", async () => {
    const twin = await ethers.deployContract("SingleHashManifest");
    const root = ethers.keccak256(pair);
    expect(await twin.inManifest(root, ethers.toUtf8Bytes("one"), [right ?? ""])).to.equal(true);
    expect(await twin.inManifest(root, pair, [])).to.equal(true);
  });

  it("with CapsuleRegistry, no piece has the hash of an inner node", async () => {
    const { capsules, creator } = await networkHelpers.loadFixture(gridFixture);
    await capsules.register(creator, registration());
    const pieces = ["one", "two"].map((path) => ({
      path,
      contentHash: ethers.id(path),
      size: 3n,
      capsuleId: 0n,
      version: 0n,
    }));
    const leaves = pieces.map((piece) => leafOf(piece)).sort();
    const root = ethers.keccak256(ethers.concat(leaves));
    await capsules.connect(creator).publishManifest(1n, 1n, root, "");
    for (const piece of pieces) {
      const proof = leaves.filter((leaf) => leaf !== leafOf(piece));
      expect(await capsules.inManifest(1n, 1n, piece, proof)).to.equal(true);
      // The bytes of the inner node as the fields of a piece, and the inner node itself as its hash.
      const forged = { ...piece, path: ethers.concat(leaves), contentHash: root };
      expect(await capsules.inManifest(1n, 1n, forged, [])).to.equal(false);
    }
  });

  function leafOf(piece: { path: string; contentHash: string; size: bigint }) {
    const values = [piece.path, piece.contentHash, piece.size, 0n, 0n];
    const encoded = coder.encode(["string", "bytes32", "uint64", "uint64", "uint32"], values);
    return ethers.keccak256(ethers.keccak256(encoded));
  }
});
