import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import { DAY, ethers, networkHelpers } from "../grid.ts";
import {
  activeFixture,
  admission,
  DELAY,
  operationIdOf,
  proposalOf,
  proposedFixture,
  QUORUM_FLOOR,
  queuedFixture,
  SETTINGS,
  State,
  Support,
  startedFixture,
  statesBitmap,
  succeededFixture,
  timelockSalt,
  VOTES_START,
} from "./support.ts";

const GRACE = 14n * DAY;

describe("GridGovernor, life of a proposal", () => {
  describe("propose", () => {
    it("when the description names another proposer, reverts", async () => {
      const fixture = await networkHelpers.loadFixture(startedFixture);
      const { governor, alice, bob } = fixture;
      const { args } = await admission(fixture, `Admit #proposer=${bob.address}`);
      await expect(governor.connect(alice).propose(...args))
        .to.be.revertedWithCustomError(governor, "GovernorRestrictedProposer")
        .withArgs(alice.address);
    });

    it("when the proposer lacked votes a second ago, reverts", async () => {
      const fixture = await networkHelpers.loadFixture(startedFixture);
      const { governor, carol } = fixture;
      await expect(governor.connect(carol).propose(...(await admission(fixture)).args))
        .to.be.revertedWithCustomError(governor, "GovernorInsufficientProposerVotes")
        .withArgs(carol.address, 0n, SETTINGS.proposalThreshold);
    });

    it("when lists are empty or of different lengths, reverts", async () => {
      const { governor, alice, terms } = await networkHelpers.loadFixture(startedFixture);
      const own = governor.connect(alice);
      await expect(own.propose([], [], [], ""))
        .to.be.revertedWithCustomError(governor, "GovernorInvalidProposalLength")
        .withArgs(0n, 0n, 0n);
      await expect(own.propose([terms], [0n, 0n], ["0x"], ""))
        .to.be.revertedWithCustomError(governor, "GovernorInvalidProposalLength")
        .withArgs(1n, 1n, 2n);
    });

    it("when the proposal already exists, reverts", async () => {
      const { governor, bob, proposal } = await networkHelpers.loadFixture(proposedFixture);
      await expect(governor.connect(bob).propose(...proposal.args))
        .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
        .withArgs(proposal.id, State.Pending, ethers.ZeroHash);
    });

    it("when the proposer has votes, emits the calls and the voting times", async () => {
      const fixture = await networkHelpers.loadFixture(startedFixture);
      const { governor, alice } = fixture;
      const { args, key, id, description } = await admission(fixture);
      const at = BigInt(await networkHelpers.time.latest()) + 10n;
      const [start, end] = [at + SETTINGS.votingDelay, at + SETTINGS.votingDelay + SETTINGS.votingPeriod];
      await networkHelpers.time.setNextBlockTimestamp(at);
      await expect(governor.connect(alice).propose(...args))
        .to.emit(governor, "ProposalCreated")
        .withArgs(id, alice.address, key[0], key[1], [""], key[2], start, end, description);
      expect(await governor.hashProposal(...key)).to.equal(id);
      expect(await governor.getProposalId(...key)).to.equal(id);
      expect(await governor.proposalProposer(id)).to.equal(alice.address);
      expect(await governor.proposalSnapshot(id)).to.equal(start);
      expect(await governor.proposalDeadline(id)).to.equal(end);
      expect(await governor.proposalEta(id)).to.equal(0n);
      expect(await governor.proposalNeedsQueuing(id)).to.equal(true);
    });
  });

  describe("state", () => {
    it("when the proposal does not exist, reverts", async () => {
      const { governor } = await networkHelpers.loadFixture(startedFixture);
      await expect(governor.state(7n))
        .to.be.revertedWithCustomError(governor, "GovernorNonexistentProposal")
        .withArgs(7n);
    });

    it("when time passes without votes, is pending, active from after the snapshot, then defeated", async () => {
      const { governor, proposal } = await networkHelpers.loadFixture(proposedFixture);
      const stateAt = async (second: bigint) => {
        await networkHelpers.time.increaseTo(second);
        return await governor.state(proposal.id);
      };
      const start = await governor.proposalSnapshot(proposal.id);
      const end = await governor.proposalDeadline(proposal.id);
      expect(await stateAt(start)).to.equal(State.Pending);
      expect(await stateAt(start + 1n)).to.equal(State.Active);
      expect(await stateAt(end)).to.equal(State.Active);
      expect(await stateAt(end + 1n)).to.equal(State.Defeated);
    });

    it("when votes against equal votes for, is defeated", async () => {
      const fixture = await networkHelpers.loadFixture(proposedFixture);
      const { governor, proposal, coin, alice, bob } = fixture;
      const surplus = (await coin.balanceOf(alice)) - (await coin.balanceOf(bob));
      await coin.mint(bob, surplus);
      expect(await voted(fixture, [Support.For, Support.Against])).to.equal(State.Defeated);
      expect(await governor.proposalVotes(proposal.id)).to.deep.equal([
        await coin.balanceOf(bob),
        await coin.balanceOf(alice),
        0n,
      ]);
    });

    it("when one vote tips the scales, succeeds", async () => {
      const fixture = await networkHelpers.loadFixture(proposedFixture);
      const { coin, alice, bob } = fixture;
      const surplus = (await coin.balanceOf(alice)) - (await coin.balanceOf(bob));
      await coin.mint(bob, surplus - 1n);
      expect(await voted(fixture, [Support.For, Support.Against])).to.equal(State.Succeeded);
    });

    it("when only votes against would complete the quorum, is defeated", async () => {
      const fixture = await networkHelpers.loadFixture(proposedFixture);
      const { coin, alice, stranger } = fixture;
      await coin.connect(alice).transfer(stranger, (2n * VOTES_START) / 5n);
      expect(await voted(fixture, [Support.Against, Support.For])).to.equal(State.Defeated);
      const { againstVotes, forVotes } = await fixture.governor.proposalVotes(fixture.proposal.id);
      expect(forVotes > againstVotes && forVotes < QUORUM_FLOOR).to.equal(true);
      expect(forVotes + againstVotes > QUORUM_FLOOR).to.equal(true);
    });

    it("when abstentions complete the quorum, succeeds", async () => {
      const fixture = await networkHelpers.loadFixture(proposedFixture);
      expect(await voted(fixture, [Support.Abstain, Support.For])).to.equal(State.Succeeded);
    });
  });

  describe("queue", () => {
    it("when the proposal has not succeeded, reverts", async () => {
      const { governor, proposal } = await networkHelpers.loadFixture(activeFixture);
      await expect(governor.queue(...proposal.key))
        .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
        .withArgs(proposal.id, State.Active, statesBitmap(State.Succeeded));
    });

    it("when it succeeded, anyone can queue it with the timelock's delay", async () => {
      const fixture = await networkHelpers.loadFixture(succeededFixture);
      const { governor, timelock, stranger, proposal } = fixture;
      const at = BigInt(await networkHelpers.time.latest()) + 10n;
      await networkHelpers.time.setNextBlockTimestamp(at);
      const id = await operationIdOf(fixture, proposal.key);
      const queued = governor.connect(stranger).queue(...proposal.key);
      await expect(queued)
        .to.emit(governor, "ProposalQueued")
        .withArgs(proposal.id, at + DELAY);
      await expect(queued)
        .to.emit(timelock, "CallScheduled")
        .withArgs(id, 0n, proposal.key[0][0], 0n, proposal.key[2][0], ethers.ZeroHash, DELAY);
      expect(await governor.state(proposal.id)).to.equal(State.Queued);
      expect(await governor.proposalEta(proposal.id)).to.equal(at + DELAY);
    });
  });

  describe("expiry of a passed proposal", () => {
    it("when queued in the last second of 14 days after voting, succeeds", async () => {
      const { governor, proposal } = await networkHelpers.loadFixture(succeededFixture);
      const last = (await governor.proposalDeadline(proposal.id)) + GRACE;
      await networkHelpers.time.increaseTo(last - 1n);
      expect(await governor.state(proposal.id)).to.equal(State.Succeeded);
      await networkHelpers.time.setNextBlockTimestamp(last);
      await expect(governor.queue(...proposal.key)).to.emit(governor, "ProposalQueued");
      expect(await governor.state(proposal.id)).to.equal(State.Queued);
    });

    it("when a second more has passed, is expired, and nobody can queue or propose it again", async () => {
      const { governor, alice, proposal } = await networkHelpers.loadFixture(succeededFixture);
      await networkHelpers.time.increaseTo((await governor.proposalDeadline(proposal.id)) + GRACE + 1n);
      expect(await governor.state(proposal.id)).to.equal(State.Expired);
      await expect(governor.queue(...proposal.key))
        .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
        .withArgs(proposal.id, State.Expired, statesBitmap(State.Succeeded));
      await expect(governor.connect(alice).propose(...proposal.args))
        .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
        .withArgs(proposal.id, State.Expired, ethers.ZeroHash);
    });
  });

  describe("execute", () => {
    it("when the proposal has not succeeded, reverts", async () => {
      const { governor, proposal } = await networkHelpers.loadFixture(activeFixture);
      await expect(governor.execute(...proposal.key))
        .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
        .withArgs(proposal.id, State.Active, statesBitmap(State.Queued));
    });

    it("when one second of the delay remains, reverts", async () => {
      const fixture = await networkHelpers.loadFixture(queuedFixture);
      const { governor, timelock, proposal } = fixture;
      await networkHelpers.time.setNextBlockTimestamp((await governor.proposalEta(proposal.id)) - 1n);
      await expect(governor.execute(...proposal.key))
        .to.be.revertedWithCustomError(timelock, "TimelockUnexpectedOperationState")
        .withArgs(await operationIdOf(fixture, proposal.key), statesBitmap(2n));
    });

    it("when the delay is over, anyone can execute it, once", async () => {
      const { governor, terms, coin, stranger, proposal } = await networkHelpers.loadFixture(queuedFixture);
      await networkHelpers.time.setNextBlockTimestamp(await governor.proposalEta(proposal.id));
      const executed = governor.connect(stranger).execute(...proposal.key);
      await expect(executed).to.emit(governor, "ProposalExecuted").withArgs(proposal.id);
      await expect(executed)
        .to.emit(terms, "LedgerAdmitted")
        .withArgs(await coin.getAddress());
      expect(await governor.state(proposal.id)).to.equal(State.Executed);
      await expect(governor.execute(...proposal.key))
        .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
        .withArgs(proposal.id, State.Executed, statesBitmap(State.Queued));
    });

    it("when executed directly at the timelock, the governor's state is Executed", async () => {
      const fixture = await networkHelpers.loadFixture(queuedFixture);
      const { governor, timelock, stranger, proposal } = fixture;
      await networkHelpers.time.increase(DELAY);
      const [targets, values, payloads, hash] = proposal.key;
      const salt = await timelockSalt(fixture, hash);
      await timelock.connect(stranger).executeBatch(targets, values, payloads, ethers.ZeroHash, salt);
      expect(await governor.state(proposal.id)).to.equal(State.Executed);
    });

    it("when executed in the last second of 14 days after the delay, succeeds", async () => {
      const { governor, terms, proposal } = await networkHelpers.loadFixture(queuedFixture);
      const last = (await governor.proposalEta(proposal.id)) + GRACE;
      await networkHelpers.time.increaseTo(last - 1n);
      expect(await governor.state(proposal.id)).to.equal(State.Queued);
      await networkHelpers.time.setNextBlockTimestamp(last);
      await expect(governor.execute(...proposal.key)).to.emit(terms, "LedgerAdmitted");
    });

    it("when a second more has passed, is expired: neither governor nor timelock executes it", async () => {
      const fixture = await networkHelpers.loadFixture(queuedFixture);
      const { governor, timelock, proposal } = fixture;
      await networkHelpers.time.increaseTo((await governor.proposalEta(proposal.id)) + GRACE + 1n);
      expect(await governor.state(proposal.id)).to.equal(State.Expired);
      await expect(governor.execute(...proposal.key))
        .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
        .withArgs(proposal.id, State.Expired, statesBitmap(State.Queued));
      const [targets, values, payloads, hash] = proposal.key;
      const salt = await timelockSalt(fixture, hash);
      await expect(timelock.executeBatch(targets, values, payloads, ethers.ZeroHash, salt))
        .to.be.revertedWithCustomError(timelock, "TimelockUnexpectedOperationState")
        .withArgs(await operationIdOf(fixture, proposal.key), statesBitmap(2n));
    });

    it("when executed in time, stays executed", async () => {
      const { governor, proposal } = await networkHelpers.loadFixture(queuedFixture);
      await networkHelpers.time.increase(DELAY);
      await governor.execute(...proposal.key);
      await networkHelpers.time.increase(2n * GRACE);
      expect(await governor.state(proposal.id)).to.equal(State.Executed);
    });

    it("when one of several calls fails, executes none", async () => {
      const fixture = await networkHelpers.loadFixture(startedFixture);
      const { governor, terms, alice, coin } = fixture;
      const admit = terms.interface.encodeFunctionData("admitLedger", [await coin.getAddress()]);
      const target = await terms.getAddress();
      const twice = proposalOf(
        [
          [target, admit],
          [target, admit],
        ],
        "Admit it twice",
      );
      await governor.connect(alice).propose(...twice.args);
      await voted({ ...fixture, proposal: twice }, [Support.For, null]);
      await governor.queue(...twice.key);
      await networkHelpers.time.increase(DELAY);
      await expect(governor.execute(...twice.key)).to.be.revertedWithCustomError(
        terms,
        "LedgerStatusInvalid",
      );
      expect(await terms.ledgerStatus(coin)).to.equal(0n);
    });
  });

  describe("cancel", () => {
    it("when the caller is not the proposer, reverts", async () => {
      const { governor, bob, proposal } = await networkHelpers.loadFixture(proposedFixture);
      await expect(governor.connect(bob).cancel(...proposal.key))
        .to.be.revertedWithCustomError(governor, "GovernorUnableToCancel")
        .withArgs(proposal.id, bob.address);
    });

    it("when voting is open, even the proposer cannot cancel", async () => {
      const { governor, alice, proposal } = await networkHelpers.loadFixture(activeFixture);
      await expect(governor.connect(alice).cancel(...proposal.key))
        .to.be.revertedWithCustomError(governor, "GovernorUnableToCancel")
        .withArgs(proposal.id, alice.address);
    });

    it("when the proposer cancels before the snapshot, is canceled", async () => {
      const { governor, alice, proposal } = await networkHelpers.loadFixture(proposedFixture);
      await expect(governor.connect(alice).cancel(...proposal.key))
        .to.emit(governor, "ProposalCanceled")
        .withArgs(proposal.id);
      expect(await governor.state(proposal.id)).to.equal(State.Canceled);
      await expect(governor.connect(alice).propose(...proposal.args))
        .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
        .withArgs(proposal.id, State.Canceled, ethers.ZeroHash);
    });
  });

  describe("late quorum", () => {
    it("when a quorum is reached in the last second, extends the deadline", async () => {
      const { governor, alice, bob, proposal } = await networkHelpers.loadFixture(activeFixture);
      const end = await governor.proposalDeadline(proposal.id);
      await governor.connect(bob).castVote(proposal.id, Support.For);
      expect(await governor.proposalDeadline(proposal.id)).to.equal(end);
      await networkHelpers.time.setNextBlockTimestamp(end);
      await expect(governor.connect(alice).castVote(proposal.id, Support.For))
        .to.emit(governor, "ProposalExtended")
        .withArgs(proposal.id, end + SETTINGS.lateQuorumExtension);
      expect(await governor.proposalDeadline(proposal.id)).to.equal(end + SETTINGS.lateQuorumExtension);
    });

    it("when a quorum is reached early, keeps the deadline", async () => {
      const { governor, alice, proposal } = await networkHelpers.loadFixture(activeFixture);
      const end = await governor.proposalDeadline(proposal.id);
      await expect(governor.connect(alice).castVote(proposal.id, Support.For))
        .to.emit(governor, "VoteCast")
        .withArgs(alice.address, proposal.id, Support.For, anyValue, "");
      expect(await governor.proposalDeadline(proposal.id)).to.equal(end);
    });
  });
});

type Proposed = Awaited<ReturnType<typeof proposedFixture>>;

/** State of a proposal after alice and bob voted; null means no vote. */
async function voted(fixture: Proposed, supports: [alice: number | null, bob: number | null]) {
  const { governor, proposal, alice, bob } = fixture;
  await networkHelpers.time.increaseTo((await governor.proposalSnapshot(proposal.id)) + 1n);
  for (const [i, voter] of [alice, bob].entries()) {
    const support = supports[i];
    if (typeof support === "number") await governor.connect(voter).castVote(proposal.id, support);
  }
  await networkHelpers.time.increaseTo((await governor.proposalDeadline(proposal.id)) + 1n);
  return await governor.state(proposal.id);
}
