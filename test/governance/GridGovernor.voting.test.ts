import { expect } from "chai";
import type { Signer } from "ethers";
import { ethers, networkHelpers } from "../grid.ts";
import {
  activeFixture,
  proposedFixture,
  State,
  Support,
  startedFixture,
  statesBitmap,
  succeededFixture,
  VOTES_START,
} from "./support.ts";

describe("GridGovernor, voting", () => {
  describe("castVote", () => {
    it("when voting is not yet open or over, reverts", async () => {
      const early = await networkHelpers.loadFixture(proposedFixture);
      await expectInactive(early, State.Pending);
      const late = await networkHelpers.loadFixture(succeededFixture);
      await expectInactive(late, State.Succeeded);
    });

    it("when the account has voted, reverts", async () => {
      const { governor, alice, proposal } = await networkHelpers.loadFixture(activeFixture);
      await governor.connect(alice).castVote(proposal.id, Support.For);
      await expect(governor.connect(alice).castVote(proposal.id, Support.Against))
        .to.be.revertedWithCustomError(governor, "GovernorAlreadyCastVote")
        .withArgs(alice.address);
    });

    it("when the support is not one of the three values, reverts", async () => {
      const { governor, alice, proposal } = await networkHelpers.loadFixture(activeFixture);
      await expect(governor.connect(alice).castVote(proposal.id, 3)).to.be.revertedWithCustomError(
        governor,
        "GovernorInvalidVoteType",
      );
    });

    it("when an account votes, its coins at the snapshot count", async () => {
      const { governor, coin, alice, bob, carol, proposal } = await networkHelpers.loadFixture(activeFixture);
      const [ofAlice, ofBob] = [await coin.balanceOf(alice), await coin.balanceOf(bob)];
      await coin.connect(alice).transfer(carol, 7n);
      await expect(governor.connect(alice).castVote(proposal.id, Support.For))
        .to.emit(governor, "VoteCast")
        .withArgs(alice.address, proposal.id, Support.For, ofAlice, "");
      await expect(governor.connect(bob).castVoteWithReason(proposal.id, Support.Against, "Too soon"))
        .to.emit(governor, "VoteCast")
        .withArgs(bob.address, proposal.id, Support.Against, ofBob, "Too soon");
      await expect(
        governor.connect(carol).castVoteWithReasonAndParams(proposal.id, Support.Abstain, "", "0x01"),
      )
        .to.emit(governor, "VoteCastWithParams")
        .withArgs(carol.address, proposal.id, Support.Abstain, 0n, "", "0x01");
      expect(await governor.proposalVotes(proposal.id)).to.deep.equal([ofBob, ofAlice, 0n]);
      expect(await governor.hasVoted(proposal.id, alice)).to.equal(true);
      expect(await governor.hasVoted(proposal.id, coin)).to.equal(false);
    });

    it("when coins are delegated, the delegate votes with them", async () => {
      const fixture = await networkHelpers.loadFixture(startedFixture);
      const { governor, coin, alice, bob } = fixture;
      await coin.connect(bob).delegate(alice);
      await networkHelpers.mine();
      const past = (await governor.clock()) - 1n;
      expect(await governor.getVotes(alice, past)).to.equal(VOTES_START - 1n);
      expect(await governor.getVotes(bob, past)).to.equal(0n);
    });

    it("when the sale votes, unsold coins do not count, and it cannot propose", async () => {
      const { governor, sale, proposal } = await networkHelpers.loadFixture(activeFixture);
      const snapshot = await governor.proposalSnapshot(proposal.id);
      expect(await governor.getVotes(sale, snapshot)).to.equal(0n);
      expect(await governor.getVotesWithParams(sale, snapshot, "0x01")).to.equal(0n);
      await expect(governor.connect(sale).castVote(proposal.id, Support.Against))
        .to.emit(governor, "VoteCast")
        .withArgs(sale.address, proposal.id, Support.Against, 0n, "");
      const [targets, values, payloads] = proposal.args;
      await expect(
        governor.connect(sale).propose(targets, values, payloads, "Sell more"),
      ).to.be.revertedWithCustomError(governor, "GovernorInsufficientProposerVotes");
    });
  });

  describe("castVoteBySig", () => {
    it("when another account or another vote was signed, reverts", async () => {
      const { governor, alice, bob, proposal } = await networkHelpers.loadFixture(activeFixture);
      const ballot = { proposalId: proposal.id, support: Support.For, voter: alice.address, nonce: 0n };
      const byBob = await signBallot(governor, bob, ballot);
      const against = await signBallot(governor, alice, { ...ballot, support: Support.Against });
      const later = await signBallot(governor, alice, { ...ballot, nonce: 1n });
      for (const signature of [byBob, against, later]) {
        await expect(governor.castVoteBySig(proposal.id, Support.For, alice, signature))
          .to.be.revertedWithCustomError(governor, "GovernorInvalidSignature")
          .withArgs(alice.address);
      }
    });

    it("when the voter signed, anyone can submit the vote, once", async () => {
      const { governor, coin, alice, stranger, proposal } = await networkHelpers.loadFixture(activeFixture);
      const ballot = { proposalId: proposal.id, support: Support.For, voter: alice.address, nonce: 0n };
      const signature = await signBallot(governor, alice, ballot);
      const bring = () =>
        governor.connect(stranger).castVoteBySig(proposal.id, Support.For, alice, signature);
      await expect(bring())
        .to.emit(governor, "VoteCast")
        .withArgs(alice.address, proposal.id, Support.For, await coin.balanceOf(alice), "");
      expect(await governor.nonces(alice)).to.equal(1n);
      await expect(bring()).to.be.revertedWithCustomError(governor, "GovernorInvalidSignature");
    });
  });

  describe("castVoteWithReasonAndParamsBySig", () => {
    it("when reason or params differ from the signed ones, reverts", async () => {
      const { governor, alice, proposal } = await networkHelpers.loadFixture(activeFixture);
      const ballot = extendedBallot(proposal.id, alice.address);
      const signature = await signBallot(governor, alice, ballot);
      for (const [reason, params] of [
        ["Never", "0x01"],
        ["Good", "0x02"],
      ] as const) {
        await expect(
          governor.castVoteWithReasonAndParamsBySig(proposal.id, 1, alice, reason, params, signature),
        )
          .to.be.revertedWithCustomError(governor, "GovernorInvalidSignature")
          .withArgs(alice.address);
      }
    });

    it("when everything is as signed, anyone can submit the vote", async () => {
      const { governor, coin, alice, stranger, proposal } = await networkHelpers.loadFixture(activeFixture);
      const signature = await signBallot(governor, alice, extendedBallot(proposal.id, alice.address));
      await expect(
        governor
          .connect(stranger)
          .castVoteWithReasonAndParamsBySig(proposal.id, 1, alice, "Good", "0x01", signature),
      )
        .to.emit(governor, "VoteCastWithParams")
        .withArgs(alice.address, proposal.id, Support.For, await coin.balanceOf(alice), "Good", "0x01");
    });
  });
});

type Proposed = Awaited<ReturnType<typeof proposedFixture>>;

async function expectInactive({ governor, alice, proposal }: Proposed, state: bigint) {
  await expect(governor.connect(alice).castVote(proposal.id, Support.For))
    .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
    .withArgs(proposal.id, state, statesBitmap(State.Active));
}

type Ballot = {
  proposalId: bigint;
  support: number;
  voter: string;
  nonce: bigint;
  reason?: string;
  params?: string;
};

function extendedBallot(proposalId: bigint, voter: string): Ballot {
  return { proposalId, support: Support.For, voter, nonce: 0n, reason: "Good", params: "0x01" };
}

/** Signs as a wallet does: OpenZeppelin's `Ballot`, or `ExtendedBallot` if there is a reason. */
async function signBallot(governor: Proposed["governor"], signer: Signer, ballot: Ballot) {
  const { chainId } = await ethers.provider.getNetwork();
  const domain = {
    name: "Benefit Grid Governor",
    version: "1",
    chainId,
    verifyingContract: await governor.getAddress(),
  };
  const fields = [
    { name: "proposalId", type: "uint256" },
    { name: "support", type: "uint8" },
    { name: "voter", type: "address" },
    { name: "nonce", type: "uint256" },
  ];
  const more = [
    { name: "reason", type: "string" },
    { name: "params", type: "bytes" },
  ];
  const types: Record<string, typeof fields> =
    ballot.reason === undefined ? { Ballot: fields } : { ExtendedBallot: [...fields, ...more] };
  return await signer.signTypedData(domain, types, ballot);
}
