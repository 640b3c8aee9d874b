import { expect } from "chai";
import { ethers, gridFixture, networkHelpers, registration } from "../grid.ts";

const SALT = ethers.id("salt");
const CONTENT = registration().contentHash;
const HASH_2 = ethers.sha256("0x02");

/** The creator committed to the content and has no capsule yet. */
async function committedFixture() {
  const grid = await networkHelpers.loadFixture(gridFixture);
  const { capsules, creator } = grid;
  const commitment = await capsules.commitmentOf(creator, CONTENT, SALT);
  await capsules.commit(commitment);
  const committedAt = BigInt(await networkHelpers.time.latest());
  return { ...grid, asCreator: capsules.connect(creator), commitment, committedAt };
}

/** The creator's capsule is 2. A stranger registered the same content before, as capsule 1. */
async function copiedFixture() {
  const grid = await networkHelpers.loadFixture(committedFixture);
  await grid.capsules.connect(grid.stranger).register(grid.stranger, registration());
  const copiedAt = BigInt(await networkHelpers.time.latest());
  await grid.asCreator.register(grid.creator, registration());
  return { ...grid, copiedAt };
}

describe("CapsuleRegistry: first registrations", () => {
  describe("commit", () => {
    it("when new, stores its time and tells it", async () => {
      const { capsules } = await networkHelpers.loadFixture(gridFixture);
      const commitment = ethers.id("commitment");
      await expect(capsules.commit(commitment)).to.emit(capsules, "ContentCommitted").withArgs(commitment);
      const now = await networkHelpers.time.latest();
      expect(await capsules.committedAt(commitment)).to.equal(now);
      expect(await capsules.committedAt(ethers.id("another"))).to.equal(0n);
    });

    it("when repeated by anyone, keeps its first time and emits nothing", async () => {
      const { capsules, stranger, commitment, committedAt } =
        await networkHelpers.loadFixture(committedFixture);
      await networkHelpers.time.increase(100);
      expect(await capsules.commit.staticCall(commitment)).to.equal(committedAt);
      await expect(capsules.connect(stranger).commit(commitment)).not.to.emit(capsules, "ContentCommitted");
      expect(await capsules.committedAt(commitment)).to.equal(committedAt);
    });
  });

  describe("commitmentOf", () => {
    it("hashes chain, registry, owner, content and salt", async () => {
      const { capsules, creator } = await networkHelpers.loadFixture(gridFixture);
      const { chainId } = await ethers.provider.getNetwork();
      const encoded = ethers.AbiCoder.defaultAbiCoder().encode(
        ["uint256", "address", "address", "bytes32", "bytes32"],
        [chainId, await capsules.getAddress(), creator.address, CONTENT, SALT],
      );
      expect(await capsules.commitmentOf(creator, CONTENT, SALT)).to.equal(ethers.keccak256(encoded));
    });
  });

  describe("reveal", () => {
    it("when the caller is not the owner, reverts", async () => {
      const { capsules, stranger } = await networkHelpers.loadFixture(copiedFixture);
      await expect(capsules.connect(stranger).reveal(2n, 1n, SALT))
        .to.be.revertedWithCustomError(capsules, "CallerNotCapsuleOwner")
        .withArgs(2n, stranger.address);
    });

    it("when the version does not exist, reverts", async () => {
      const { capsules, asCreator } = await networkHelpers.loadFixture(copiedFixture);
      for (const version of [0n, 2n]) {
        await expect(asCreator.reveal(2n, version, SALT))
          .to.be.revertedWithCustomError(capsules, "VersionNonexistent")
          .withArgs(2n, version);
      }
    });

    it("when salt, content or owner is not the committed one, reverts", async () => {
      const { capsules, asCreator, creator, payee } = await networkHelpers.loadFixture(copiedFixture);
      await asCreator.publishVersion(2n, HASH_2, "");
      const cases = [
        [1n, ethers.id("another salt")],
        [2n, SALT],
      ] as const;
      for (const [version, salt] of cases) {
        const { contentHash } = await capsules.versionOf(2n, version);
        await expect(asCreator.reveal(2n, version, salt))
          .to.be.revertedWithCustomError(capsules, "CommitmentNonexistent")
          .withArgs(await capsules.commitmentOf(creator, contentHash, salt));
      }
      await asCreator.transferFrom(creator, payee, 2n);
      await expect(capsules.connect(payee).reveal(2n, 1n, SALT))
        .to.be.revertedWithCustomError(capsules, "CommitmentNonexistent")
        .withArgs(await capsules.commitmentOf(payee, CONTENT, SALT));
    });

    it("when the commitment came after the first registration, reverts", async () => {
      const { capsules, creator } = await networkHelpers.loadFixture(gridFixture);
      await capsules.register(creator, registration());
      const { time } = await capsules.firstRegistered(CONTENT);
      await capsules.commit(await capsules.commitmentOf(creator, CONTENT, SALT));
      const committedAt = await networkHelpers.time.latest();
      await expect(capsules.connect(creator).reveal(1n, 1n, SALT))
        .to.be.revertedWithCustomError(capsules, "CommitmentNotEarlier")
        .withArgs(CONTENT, committedAt, time);
    });

    it("when the times are equal, the one recorded first stays", async () => {
      const { capsules, creator, stranger } = await networkHelpers.loadFixture(gridFixture);
      const commitments = await Promise.all(
        [creator, stranger].map((account) => capsules.commitmentOf(account, CONTENT, SALT)),
      );
      await ethers.provider.send("evm_setAutomine", [false]);
      for (const commitment of commitments) await capsules.commit(commitment);
      await networkHelpers.mine();
      await ethers.provider.send("evm_setAutomine", [true]);
      const time = await networkHelpers.time.latest();
      for (const account of [creator, stranger]) await capsules.register(account, registration());
      await capsules.connect(stranger).reveal(2n, 1n, SALT);
      await expect(capsules.connect(creator).reveal(1n, 1n, SALT))
        .to.be.revertedWithCustomError(capsules, "CommitmentNotEarlier")
        .withArgs(CONTENT, time, time);
      expect(await capsules.firstRegistered(CONTENT)).to.deep.equal([2n, 1n, BigInt(time)]);
    });

    it("when repeated, for the same or another capsule of the owner, reverts", async () => {
      const { capsules, asCreator, creator, committedAt } = await networkHelpers.loadFixture(copiedFixture);
      await asCreator.register(creator, registration());
      await asCreator.reveal(2n, 1n, SALT);
      for (const capsuleId of [2n, 3n]) {
        await expect(asCreator.reveal(capsuleId, 1n, SALT))
          .to.be.revertedWithCustomError(capsules, "CommitmentNotEarlier")
          .withArgs(CONTENT, committedAt, committedAt);
      }
    });

    it("when earlier, makes the owner's version the first and tells it", async () => {
      const { capsules, asCreator, commitment, committedAt, copiedAt } =
        await networkHelpers.loadFixture(copiedFixture);
      expect(await capsules.firstRegistered(CONTENT)).to.deep.equal([1n, 1n, copiedAt]);
      await expect(asCreator.reveal(2n, 1n, SALT))
        .to.emit(capsules, "ContentRevealed")
        .withArgs(CONTENT, 2n, 1n, commitment, committedAt);
      expect(await capsules.firstRegistered(CONTENT)).to.deep.equal([2n, 1n, committedAt]);
    });

    it("when of a later version, names this version", async () => {
      const { capsules, asCreator, creator } = await networkHelpers.loadFixture(copiedFixture);
      await capsules.commit(await capsules.commitmentOf(creator, HASH_2, SALT));
      const time = BigInt(await networkHelpers.time.latest());
      await asCreator.publishVersion(2n, HASH_2, "");
      await asCreator.reveal(2n, 2n, SALT);
      expect(await capsules.firstRegistered(HASH_2)).to.deep.equal([2n, 2n, time]);
    });

    it("when another owner reveals an even earlier commitment, replaces the first again", async () => {
      const { capsules, creator, stranger } = await networkHelpers.loadFixture(gridFixture);
      const times: bigint[] = [];
      for (const account of [stranger, creator]) {
        await capsules.commit(await capsules.commitmentOf(account, CONTENT, SALT));
        times.push(BigInt(await networkHelpers.time.latest()));
      }
      for (const account of [creator, stranger]) await capsules.register(account, registration());
      await capsules.connect(creator).reveal(1n, 1n, SALT);
      expect(await capsules.firstRegistered(CONTENT)).to.deep.equal([1n, 1n, times[1]]);
      await capsules.connect(stranger).reveal(2n, 1n, SALT);
      expect(await capsules.firstRegistered(CONTENT)).to.deep.equal([2n, 1n, times[0]]);
    });
  });

  describe("firstRegistered", () => {
    it("when no version has the content, even if it is committed, reverts", async () => {
      const { capsules } = await networkHelpers.loadFixture(committedFixture);
      await expect(capsules.firstRegistered(CONTENT))
        .to.be.revertedWithCustomError(capsules, "ContentUnregistered")
        .withArgs(CONTENT);
    });

    it("without a reveal, is the first publication with its time, whatever follows", async () => {
      const { capsules, creator, payee, stranger } = await networkHelpers.loadFixture(gridFixture);
      await capsules.register(creator, { ...registration(), contentHash: HASH_2 });
      await capsules.connect(creator).publishVersion(1n, CONTENT, "");
      const time = BigInt(await networkHelpers.time.latest());
      await capsules.connect(creator).publishVersion(1n, CONTENT, "");
      await capsules.register(stranger, registration());
      await capsules.connect(creator).transferFrom(creator, payee, 1n);
      expect(await capsules.firstRegistered(CONTENT)).to.deep.equal([1n, 2n, time]);
    });

    it("when the first capsule is transferred after the reveal, stays with the capsule", async () => {
      const { capsules, asCreator, creator, payee, committedAt } =
        await networkHelpers.loadFixture(copiedFixture);
      await asCreator.reveal(2n, 1n, SALT);
      await asCreator.transferFrom(creator, payee, 2n);
      expect(await capsules.firstRegistered(CONTENT)).to.deep.equal([2n, 1n, committedAt]);
    });
  });
});
