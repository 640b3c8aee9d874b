import { expect } from "chai";
import {
  activeFixture,
  admission,
  admissionCalls,
  DELAY,
  type GovernanceFixture,
  governanceFixture,
  pass,
  proposalOf,
  proposeAsCouncil,
  queuedFixture,
  quorumFloorAfter,
  State,
  Support,
  selectorOf,
  startedFixture,
  succeededFixture,
  timelockSalt,
  VOTES_START,
  YEAR,
} from "../governance/support.ts";
import { DAY, ethers, gridFixture, impersonate, networkHelpers } from "../grid.ts";

/** `governanceFixture` with a governor without the defences, and an active proposal at it. */
async function hastyFixture() {
  const fixture = await networkHelpers.loadFixture(governanceFixture);
  const hasty = await ethers.deployContract("HastyGovernor", [fixture.coin]);
  const proposal = await admission(fixture);
  await hasty.connect(fixture.bob).propose(...proposal.args);
  await networkHelpers.time.increaseTo((await hasty.proposalSnapshot(proposal.id)) + 1n);
  return { ...fixture, hasty, proposal };
}

describe("attack: borrowed votes", () => {
  const LOAN = 100n * VOTES_START;

  it("when a governor counts current votes, coins borrowed for one transaction decide", async () => {
    const { coin, hasty, proposal } = await networkHelpers.loadFixture(hastyFixture);
    const voter = await ethers.deployContract("FlashVoter", [hasty, coin]);
    await coin.lend(voter, LOAN, proposal.id);
    expect((await hasty.proposalVotes(proposal.id)).forVotes).to.equal(LOAN);
  });

  it("with GridGovernor, coins borrowed for one transaction do not count: the snapshot is past", async () => {
    const { governor, coin, proposal } = await networkHelpers.loadFixture(activeFixture);
    const voter = await ethers.deployContract("FlashVoter", [governor, coin]);
    await coin.lend(voter, LOAN, proposal.id);
    expect(await governor.hasVoted(proposal.id, voter)).to.equal(true);
    expect((await governor.proposalVotes(proposal.id)).forVotes).to.equal(0n);
  });

  it("when a governor counts current votes, coins vote again after a new delegation", async () => {
    const { coin, hasty, proposal, bob, carol } = await networkHelpers.loadFixture(hastyFixture);
    await hasty.connect(bob).castVote(proposal.id, Support.For);
    await coin.connect(bob).delegate(carol);
    await hasty.connect(carol).castVote(proposal.id, Support.For);
    expect((await hasty.proposalVotes(proposal.id)).forVotes).to.equal(2n * (await coin.balanceOf(bob)));
  });

  it("with GridGovernor, coins vote once, even if delegated or sent on", async () => {
    const { governor, coin, proposal, bob, carol } = await networkHelpers.loadFixture(activeFixture);
    const coins = await coin.balanceOf(bob);
    await governor.connect(bob).castVote(proposal.id, Support.For);
    await coin.connect(bob).delegate(carol);
    await governor.connect(carol).castVote(proposal.id, Support.For);
    await coin.connect(bob).transfer(carol, coins);
    expect((await governor.proposalVotes(proposal.id)).forVotes).to.equal(coins);
  });
});

describe("attack: the first buyer", () => {
  it("when few coins are sold, their buyer controls a governor without start and quorum floor", async () => {
    const { coin, hasty, sale, stranger, terms } = await networkHelpers.loadFixture(
      governanceFixtureWithoutBuyers,
    );
    await coin.connect(stranger).delegate(stranger);
    await coin.connect(sale).transfer(stranger, (2n * VOTES_START) / 5n);
    const proposal = proposalOf([[await terms.getAddress(), "0x"]], "Mine");
    await hasty.connect(stranger).propose(...proposal.args);
    await networkHelpers.time.increaseTo((await hasty.proposalSnapshot(proposal.id)) + 1n);
    await hasty.connect(stranger).castVote(proposal.id, Support.For);
    await networkHelpers.time.increaseTo((await hasty.proposalDeadline(proposal.id)) + 1n);
    expect(await hasty.state(proposal.id)).to.equal(State.Succeeded);
  });

  it("with GridGovernor, when few coins are sold, their buyer cannot even propose", async () => {
    const fixture = await networkHelpers.loadFixture(governanceFixtureWithoutBuyers);
    const { coin, governor, sale, stranger } = fixture;
    await coin.connect(stranger).delegate(stranger);
    await coin.connect(sale).transfer(stranger, VOTES_START - 1n);
    await expect(governor.connect(stranger).propose(...(await admission(fixture)).args))
      .to.be.revertedWithCustomError(governor, "GovernorVotesNotStarted")
      .withArgs(VOTES_START - 1n, VOTES_START);
  });

  it("when votes have just started and only a third of the coins votes, there is no quorum", async () => {
    const fixture = await networkHelpers.loadFixture(startedFixture);
    const { governor, bob } = fixture;
    const proposal = await admission(fixture);
    await governor.connect(bob).propose(...proposal.args);
    await networkHelpers.time.increaseTo((await governor.proposalSnapshot(proposal.id)) + 1n);
    await governor.connect(bob).castVote(proposal.id, Support.For);
    await networkHelpers.time.increaseTo((await governor.proposalDeadline(proposal.id)) + 1n);
    expect(await governor.state(proposal.id)).to.equal(State.Defeated);
  });

  it("when holders of two thirds never vote, a third decides from half a year later on: no dead zone", async () => {
    const fixture = await networkHelpers.loadFixture(startedFixture);
    const { governor, bob } = fixture;
    await networkHelpers.time.increase(YEAR / 2n);
    const proposal = await admission(fixture);
    await governor.connect(bob).propose(...proposal.args);
    await networkHelpers.time.increaseTo((await governor.proposalSnapshot(proposal.id)) + 1n);
    await governor.connect(bob).castVote(proposal.id, Support.For);
    await networkHelpers.time.increaseTo((await governor.proposalDeadline(proposal.id)) + 1n);
    expect(await governor.state(proposal.id)).to.equal(State.Succeeded);
  });

  it("when coins are delegated to the sale, the quorum falls by less than the lost votes", async () => {
    const { governor, coin, carol, sale } = await networkHelpers.loadFixture(startedFixture);
    await coin.mint(carol, 99n * VOTES_START);
    const quorumNow = async () => {
      await networkHelpers.mine();
      return await governor.quorum((await governor.clock()) - 1n);
    };
    const before = await quorumNow();
    await coin.connect(carol).delegate(sale);
    const coins = await coin.balanceOf(carol);
    expect(before - (await quorumNow())).to.be.lessThan(coins);
    const past = (await governor.clock()) - 1n - (await governor.votesStartedAt()) + 1n;
    expect(await quorumNow()).to.equal(quorumFloorAfter(past));
    expect(await governor.getVotes(sale, (await governor.clock()) - 1n)).to.equal(0n);
  });

  it("when a holder delegates to the sale, the start of votes is not delayed: it counts balances", async () => {
    const { governor, coin, alice, sale, carol } = await networkHelpers.loadFixture(governanceFixture);
    await coin.connect(alice).delegate(sale);
    await coin.connect(sale).transfer(carol, 1n);
    expect(await governor.votesStarted()).to.equal(true);
  });
});

describe("attack: somebody else's proposal", () => {
  it("when a proposal names no proposer, a front-runner owns it and can cancel it", async () => {
    const fixture = await networkHelpers.loadFixture(startedFixture);
    const { governor, alice, bob } = fixture;
    const { args, key, id } = await admission(fixture);
    await governor.connect(bob).propose(...args);
    await expect(governor.connect(alice).propose(...args)).to.be.revertedWithCustomError(
      governor,
      "GovernorUnexpectedProposalState",
    );
    await governor.connect(bob).cancel(...key);
    expect(await governor.state(id)).to.equal(State.Canceled);
  });

  it("when a proposal names its proposer, nobody else can make it", async () => {
    const fixture = await networkHelpers.loadFixture(startedFixture);
    const { governor, alice, bob } = fixture;
    const { args, id } = await admission(fixture, `Admit #proposer=${alice.address}`);
    await expect(governor.connect(bob).propose(...args))
      .to.be.revertedWithCustomError(governor, "GovernorRestrictedProposer")
      .withArgs(bob.address);
    await governor.connect(alice).propose(...args);
    expect(await governor.proposalProposer(id)).to.equal(alice.address);
  });
});

describe("attack: bypassing the timelock", () => {
  it("when anyone schedules, cancels, or calls functions of the timelock only, reverts", async () => {
    const fixture = await networkHelpers.loadFixture(governanceFixture);
    const { timelock, terms, coin, council, alice, deployer } = fixture;
    const data = terms.interface.encodeFunctionData("admitLedger", [await coin.getAddress()]);
    const schedule = [terms, 0n, data, ethers.ZeroHash, ethers.ZeroHash, DELAY] as const;
    const role = await timelock.PROPOSER_ROLE();
    for (const account of [council, alice, deployer]) {
      for (const call of [
        () => timelock.connect(account).schedule(...schedule),
        () => timelock.connect(account).cancel(ethers.ZeroHash),
        () => timelock.connect(account).grantRole(role, account),
        () => terms.connect(account).admitLedger(coin),
        () => terms.connect(account).grantRole(ethers.ZeroHash, account),
      ]) {
        await expect(call()).to.be.revertedWithCustomError(timelock, "AccessControlUnauthorizedAccount");
      }
      await expect(timelock.connect(account).updateDelay(0n))
        .to.be.revertedWithCustomError(timelock, "TimelockUnauthorizedCaller")
        .withArgs(account.address);
    }
  });

  it("when a proposal is executed without its delay, reverts", async () => {
    const { governor, timelock, proposal } = await networkHelpers.loadFixture(queuedFixture);
    await expect(governor.execute(...proposal.key)).to.be.revertedWithCustomError(
      timelock,
      "TimelockUnexpectedOperationState",
    );
  });

  it("when a timelock has no deadline, a forgotten operation is executed years later; GridTimelock refuses", async () => {
    const fixture = await networkHelpers.loadFixture(governanceFixture);
    const { terms, coin, alice, stranger } = fixture;
    const data = terms.interface.encodeFunctionData("admitLedger", [await coin.getAddress()]);
    const roles = [DELAY, [alice], [ethers.ZeroAddress], ethers.ZeroAddress] as const;
    const plain = await ethers.deployContract("TimelockController", [...roles]);
    const timelock = await ethers.deployContract("GridTimelock", [...roles]);
    const [first, second] = [
      await ethers.deployContract("TermsRegistry", [coin, plain, []]),
      await ethers.deployContract("TermsRegistry", [coin, timelock, []]),
    ];
    const operation = [0n, data, ethers.ZeroHash, ethers.ZeroHash] as const;
    await plain.connect(alice).schedule(first, ...operation, DELAY);
    await timelock.connect(alice).schedule(second, ...operation, DELAY);
    await networkHelpers.time.increase(2000n * DAY);
    await expect(plain.connect(stranger).execute(first, ...operation)).to.emit(first, "LedgerAdmitted");
    await expect(timelock.connect(stranger).execute(second, ...operation)).to.be.revertedWithCustomError(
      timelock,
      "TimelockUnexpectedOperationState",
    );
  });

  it("when the timelock calls the governor outside of a proposal, the governor refuses", async () => {
    const fixture = await networkHelpers.loadFixture(governanceFixture);
    const { governor, timelock, alice } = fixture;
    const asTimelock = governor.connect(await impersonate(timelock));
    await expect(asTimelock.updateTimelock(alice)).to.be.revertedWithPanic(0x31);
  });
});

describe("attack: occupying a proposal's id at the timelock", () => {
  it("when a council proposes directly at the timelock, it occupies the id and blocks the proposal", async () => {
    const fixture = await networkHelpers.loadFixture(succeededFixture);
    const { governor, timelock, council, proposal } = fixture;
    const asTimelock = timelock.connect(await impersonate(timelock));
    await asTimelock.grantRole(await timelock.PROPOSER_ROLE(), council);
    const [targets, values, payloads, hash] = proposal.key;
    const salt = await timelockSalt(fixture, hash);
    await timelock
      .connect(council)
      .scheduleBatch(targets, values, payloads, ethers.ZeroHash, salt, 1_000n * DAY);
    await expect(governor.queue(...proposal.key)).to.be.revertedWithCustomError(
      timelock,
      "TimelockUnexpectedOperationState",
    );
  });

  it("with Guardian, the same calls and salt get another id, and the proposal executes", async () => {
    const fixture = await networkHelpers.loadFixture(governanceFixture);
    const { governor, guardian, council, terms, coin, sale, carol } = fixture;
    const proposal = await admission(fixture);
    const salt = await timelockSalt(fixture, proposal.key[3]);
    await guardian.connect(council).propose(await admissionCalls(fixture), salt);
    await coin.connect(sale).transfer(carol, 1n);
    await governor.startVotes();
    const execute = await pass(fixture, proposal);
    await expect(execute()).to.emit(terms, "LedgerAdmitted");
  });
});

describe("attack: a council beyond its list", () => {
  it("when a call is not permitted, reverts: roles, another function, no function", async () => {
    const fixture = await networkHelpers.loadFixture(governanceFixture);
    const { guardian, council, terms, timelock, coin, alice } = fixture;
    const [role, target] = [await timelock.PROPOSER_ROLE(), await terms.getAddress()];
    const calls: [{ getAddress(): Promise<string> }, string][] = [
      [terms, terms.interface.encodeFunctionData("grantRole", [ethers.ZeroHash, council.address])],
      [terms, terms.interface.encodeFunctionData("retireLedger", [target])],
      [terms, "0x"],
      [terms, selectorOf(terms, "admitLedger").slice(0, 8)],
      [timelock, timelock.interface.encodeFunctionData("grantRole", [role, council.address])],
      [timelock, timelock.interface.encodeFunctionData("updateDelay", [0n])],
      [coin, coin.interface.encodeFunctionData("mint", [alice.address, 1n])],
      [coin, terms.interface.encodeFunctionData("admitLedger", [target])],
    ];
    for (const [contract, data] of calls) {
      const permitted = { target, data: terms.interface.encodeFunctionData("admitLedger", [target]) };
      const call = { target: await contract.getAddress(), data };
      await expect(guardian.connect(council).propose([permitted, call], ethers.ZeroHash))
        .to.be.revertedWithCustomError(guardian, "GuardianCallNotPermitted")
        .withArgs(call.target, data.slice(0, 10).padEnd(10, "0"));
    }
  });

  it("with the deployed grid, the council ends and restricts after the start of votes, and does nothing else", async () => {
    const grid = await networkHelpers.loadFixture(gridFixture);
    const { guardian, governor, terms, mine, champions, ledger, deployer, stranger } = grid;
    await grid.coin.connect(await impersonate(mine)).mint(stranger, VOTES_START);
    await governor.startVotes();
    const propose = async (contract: typeof terms | typeof mine | typeof champions, data: string) =>
      guardian.propose([{ target: await contract.getAddress(), data }], ethers.ZeroHash);
    for (const [contract, data] of [
      [terms, terms.interface.encodeFunctionData("retireLedger", [await ledger.getAddress()])],
      [mine, mine.interface.encodeFunctionData("removeSource", [deployer.address])],
      [champions, champions.interface.encodeFunctionData("restrict", [1n])],
    ] as const) {
      await expect(propose(contract, data)).to.emit(guardian, "CallsProposed");
    }
    for (const [contract, data] of [
      [terms, terms.interface.encodeFunctionData("admitLedger", [await ledger.getAddress()])],
      [mine, mine.interface.encodeFunctionData("admitSource", [deployer.address, 1n])],
      [champions, champions.interface.encodeFunctionData("liftRestriction", [1n])],
    ] as const) {
      await expect(propose(contract, data)).to.be.revertedWithCustomError(guardian, "GuardianVotesStarted");
    }
  });

  it("when the delay was raised, the council's calls wait as long: it cannot choose the delay", async () => {
    const fixture = await networkHelpers.loadFixture(governanceFixture);
    const { timelock } = fixture;
    await timelock.connect(await impersonate(timelock)).updateDelay(9n * DAY);
    const { id } = await proposeAsCouncil(fixture);
    const now = BigInt(await networkHelpers.time.latest());
    expect(await timelock.getTimestamp(id)).to.equal(now + 9n * DAY);
  });

  it("when a council proposes directly at the timelock, its operations outlive its term", async () => {
    const fixture = await networkHelpers.loadFixture(governanceFixture);
    const { terms, coin, council, stranger } = fixture;
    const timelock = await ethers.deployContract("TimelockController", [
      DELAY,
      [council],
      [ethers.ZeroAddress],
      ethers.ZeroAddress,
    ]);
    const registry = await ethers.deployContract("TermsRegistry", [coin, timelock, []]);
    const data = terms.interface.encodeFunctionData("admitLedger", [await coin.getAddress()]);
    const operation = [registry, 0n, data, ethers.ZeroHash, ethers.ZeroHash] as const;
    await timelock.connect(council).schedule(...operation, DELAY);
    await networkHelpers.time.increase(2000n * DAY);
    await expect(timelock.connect(stranger).execute(...operation)).to.emit(registry, "LedgerAdmitted");
  });

  it("with Guardian, the council's operations end with its term at the latest", async () => {
    const fixture = await networkHelpers.loadFixture(governanceFixture);
    const { guardian, stranger, terms, coin } = fixture;
    const end = await guardian.END();
    await networkHelpers.time.increaseTo(end - DELAY - DAY);
    const { execute } = await proposeAsCouncil(fixture);
    await networkHelpers.time.setNextBlockTimestamp(end);
    await expect(execute(stranger)).to.be.revertedWithCustomError(guardian, "GuardianTermOver").withArgs(end);
    expect(await terms.ledgerStatus(coin)).to.equal(0n);
  });

  it("when a former council or a withdrawn successor calls, reverts", async () => {
    const { guardian, council, alice, bob } = await networkHelpers.loadFixture(governanceFixture);
    await guardian.connect(council).nameCouncil(bob);
    await guardian.connect(council).nameCouncil(alice);
    await expect(guardian.connect(bob).acceptCouncil()).to.be.revertedWithCustomError(
      guardian,
      "GuardianCallerNotPendingCouncil",
    );
    await guardian.connect(alice).acceptCouncil();
    for (const call of [
      () => guardian.connect(council).nameCouncil(council),
      () => guardian.connect(council).pause(1n),
    ]) {
      await expect(call())
        .to.be.revertedWithCustomError(guardian, "GuardianCallerNotCouncil")
        .withArgs(council.address);
    }
  });

  it("when the DAO revokes the guardian's role, it can no longer cancel", async () => {
    const fixture = await networkHelpers.loadFixture(startedFixture);
    const { guardian, timelock, council } = fixture;
    const revoke = async (role: string): Promise<[string, string]> => [
      await timelock.getAddress(),
      timelock.interface.encodeFunctionData("revokeRole", [role, await guardian.getAddress()]),
    ];
    const proposal = proposalOf([await revoke(await timelock.CANCELLER_ROLE())], "No more guardian");
    await (await pass(fixture, proposal))();
    await expect(guardian.connect(council).cancel(ethers.ZeroHash)).to.be.revertedWithCustomError(
      timelock,
      "AccessControlUnauthorizedAccount",
    );
  });
});

/** `governanceFixture` with all coins back at the sale. */
async function governanceFixtureWithoutBuyers() {
  const fixture: GovernanceFixture = await networkHelpers.loadFixture(governanceFixture);
  const { coin, sale, alice, bob } = fixture;
  for (const buyer of [alice, bob]) await coin.connect(buyer).transfer(sale, await coin.balanceOf(buyer));
  const hasty = await ethers.deployContract("HastyGovernor", [coin]);
  return { ...fixture, hasty };
}
