import { expect } from "chai";
import { ethers, networkHelpers } from "../grid.ts";
import {
  contentHash,
  EVIDENCE,
  HASH,
  Phase,
  packWeights,
  reveal,
  SALT,
  seatsFixture,
  URI,
  weightsHash,
} from "./support.ts";

const WEIGHTS = packWeights([1, 2, 65_535]);
const CONTENT = ethers.id("content");

describe("SubnetHub weights", () => {
  describe("commitWeights", () => {
    it("when it is the last phase, reverts", async () => {
      const { hub, validators, goTo } = await networkHelpers.loadFixture(seatsFixture);
      await goTo(2n, Phase.Reveal);
      await expect(hub.connect(validators[0]).commitWeights(1, HASH))
        .to.be.revertedWithCustomError(hub, "WeightsCommitLate")
        .withArgs(1, 2);
    });

    it("when the caller is not a validator, reverts", async () => {
      const { hub, validators } = await networkHelpers.loadFixture(seatsFixture);
      await expect(hub.connect(validators[3]).commitWeights(1, HASH))
        .to.be.revertedWithCustomError(hub, "ValidatorNotRegistered")
        .withArgs(1, validators[3].address);
    });

    it("when the commitment is zero, reverts", async () => {
      const { hub, validators } = await networkHelpers.loadFixture(seatsFixture);
      await expect(
        hub.connect(validators[0]).commitWeights(1, ethers.ZeroHash),
      ).to.be.revertedWithCustomError(hub, "CommitmentZero");
    });

    it("when committed again, in the first three phases, replaces the earlier commitment", async () => {
      const { hub, validators, goTo } = await networkHelpers.loadFixture(seatsFixture);
      const validator = validators[0];
      for (const phase of [Phase.Task, Phase.Answer, Phase.Score]) {
        await goTo(2n, phase);
        const hash = ethers.id(`commitment ${phase}`);
        await expect(hub.connect(validator).commitWeights(1, hash))
          .to.emit(hub, "WeightsCommitted")
          .withArgs(1, 2, validator.address, hash);
        expect(await hub.commitmentOf(1, validator)).to.equal(hash);
      }
    });
  });

  describe("revealWeights", () => {
    it("when it is not the last phase, reverts", async () => {
      const { hub, validators, goTo } = await networkHelpers.loadFixture(seatsFixture);
      for (const phase of [Phase.Task, Phase.Answer, Phase.Score]) {
        await goTo(2n, phase);
        await expect(reveal(hub, validators[0], WEIGHTS))
          .to.be.revertedWithCustomError(hub, "SubnetPhaseMismatch")
          .withArgs(1, Phase.Reveal, phase);
      }
    });

    it("when the caller is not a validator, reverts", async () => {
      const { hub, validators, goTo } = await networkHelpers.loadFixture(seatsFixture);
      await goTo(2n, Phase.Reveal);
      await expect(reveal(hub, validators[3], WEIGHTS))
        .to.be.revertedWithCustomError(hub, "ValidatorNotRegistered")
        .withArgs(1, validators[3].address);
    });

    it("when weights are half or too many, reverts", async () => {
      const { hub, validators, goTo } = await networkHelpers.loadFixture(seatsFixture);
      await goTo(2n, Phase.Reveal);
      for (const length of [1, 7, 8]) {
        await expect(reveal(hub, validators[0], `0x${"00".repeat(length)}`))
          .to.be.revertedWithCustomError(hub, "WeightsLengthInvalid")
          .withArgs(length, 6);
      }
    });

    it("when anything differs from the commitment, or another account copied it, reverts", async () => {
      const { hub, validators, goTo } = await networkHelpers.loadFixture(seatsFixture);
      const [validator, copier] = validators;
      const hash = await weightsHash({ hub, validator, weights: WEIGHTS, epoch: 2n });
      await hub.connect(validator).commitWeights(1, hash);
      await hub.connect(copier).commitWeights(1, hash);
      await goTo(2n, Phase.Reveal);
      const other = packWeights([2, 2, 65_535]);
      const call = hub.connect(validator);
      for (const revealed of [
        () => call.revealWeights(1, other, EVIDENCE, URI, SALT),
        () => call.revealWeights(1, WEIGHTS, HASH, URI, SALT),
        () => call.revealWeights(1, WEIGHTS, EVIDENCE, "", SALT),
        () => call.revealWeights(1, WEIGHTS, EVIDENCE, URI, HASH),
      ]) {
        await expect(revealed()).to.be.revertedWithCustomError(hub, "WeightsCommitmentMismatch");
      }
      await expect(reveal(hub, copier, WEIGHTS))
        .to.be.revertedWithCustomError(hub, "WeightsCommitmentMismatch")
        .withArgs(
          1,
          copier.address,
          hash,
          await weightsHash({ hub, validator: copier, weights: WEIGHTS, epoch: 2n }),
        );
    });

    it("when the commitment is of an earlier epoch, reverts", async () => {
      const { hub, validators, goTo } = await networkHelpers.loadFixture(seatsFixture);
      const validator = validators[0];
      const hash = await weightsHash({ hub, validator, weights: WEIGHTS, epoch: 2n });
      await hub.connect(validator).commitWeights(1, hash);
      await goTo(3n, Phase.Reveal);
      await expect(reveal(hub, validator, WEIGHTS))
        .to.be.revertedWithCustomError(hub, "WeightsCommitmentMismatch")
        .withArgs(
          1,
          validator.address,
          hash,
          await weightsHash({ hub, validator, weights: WEIGHTS, epoch: 3n }),
        );
    });

    it("when they are the committed ones, makes the epoch pending, once", async () => {
      const { hub, validators, goTo } = await networkHelpers.loadFixture(seatsFixture);
      const validator = validators[0];
      const hash = await weightsHash({ hub, validator, weights: WEIGHTS, epoch: 2n });
      await hub.connect(validator).commitWeights(1, hash);
      await goTo(2n, Phase.Reveal);
      await expect(reveal(hub, validator, WEIGHTS))
        .to.emit(hub, "WeightsRevealed")
        .withArgs(1, 2, validator.address, 0, WEIGHTS, EVIDENCE, URI);
      expect((await hub.subnetOf(1)).pendingEpoch).to.equal(2n);
      expect((await hub.validatorsOf(1))[0]?.revealedAt).to.equal(2n);
      await expect(reveal(hub, validator, WEIGHTS))
        .to.be.revertedWithCustomError(hub, "WeightsCommitmentMismatch")
        .withArgs(1, validator.address, ethers.ZeroHash, hash);
    });
  });
});

describe("SubnetHub rounds", () => {
  describe("commitTestSet", () => {
    it("when it is not the first phase, reverts", async () => {
      const { hub, validators, goTo } = await networkHelpers.loadFixture(seatsFixture);
      await goTo(2n, Phase.Answer);
      await expect(hub.connect(validators[0]).commitTestSet(1, HASH, 1, 1))
        .to.be.revertedWithCustomError(hub, "SubnetPhaseMismatch")
        .withArgs(1, Phase.Task, Phase.Answer);
    });

    it("when the caller is not a validator, or the hash is zero, reverts", async () => {
      const { hub, validators, miners } = await networkHelpers.loadFixture(seatsFixture);
      await expect(hub.connect(miners[0]).commitTestSet(1, HASH, 1, 1))
        .to.be.revertedWithCustomError(hub, "ValidatorNotRegistered")
        .withArgs(1, miners[0].address);
      await expect(
        hub.connect(validators[0]).commitTestSet(1, ethers.ZeroHash, 1, 1),
      ).to.be.revertedWithCustomError(hub, "CommitmentZero");
    });

    it("when a validator commits, names the dataset", async () => {
      const { hub, validators } = await networkHelpers.loadFixture(seatsFixture);
      await expect(hub.connect(validators[0]).commitTestSet(1, HASH, 9, 3))
        .to.emit(hub, "TestSetCommitted")
        .withArgs(1, 2, validators[0].address, HASH, 9, 3);
      expect(await hub.testSetOf(1, validators[0])).to.equal(HASH);
    });
  });

  describe("commitAnswer", () => {
    it("when it is not the second phase, reverts", async () => {
      const { hub, miners } = await networkHelpers.loadFixture(seatsFixture);
      await expect(hub.connect(miners[0]).commitAnswer(1, HASH))
        .to.be.revertedWithCustomError(hub, "SubnetPhaseMismatch")
        .withArgs(1, Phase.Answer, Phase.Task);
    });

    it("when the caller is not a miner, or the hash is zero, reverts", async () => {
      const { hub, validators, miners, goTo } = await networkHelpers.loadFixture(seatsFixture);
      await goTo(2n, Phase.Answer);
      await expect(hub.connect(validators[0]).commitAnswer(1, HASH))
        .to.be.revertedWithCustomError(hub, "MinerNotRegistered")
        .withArgs(1, validators[0].address);
      await expect(hub.connect(miners[0]).commitAnswer(1, ethers.ZeroHash)).to.be.revertedWithCustomError(
        hub,
        "CommitmentZero",
      );
    });

    it("when a miner commits, the last one counts", async () => {
      const { hub, miners, goTo } = await networkHelpers.loadFixture(seatsFixture);
      await goTo(2n, Phase.Answer);
      await hub.connect(miners[0]).commitAnswer(1, ethers.id("first"));
      await expect(hub.connect(miners[0]).commitAnswer(1, HASH))
        .to.emit(hub, "AnswerCommitted")
        .withArgs(1, 2, miners[0].address, HASH);
      expect(await hub.answerOf(1, miners[0])).to.equal(HASH);
    });
  });

  describe("revealTestSet and revealAnswer", () => {
    it("when it is not the third phase, revert", async () => {
      const { hub, validators, miners } = await networkHelpers.loadFixture(seatsFixture);
      for (const call of [
        () => hub.connect(validators[0]).revealTestSet(1, CONTENT, URI, SALT),
        () => hub.connect(miners[0]).revealAnswer(1, CONTENT, URI, SALT),
      ]) {
        await expect(call())
          .to.be.revertedWithCustomError(hub, "SubnetPhaseMismatch")
          .withArgs(1, Phase.Score, Phase.Task);
      }
    });

    it("when content, account or epoch differ from the commitment, revert", async () => {
      const { hub, validators, miners, goTo } = await networkHelpers.loadFixture(seatsFixture);
      const [testSet, answer] = [
        await contentHash(hub, validators[0], 2n, CONTENT),
        await contentHash(hub, miners[0], 2n, CONTENT),
      ];
      await hub.connect(validators[0]).commitTestSet(1, testSet, 0, 0);
      await goTo(2n, Phase.Answer);
      await hub.connect(miners[0]).commitAnswer(1, answer);
      await hub.connect(miners[1]).commitAnswer(1, answer);
      await goTo(2n, Phase.Score);
      await expect(hub.connect(validators[0]).revealTestSet(1, HASH, URI, SALT))
        .to.be.revertedWithCustomError(hub, "TestSetMismatch")
        .withArgs(1, validators[0].address, testSet, await contentHash(hub, validators[0], 2n, HASH));
      await expect(hub.connect(miners[1]).revealAnswer(1, CONTENT, URI, SALT))
        .to.be.revertedWithCustomError(hub, "AnswerMismatch")
        .withArgs(1, miners[1].address, answer, await contentHash(hub, miners[1], 2n, CONTENT));
      await goTo(3n, Phase.Score);
      await expect(hub.connect(miners[0]).revealAnswer(1, CONTENT, URI, SALT))
        .to.be.revertedWithCustomError(hub, "AnswerMismatch")
        .withArgs(1, miners[0].address, answer, await contentHash(hub, miners[0], 3n, CONTENT));
    });

    it("when they are the committed ones, publish content and place, once", async () => {
      const { hub, validators, miners, goTo } = await networkHelpers.loadFixture(seatsFixture);
      const [validator, miner] = [hub.connect(validators[0]), hub.connect(miners[0])];
      await validator.commitTestSet(1, await contentHash(hub, validators[0], 2n, CONTENT), 0, 0);
      await goTo(2n, Phase.Answer);
      await miner.commitAnswer(1, await contentHash(hub, miners[0], 2n, HASH));
      await goTo(2n, Phase.Score);
      await expect(validator.revealTestSet(1, CONTENT, URI, SALT))
        .to.emit(hub, "TestSetRevealed")
        .withArgs(1, 2, validators[0].address, CONTENT, URI);
      await expect(miner.revealAnswer(1, HASH, "ipfs://answer", SALT))
        .to.emit(hub, "AnswerRevealed")
        .withArgs(1, 2, miners[0].address, HASH, "ipfs://answer");
      await expect(miner.revealAnswer(1, HASH, "ipfs://other", SALT)).to.be.revertedWithCustomError(
        hub,
        "AnswerMismatch",
      );
      expect(await hub.testSetOf(1, validators[0])).to.equal(ethers.ZeroHash);
    });
  });
});
