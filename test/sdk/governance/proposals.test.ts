import {
  callToAdmitLedger,
  cancelProposal,
  castVote,
  createClient,
  executeProposal,
  getProposal,
  listProposals,
  proposeCalls,
  queueProposal,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { VoidSigner } from "ethers";
import {
  DELAY,
  quorumFloorAfter,
  SETTINGS,
  State,
  statesBitmap,
  VOTES_START,
} from "../../governance/support.ts";
import { DAY, ethers, networkHelpers } from "../../grid.ts";
import { expectInvalid, expectRevert } from "../clients.ts";
import { active, founded, proposed, queued, started, succeeded } from "./support.ts";

const DESCRIPTION = "# Admit a ledger\n\nIt was audited.";

describe("proposeCalls", () => {
  it("when a parameter can never be valid, names it", async () => {
    const { as, alice } = await started();
    const client = await as(alice);
    const call = { target: alice.address, data: "0x" } as const;
    const description = DESCRIPTION;
    await expectInvalid(proposeCalls(client, { calls: [], description }), "calls");
    await expectInvalid(proposeCalls(client, { calls: [call], description: " \n" }), "description");
    const calls = [call, { ...call, data: "0x1" as const }];
    await expectInvalid(proposeCalls(client, { calls, description }), "calls[1].data");
    const valued = [{ ...call, value: -1n }];
    await expectInvalid(proposeCalls(client, { calls: valued, description }), "calls[0].value");
  });

  it("when votes have not started, reverts", async () => {
    const { as, alice, coin } = await founded();
    const client = await as(alice);
    const call = callToAdmitLedger(client, { ledger: await coin.getAddress() });
    await expectRevert(
      proposeCalls(client, { calls: [call], description: DESCRIPTION }),
      "GovernorVotesNotStarted",
      { circulating: VOTES_START - 1n, needed: VOTES_START },
    );
  });

  it("returns the predicted id and the times of voting", async () => {
    const { as, alice, coin, governor } = await started();
    const client = await as(alice);
    const call = callToAdmitLedger(client, { ledger: await coin.getAddress() });
    const parameters = { calls: [call], description: DESCRIPTION };
    const { proposalId, snapshot, deadline } = await proposeCalls(client, parameters);
    expect(proposalId).to.equal(proposeCalls.idOf(parameters));
    expect(snapshot).to.equal(await governor.proposalSnapshot(proposalId));
    expect(deadline).to.equal(snapshot + SETTINGS.votingPeriod);
  });
});

describe("castVote", () => {
  it("when the vote has no such name, names the parameter", async () => {
    const { as, alice, proposal } = await active();
    const vote = "yes" as "for";
    await expectInvalid(castVote(await as(alice), { proposalId: proposal.id, vote }), "vote");
  });

  it("when voting has not begun, reverts", async () => {
    const { as, alice, proposal } = await proposed();
    await expectRevert(
      castVote(await as(alice), { proposalId: proposal.id, vote: "for" }),
      "GovernorUnexpectedProposalState",
      { proposalId: proposal.id, current: State.Pending, expectedStates: statesBitmap(State.Active) },
    );
  });

  for (const [support, vote] of (["against", "for", "abstain"] as const).entries()) {
    it(`counts votes ${vote}, with the reason`, async () => {
      const { as, bob, governor, proposal } = await active();
      const cast = castVote(await as(bob), { proposalId: proposal.id, vote, reason: "because" });
      const { votes, hash } = await cast;
      expect(votes).to.equal(VOTES_START / 3n - 1n);
      expect((await governor.proposalVotes(proposal.id))[support]).to.equal(votes);
      const [event] = await governor.queryFilter(governor.filters.VoteCast(bob));
      expect(event?.transactionHash).to.equal(hash);
      expect(event?.args.reason).to.equal("because");
    });
  }
});

describe("a passing proposal", () => {
  it("is queued, and executed when its time has come", async () => {
    const { as, stranger, coin, terms, proposal } = await succeeded();
    const client = await as(stranger);
    const { eta } = await queueProposal(client, { proposalId: proposal.id });
    expect(eta).to.equal(BigInt(await networkHelpers.time.latest()) + DELAY);
    await networkHelpers.time.increaseTo(eta);
    await executeProposal(client, { proposalId: proposal.id, blockRange: 3 });
    expect(await terms.ledgerStatus(coin)).to.equal(1n);
  });

  it("when it is not queued, cannot be executed too early", async () => {
    const { as, stranger, proposal } = await queued();
    const { state } = await getProposal(await as(stranger), { proposalId: proposal.id });
    expect(state).to.equal("Queued");
    const error = await executeProposal(await as(stranger), { proposalId: proposal.id }).catch((one) => one);
    expect(error.name).to.equal("TimelockUnexpectedOperationState");
  });
});

describe("cancelProposal", () => {
  it("when another asks, reverts", async () => {
    const { as, bob, proposal } = await proposed();
    await expectRevert(cancelProposal(await as(bob), { proposalId: proposal.id }), "GovernorUnableToCancel", {
      proposalId: proposal.id,
      account: bob.address,
    });
  });

  it("takes the proposer's own back", async () => {
    const { as, alice, proposal } = await proposed();
    const client = await as(alice);
    await cancelProposal(client, { proposalId: proposal.id });
    const { state, next } = await getProposal(client, { proposalId: proposal.id });
    expect({ state, next }).to.deep.equal({ state: "Canceled", next: { action: "none" } });
  });
});

describe("getProposal", () => {
  it("when there is none with the id, reverts", async () => {
    const { as, alice } = await started();
    const asking = getProposal(await as(alice), { proposalId: 7n });
    await expectRevert(asking, "GovernorNonexistentProposal", { proposalId: 7n });
  });

  it("when it is pending, returns its calls and the start of voting", async () => {
    const { as, alice, coin, terms, governor, proposal } = await proposed();
    const snapshot = await governor.proposalSnapshot(proposal.id);
    const deadline = snapshot + SETTINGS.votingPeriod;
    const found = await getProposal(await as(alice), { proposalId: proposal.id });
    const { needed } = found.quorum;
    expect(needed).to.be.within(quorumFloorAfter(DAY), quorumFloorAfter(0n));
    expect(found).to.deep.equal({
      proposalId: proposal.id,
      proposer: alice.address,
      title: "Admit a ledger",
      description: "Admit a ledger",
      state: "Pending",
      calls: [
        {
          target: await terms.getAddress(),
          data: proposal.key[2][0],
          value: 0n,
          contract: "TermsRegistry",
          function: "admitLedger",
          args: { ledger: await coin.getAddress() },
        },
      ],
      votes: { for: 0n, against: 0n, abstain: 0n },
      quorum: { needed, reached: 0n, isReached: false, circulating: VOTES_START },
      snapshot,
      deadline,
      eta: undefined,
      next: { action: "vote", from: snapshot + 1n, until: deadline },
    });
  });

  it("when votes are cast, counts those for and abstentions toward the quorum", async () => {
    const { as, alice, bob, governor, proposal } = await active();
    await governor.connect(bob).castVote(proposal.id, 2);
    const client = await as(alice);
    const before = await getProposal(client, { proposalId: proposal.id });
    expect(before.state).to.equal("Active");
    expect(before.quorum).to.include({ reached: VOTES_START / 3n - 1n, isReached: false });
    expect(before.next).to.deep.equal({ action: "vote", until: before.deadline });
    await governor.connect(alice).castVote(proposal.id, 1);
    const { votes, quorum } = await getProposal(client, { proposalId: proposal.id });
    expect(votes).to.deep.equal({
      for: (2n * VOTES_START) / 3n,
      against: 0n,
      abstain: VOTES_START / 3n - 1n,
    });
    expect(quorum).to.include({ reached: VOTES_START - 1n, isReached: true });
  });

  it("when it passed, says to queue it; when it is queued, to execute it from its time on", async () => {
    const { as, stranger, proposal, governor } = await succeeded();
    const client = await as(stranger);
    const { next, deadline } = await getProposal(client, { proposalId: proposal.id });
    expect(next).to.deep.equal({ action: "queue", until: deadline + 14n * DAY });
    await governor.queue(...proposal.key);
    const queuedProposal = await getProposal(client, { proposalId: proposal.id });
    const eta = await governor.proposalEta(proposal.id);
    const step = { action: "execute", from: eta, until: eta + 14n * DAY };
    expect(queuedProposal).to.deep.include({ state: "Queued", eta, next: step });
    await networkHelpers.time.increaseTo(step.until + 1n);
    const late = await getProposal(client, { proposalId: proposal.id });
    expect(late).to.deep.include({ state: "Expired", next: { action: "none" } });
  });

  it("when a call goes to an unknown contract or function, keeps target and data", async () => {
    const { as, alice, carol, coin } = await started();
    const client = await as(alice);
    const target = await coin.getAddress();
    const calls = [
      { target: carol.address, data: "0x12345678", value: 5n },
      { target, data: "0x12345678" },
      { target, data: "0x" },
    ] as const;
    const { proposalId } = await proposeCalls(client, { calls, description: DESCRIPTION });
    const proposal = await getProposal(client, { proposalId });
    expect(proposal.calls).to.deep.equal([
      { target: carol.address, data: "0x12345678", value: 5n },
      { target, data: "0x12345678", value: 0n, contract: "FoundationCoin" },
      { target, data: "0x", value: 0n, contract: "FoundationCoin" },
    ]);
    expect(proposal.title).to.equal("Admit a ledger");
  });
});

describe("listProposals", () => {
  it("when the range of blocks is no number of blocks, names it", async () => {
    const { as, alice } = await started();
    await expectInvalid(listProposals(await as(alice), { blockRange: 0 }), "blockRange");
  });

  it("when there are none, is empty", async () => {
    const { as, alice } = await started();
    expect(await listProposals(await as(alice))).to.deep.equal([]);
  });

  it("when the client knows a block number of a moment ago, finds the newest all the same", async () => {
    const { as, alice, coin, deployment } = await started();
    const call = callToAdmitLedger(await as(alice), { ledger: await coin.getAddress() });
    const parameters = { calls: [call], description: DESCRIPTION };
    const { proposalId } = await proposeCalls(await as(alice), parameters);
    const late = new Proxy(ethers.provider, {
      get: (target, key) => {
        if (key === "getBlockNumber") return async () => (await target.getBlockNumber()) - 1;
        const value = Reflect.get(target, key, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const runner = new VoidSigner(alice.address, late);
    const proposals = await listProposals(await createClient({ runner, deployment }));
    expect(proposals.map((one) => one.proposalId)).to.deep.equal([proposalId]);
  });

  it("finds each once for any range of blocks, newest first", async () => {
    const { as, alice, coin, proposal, deployment } = await proposed();
    const client = await as(alice);
    const call = callToAdmitLedger(client, { ledger: await coin.getAddress() });
    const ids = [proposal.id];
    for (const description of ["1", "2", DESCRIPTION]) {
      ids.unshift((await proposeCalls(client, { calls: [call], description })).proposalId);
    }
    for (const blockRange of [1, 2, 3, 10_000]) {
      const proposals = await listProposals(client, { blockRange });
      expect(proposals.map((one) => one.proposalId)).to.deep.equal(ids);
    }
    const [newest] = await listProposals(client);
    expect(newest).to.deep.include({ state: "Pending", title: "Admit a ledger", description: DESCRIPTION });
    expect(newest?.calls[0]?.args).to.deep.equal({ ledger: deployment.contracts.FoundationCoin });
  });
});
