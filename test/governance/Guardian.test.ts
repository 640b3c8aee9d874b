import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import { DAY, ethers, networkHelpers } from "../grid.ts";
import {
  admission,
  admissionCalls,
  DELAY,
  emergencyCalls,
  governanceFixture,
  operationIdOf,
  pass,
  proposeAsCouncil,
  queuedFixture,
  SALT,
  State,
  selectorOf,
  startedFixture,
  statesBitmap,
  TERM,
} from "./support.ts";

const GRACE = 14n * DAY;

describe("Guardian", () => {
  describe("constructor", () => {
    it("when the council is zero, reverts", async () => {
      const { guardian, timelock, governor, mine } = await networkHelpers.loadFixture(governanceFixture);
      await expect(
        ethers.deployContract("Guardian", [timelock, governor, mine, ethers.ZeroAddress, []]),
      ).to.be.revertedWithCustomError(guardian, "GuardianCouncilZero");
    });

    it("when a permission is for governance itself, for roles or for a non-contract, reverts", async () => {
      const { guardian, timelock, governor, mine, terms, stranger, council } =
        await networkHelpers.loadFixture(governanceFixture);
      const forbidden = [
        [timelock, selectorOf(timelock, "updateDelay")],
        [timelock, selectorOf(timelock, "schedule")],
        [governor, selectorOf(governor, "setVotingDelay")],
        [terms, selectorOf(terms, "grantRole")],
        [terms, selectorOf(terms, "revokeRole")],
        [terms, selectorOf(terms, "renounceRole")],
        [stranger, selectorOf(terms, "admitLedger")],
      ] as const;
      for (const [contract, selector] of forbidden) {
        const target = await contract.getAddress();
        const args = [timelock, governor, mine, council, [{ target, selector, isEmergency: false }]] as const;
        await expect(ethers.deployContract("Guardian", [...args]))
          .to.be.revertedWithCustomError(guardian, "GuardianPermissionForbidden")
          .withArgs(target, selector);
      }
    });

    it("when deployed, returns the council's permissions and the end of the term", async () => {
      const { guardian, timelock, governor, mine, terms, council } =
        await networkHelpers.loadFixture(governanceFixture);
      const block = await (await guardian.deploymentTransaction()?.wait())?.getBlock();
      expect(await guardian.END()).to.equal(BigInt(block?.timestamp ?? 0) + TERM);
      expect(await guardian.TERM()).to.equal(TERM);
      expect(await guardian.PAUSE_AT_ONCE()).to.equal(7n * DAY);
      expect(await guardian.PAUSE_IN_ALL()).to.equal(30n * DAY);
      expect(await guardian.TIMELOCK()).to.equal(await timelock.getAddress());
      expect(await guardian.GOVERNOR()).to.equal(await governor.getAddress());
      expect(await guardian.MINE()).to.equal(await mine.getAddress());
      expect(await guardian.council()).to.equal(council.address);
      expect(await guardian.isPermitted(terms, selectorOf(terms, "admitLedger"))).to.equal(true);
      expect(await guardian.isPermitted(terms, selectorOf(terms, "retireLedger"))).to.equal(false);
      await expect(guardian.deploymentTransaction())
        .to.emit(guardian, "CallPermitted")
        .withArgs(await terms.getAddress(), selectorOf(terms, "admitLedger"), false);
      await expect(guardian.deploymentTransaction())
        .to.emit(guardian, "CallPermitted")
        .withArgs(await mine.getAddress(), selectorOf(mine, "removeSource"), true);
      expect(await guardian.isEmergency(terms, selectorOf(terms, "admitLedger"))).to.equal(false);
      expect(await guardian.isEmergency(mine, selectorOf(mine, "removeSource"))).to.equal(true);
      await expect(guardian.deploymentTransaction())
        .to.emit(guardian, "CouncilChanged")
        .withArgs(ethers.ZeroAddress, council.address);
    });
  });

  describe("propose", () => {
    it("when the caller is not the council, reverts", async () => {
      const fixture = await networkHelpers.loadFixture(governanceFixture);
      const { guardian, alice } = fixture;
      await expect(guardian.connect(alice).propose(await admissionCalls(fixture), SALT))
        .to.be.revertedWithCustomError(guardian, "GuardianCallerNotCouncil")
        .withArgs(alice.address);
    });

    it("when votes have started or could start, reverts", async () => {
      const fixture = await networkHelpers.loadFixture(governanceFixture);
      const { guardian, council, coin, sale, carol, governor } = fixture;
      await coin.connect(sale).transfer(carol, 1n);
      const propose = async () => guardian.connect(council).propose(await admissionCalls(fixture), SALT);
      await expect(propose()).to.be.revertedWithCustomError(guardian, "GuardianVotesStarted");
      await governor.startVotes();
      await coin.connect(carol).transfer(sale, 1n);
      await expect(propose()).to.be.revertedWithCustomError(guardian, "GuardianVotesStarted");
    });

    it("when there are no calls, reverts", async () => {
      const { guardian, council } = await networkHelpers.loadFixture(governanceFixture);
      await expect(guardian.connect(council).propose([], SALT)).to.be.revertedWithCustomError(
        guardian,
        "GuardianCallsEmpty",
      );
    });

    it("when one call is not permitted, reverts", async () => {
      const fixture = await networkHelpers.loadFixture(governanceFixture);
      const { guardian, council, terms } = fixture;
      const target = await terms.getAddress();
      const { selector } = terms.interface.getFunction("retireOffer");
      const calls = [...(await admissionCalls(fixture)), { target, data: selector }];
      await expect(guardian.connect(council).propose(calls, SALT))
        .to.be.revertedWithCustomError(guardian, "GuardianCallNotPermitted")
        .withArgs(target, selector);
    });

    it("when calls are permitted, schedules them with the timelock's delay, to lapse 14 days after it", async () => {
      const fixture = await networkHelpers.loadFixture(governanceFixture);
      const { guardian, timelock, terms } = fixture;
      const at = BigInt(await networkHelpers.time.latest()) + 10n;
      await networkHelpers.time.setNextBlockTimestamp(at);
      const proposed = await proposeAsCouncil(fixture);
      await expect(proposed.transaction)
        .to.emit(guardian, "CallsProposed")
        .withArgs(proposed.id, at + DELAY + GRACE);
      const check = guardian.interface.encodeFunctionData("checkCurrent", [at + DELAY + GRACE]);
      await expect(proposed.transaction)
        .to.emit(timelock, "CallScheduled")
        .withArgs(proposed.id, 0n, await guardian.getAddress(), 0n, check, ethers.ZeroHash, DELAY);
      await expect(proposed.transaction)
        .to.emit(timelock, "CallScheduled")
        .withArgs(proposed.id, 1n, await terms.getAddress(), 0n, anyValue, ethers.ZeroHash, DELAY);
      expect(await timelock.getTimestamp(proposed.id)).to.equal(at + DELAY);
    });

    it("when the delay is over, anyone can execute", async () => {
      const fixture = await networkHelpers.loadFixture(governanceFixture);
      const { terms, coin, stranger, timelock } = fixture;
      const { execute, id } = await proposeAsCouncil(fixture);
      await networkHelpers.time.setNextBlockTimestamp((await timelock.getTimestamp(id)) - 1n);
      await expect(execute(stranger)).to.be.revertedWithCustomError(
        timelock,
        "TimelockUnexpectedOperationState",
      );
      await networkHelpers.time.setNextBlockTimestamp(await timelock.getTimestamp(id));
      await expect(execute(stranger))
        .to.emit(terms, "LedgerAdmitted")
        .withArgs(await coin.getAddress());
    });
  });

  describe("checkCurrent", () => {
    it("when an operation is executed a second late, it has lapsed", async () => {
      const fixture = await networkHelpers.loadFixture(governanceFixture);
      const { timelock, terms, stranger } = fixture;
      const { execute, lapsesAt, id } = await proposeAsCouncil(fixture);
      await networkHelpers.time.setNextBlockTimestamp(lapsesAt + 1n);
      await expect(execute(stranger))
        .to.be.revertedWithCustomError(timelock, "TimelockUnexpectedOperationState")
        .withArgs(id, statesBitmap(2n));
      expect(await terms.ledgerStatus(fixture.coin)).to.equal(0n);
    });

    it("when executed in its last second, succeeds", async () => {
      const fixture = await networkHelpers.loadFixture(governanceFixture);
      const { execute, lapsesAt } = await proposeAsCouncil(fixture);
      await networkHelpers.time.setNextBlockTimestamp(lapsesAt);
      await expect(execute(fixture.stranger)).to.emit(fixture.terms, "LedgerAdmitted");
    });

    it("when votes start meanwhile, reverts: token votes govern", async () => {
      const fixture = await networkHelpers.loadFixture(governanceFixture);
      const { guardian, coin, sale, carol, stranger } = fixture;
      const { execute } = await proposeAsCouncil(fixture);
      await networkHelpers.time.increase(DELAY);
      await coin.connect(sale).transfer(carol, 1n);
      await expect(execute(stranger)).to.be.revertedWithCustomError(guardian, "GuardianVotesStarted");
    });
  });

  describe("checkEmergency", () => {
    it("when votes have started, the council's emergency calls execute after the delay", async () => {
      const fixture = await networkHelpers.loadFixture(startedFixture);
      const { mine, stranger, alice } = fixture;
      const { execute } = await proposeAsCouncil(fixture, "checkEmergency", await emergencyCalls(fixture));
      await networkHelpers.time.increase(DELAY);
      await expect(execute(alice)).to.emit(mine, "SourceRemoved").withArgs(stranger.address);
      expect((await mine.sourceOf(stranger)).admitted).to.equal(false);
    });

    it("when votes start meanwhile, they stay valid", async () => {
      const fixture = await networkHelpers.loadFixture(governanceFixture);
      const { mine, coin, sale, carol, alice } = fixture;
      const { execute } = await proposeAsCouncil(fixture, "checkEmergency", await emergencyCalls(fixture));
      await networkHelpers.time.increase(DELAY);
      await coin.connect(sale).transfer(carol, 1n);
      await expect(execute(alice)).to.emit(mine, "SourceRemoved");
    });

    it("when another call joins them, they are no emergency: only before votes start", async () => {
      const fixture = await networkHelpers.loadFixture(startedFixture);
      const { guardian, council } = fixture;
      const calls = [...(await emergencyCalls(fixture)), ...(await admissionCalls(fixture))];
      for (const mixed of [calls, calls.toReversed()]) {
        await expect(guardian.connect(council).propose(mixed, SALT)).to.be.revertedWithCustomError(
          guardian,
          "GuardianVotesStarted",
        );
      }
    });

    it("when the term is over, they revert", async () => {
      const fixture = await networkHelpers.loadFixture(startedFixture);
      const { guardian, alice } = fixture;
      const end = await guardian.END();
      await networkHelpers.time.increaseTo(end - DELAY - DAY);
      const { execute } = await proposeAsCouncil(fixture, "checkEmergency", await emergencyCalls(fixture));
      await networkHelpers.time.setNextBlockTimestamp(end);
      await expect(execute(alice)).to.be.revertedWithCustomError(guardian, "GuardianTermOver").withArgs(end);
    });

    it("when executed a second late, they have lapsed", async () => {
      const fixture = await networkHelpers.loadFixture(startedFixture);
      const { timelock, alice } = fixture;
      const proposed = await proposeAsCouncil(fixture, "checkEmergency", await emergencyCalls(fixture));
      await networkHelpers.time.setNextBlockTimestamp(proposed.lapsesAt + 1n);
      await expect(proposed.execute(alice))
        .to.be.revertedWithCustomError(timelock, "TimelockUnexpectedOperationState")
        .withArgs(proposed.id, statesBitmap(2n));
    });
  });

  describe("cancel", () => {
    it("when the caller is not the council, reverts", async () => {
      const { guardian, alice } = await networkHelpers.loadFixture(governanceFixture);
      await expect(guardian.connect(alice).cancel(SALT))
        .to.be.revertedWithCustomError(guardian, "GuardianCallerNotCouncil")
        .withArgs(alice.address);
    });

    it("when no pending operation has the id, reverts", async () => {
      const { guardian, council, timelock } = await networkHelpers.loadFixture(governanceFixture);
      await expect(guardian.connect(council).cancel(SALT))
        .to.be.revertedWithCustomError(timelock, "TimelockUnexpectedOperationState")
        .withArgs(SALT, statesBitmap(1n, 2n));
    });

    it("when a governor's proposal is pending, cancels it even after votes started", async () => {
      const fixture = await networkHelpers.loadFixture(queuedFixture);
      const { guardian, governor, council, timelock, proposal } = fixture;
      const id = await operationIdOf(fixture, proposal.key);
      await expect(guardian.connect(council).cancel(id)).to.emit(timelock, "Cancelled").withArgs(id);
      expect(await governor.state(proposal.id)).to.equal(State.Canceled);
      await networkHelpers.time.increase(DELAY);
      await expect(governor.execute(...proposal.key))
        .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
        .withArgs(proposal.id, State.Canceled, statesBitmap(State.Queued));
    });
  });

  describe("nameCouncil and acceptCouncil", () => {
    it("when the caller is not the council, or not the pending council, revert", async () => {
      const { guardian, alice, council } = await networkHelpers.loadFixture(governanceFixture);
      await expect(guardian.connect(alice).nameCouncil(alice))
        .to.be.revertedWithCustomError(guardian, "GuardianCallerNotCouncil")
        .withArgs(alice.address);
      await expect(guardian.connect(council).acceptCouncil())
        .to.be.revertedWithCustomError(guardian, "GuardianCallerNotPendingCouncil")
        .withArgs(council.address);
    });

    it("when the pending council accepts, takes office for the same term", async () => {
      const { guardian, alice, council } = await networkHelpers.loadFixture(governanceFixture);
      const end = await guardian.END();
      await expect(guardian.connect(council).nameCouncil(alice))
        .to.emit(guardian, "CouncilNamed")
        .withArgs(council.address, alice.address);
      expect(await guardian.pendingCouncil()).to.equal(alice.address);
      expect(await guardian.council()).to.equal(council.address);
      await networkHelpers.time.increase(100n * DAY);
      await expect(guardian.connect(alice).acceptCouncil())
        .to.emit(guardian, "CouncilChanged")
        .withArgs(council.address, alice.address);
      expect(await guardian.council()).to.equal(alice.address);
      expect(await guardian.pendingCouncil()).to.equal(ethers.ZeroAddress);
      expect(await guardian.END()).to.equal(end);
      await expect(guardian.connect(council).pause(1n)).to.be.revertedWithCustomError(
        guardian,
        "GuardianCallerNotCouncil",
      );
    });

    it("when the proposal is withdrawn, nobody can accept", async () => {
      const { guardian, alice, council } = await networkHelpers.loadFixture(governanceFixture);
      await guardian.connect(council).nameCouncil(alice);
      await guardian.connect(council).nameCouncil(ethers.ZeroAddress);
      await expect(guardian.connect(alice).acceptCouncil())
        .to.be.revertedWithCustomError(guardian, "GuardianCallerNotPendingCouncil")
        .withArgs(alice.address);
    });
  });

  describe("stopSource", () => {
    it("when the caller is not the council, reverts", async () => {
      const { guardian, alice, stranger } = await networkHelpers.loadFixture(governanceFixture);
      await expect(guardian.connect(alice).stopSource(stranger))
        .to.be.revertedWithCustomError(guardian, "GuardianCallerNotCouncil")
        .withArgs(alice.address);
    });

    it("when the account is no source, reverts", async () => {
      const { guardian, mine, council, alice } = await networkHelpers.loadFixture(governanceFixture);
      await expect(guardian.connect(council).stopSource(alice))
        .to.be.revertedWithCustomError(mine, "SourceNotAdmitted")
        .withArgs(alice.address);
    });

    it("when the council calls, stops the source at once, also after the start of votes", async () => {
      const fixture = await networkHelpers.loadFixture(startedFixture);
      const { guardian, mine, council, stranger } = fixture;
      await expect(guardian.connect(council).stopSource(stranger))
        .to.emit(mine, "SourceStopped")
        .withArgs(stranger.address, 1n);
      expect((await mine.sourceOf(stranger)).admitted).to.equal(false);
    });
  });

  describe("the end of the term", () => {
    it("when one second is left, the council has all its powers", async () => {
      const fixture = await networkHelpers.loadFixture(governanceFixture);
      const { guardian, council, alice, stranger, timelock } = fixture;
      const { id } = await proposeAsCouncil(fixture);
      await guardian.connect(council).nameCouncil(alice);
      const last = (await guardian.END()) - 1n;
      const calls = await admissionCalls(fixture);
      await networkHelpers.time.increaseTo(last - 1n);
      const done = [
        () => guardian.connect(council).propose(calls, SALT),
        () => guardian.connect(council).cancel(id),
        () => guardian.connect(council).pause(1n),
        () => guardian.connect(council).stopSource(stranger),
        () => guardian.connect(council).nameCouncil(alice),
        () => guardian.connect(alice).acceptCouncil(),
      ];
      for (const act of done) {
        const snapshot = await networkHelpers.takeSnapshot();
        await networkHelpers.time.setNextBlockTimestamp(last);
        await act();
        await snapshot.restore();
      }
      await networkHelpers.time.increaseTo(last);
      await guardian.checkCurrent(last);
      expect(await timelock.isOperationPending(id)).to.equal(true);
    });

    it("when the term is over, every function reverts", async () => {
      const fixture = await networkHelpers.loadFixture(governanceFixture);
      const { guardian, council, alice, stranger } = fixture;
      const { id } = await proposeAsCouncil(fixture);
      await guardian.connect(council).nameCouncil(alice);
      const end = await guardian.END();
      const calls = await admissionCalls(fixture);
      await networkHelpers.time.increaseTo(end - 2n);
      await guardian.connect(council).pause(1n);
      await networkHelpers.time.increaseTo(end);
      expect(await guardian.isPaused()).to.equal(false);
      for (const call of [
        () => guardian.connect(council).propose(calls, SALT),
        () => guardian.connect(council).cancel(id),
        () => guardian.connect(council).pause(1n),
        () => guardian.connect(council).resume(),
        () => guardian.connect(council).stopSource(stranger),
        () => guardian.connect(council).nameCouncil(alice),
        () => guardian.connect(alice).acceptCouncil(),
        () => guardian.checkCurrent(2n ** 48n),
        () => guardian.checkEmergency(2n ** 48n),
      ]) {
        await expect(call()).to.be.revertedWithCustomError(guardian, "GuardianTermOver").withArgs(end);
      }
    });

    it("when votes never started, nobody can propose until enough coins are sold", async () => {
      const fixture = await networkHelpers.loadFixture(governanceFixture);
      const { guardian, governor, timelock, council, coin, sale, carol } = fixture;
      await networkHelpers.time.increaseTo(await guardian.END());
      const proposers: string[] = [];
      for (const { args } of await timelock.queryFilter(timelock.filters.RoleGranted())) {
        if (args.role === (await timelock.PROPOSER_ROLE())) proposers.push(args.account);
      }
      expect(proposers).to.deep.equal([await governor.getAddress(), await guardian.getAddress()]);
      await expect(
        guardian.connect(council).propose(await admissionCalls(fixture), SALT),
      ).to.be.revertedWithCustomError(guardian, "GuardianTermOver");
      await expect(governor.startVotes()).to.be.revertedWithCustomError(governor, "GovernorVotesNotStarted");
      await coin.connect(sale).transfer(carol, 1n);
      await governor.startVotes();
    });

    it("when a proposal is pending at the end, the council cannot cancel it, and it executes", async () => {
      const fixture = await networkHelpers.loadFixture(startedFixture);
      const { guardian, council } = fixture;
      await networkHelpers.time.increaseTo((await guardian.END()) - 9n * DAY);
      const proposal = await admission(fixture);
      const execute = await pass(fixture, proposal);
      const id = await operationIdOf(fixture, proposal.key);
      await expect(guardian.connect(council).cancel(id)).to.be.revertedWithCustomError(
        guardian,
        "GuardianTermOver",
      );
      await expect(execute()).to.emit(fixture.terms, "LedgerAdmitted");
    });
  });
});
