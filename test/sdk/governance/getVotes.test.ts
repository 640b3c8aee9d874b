import { delegateVotes, getBallot, getGovernance, getVotes } from "@benefit-grid/sdk";
import { expect } from "chai";
import { COINS, DELAY, QUORUM_FLOOR, SETTINGS, VOTES_START } from "../../governance/support.ts";
import { expectInvalid, expectRevert } from "../clients.ts";
import { active, founded, proposed, started } from "./support.ts";

describe("delegateVotes", () => {
  it("when the address is malformed, names it", async () => {
    const { as, alice } = await started();
    await expectInvalid(delegateVotes(await as(alice), { to: "0x1" }), "to");
  });

  it("moves the caller's votes, not its coins", async () => {
    const { as, alice, carol, coin } = await started();
    const before = await coin.balanceOf(alice);
    const client = await as(alice);
    const { delegate } = await delegateVotes(client, { to: carol.address.toLowerCase() });
    expect(delegate).to.equal(carol.address);
    expect(await getVotes(client, { account: alice.address })).to.deep.equal({
      balance: before,
      delegate: carol.address,
      votes: 0n,
      circulating: VOTES_START,
      percent: 0,
    });
    expect(await coin.getVotes(carol)).to.equal(before);
  });
});

describe("getVotes", () => {
  it("when an account delegated nothing, has no delegate and no votes", async () => {
    const { as, carol } = await started();
    expect(await getVotes(await as(carol), { account: carol.address })).to.deep.include({
      balance: 1n,
      delegate: undefined,
      votes: 0n,
    });
  });

  it("returns the votes in percent of the circulating coins", async () => {
    const { as, alice } = await started();
    const { percent, votes } = await getVotes(await as(alice), { account: alice.address });
    expect({ percent, votes }).to.deep.equal({ percent: 66.6666, votes: (2n * VOTES_START) / 3n });
  });
});

describe("getBallot", () => {
  it("when the snapshot is to come, has no votes yet", async () => {
    const { as, alice, proposal } = await proposed();
    const ballot = await getBallot(await as(alice), { proposalId: proposal.id, account: alice.address });
    expect(ballot).to.deep.equal({ votes: undefined, hasVoted: false });
  });

  it("when votes were delegated after the snapshot, counts none of them", async () => {
    const { as, alice, carol, coin, governor, proposal } = await active();
    await coin.connect(alice).delegate(carol);
    await governor.connect(alice).castVote(proposal.id, 1);
    const client = await as(alice);
    const ballotOf = (account: string) => getBallot(client, { proposalId: proposal.id, account });
    expect(await ballotOf(alice.address)).to.deep.equal({ votes: (2n * VOTES_START) / 3n, hasVoted: true });
    expect(await ballotOf(carol.address)).to.deep.equal({ votes: 0n, hasVoted: false });
  });

  it("when there is no such proposal, reverts", async () => {
    const { as, alice } = await started();
    const asking = getBallot(await as(alice), { proposalId: 7n, account: alice.address });
    await expectRevert(asking, "GovernorNonexistentProposal", { proposalId: 7n });
  });
});

describe("getGovernance", () => {
  it("returns who decides, and by which rules", async () => {
    const { as, alice, council, guardian } = await founded();
    expect(await getGovernance(await as(alice))).to.deep.equal({
      votesStarted: false,
      circulating: VOTES_START - 1n,
      neededToStart: VOTES_START,
      quorum: QUORUM_FLOOR,
      threshold: 210n * COINS,
      votingDelay: SETTINGS.votingDelay,
      votingPeriod: SETTINGS.votingPeriod,
      timelockDelay: DELAY,
      council: council.address,
      councilEnds: await guardian.END(),
    });
  });
});
