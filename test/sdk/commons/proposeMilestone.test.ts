import {
  approveDeposit,
  callToReleaseMilestone,
  depositToProgramme,
  getMilestone,
  getRevenue,
  getVault,
  proposeMilestone,
  withdrawMilestone,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { EVIDENCE, MilestoneStatus, RELEASE_PERIOD } from "../../commons/support.ts";
import { impersonate, networkHelpers } from "../../grid.ts";
import { expectInvalid, expectRevert } from "../clients.ts";
import { programmes } from "./support.ts";

const evidenceHash = EVIDENCE as `0x${string}`;

/** 1,000 in each vault, and the steward's request. */
async function funded() {
  const given = await programmes();
  const { as, buyer, creator, token } = given;
  const client = await as(buyer);
  await approveDeposit(client, { token, amount: 2_000n });
  for (const programmeId of [1n, 2n])
    await depositToProgramme(client, { programmeId, token, amount: 1_000n });
  const research = { programmeId: 1n, token, amount: 400n, evidenceHash };
  const service = { ...research, programmeId: 2n, capsuleId: 1n };
  return { ...given, steward: await as(creator), client, research, service };
}

type Funded = Awaited<ReturnType<typeof funded>>;

/** Governance releases a milestone, or a part of it, after 30 days. */
async function release({ client, timelock }: Funded, milestoneId: bigint) {
  await networkHelpers.time.increase(RELEASE_PERIOD);
  const { target, data } = await callToReleaseMilestone(client, { milestoneId });
  await (await impersonate(timelock)).sendTransaction({ to: target, data });
}

describe("proposeMilestone", () => {
  it("when a parameter can never be valid, names it", async () => {
    const { steward, research } = await funded();
    await expectInvalid(proposeMilestone(steward, { ...research, amount: 0n }), "amount");
    await expectInvalid(proposeMilestone(steward, { ...research, capsuleId: 2n ** 64n }), "capsuleId");
    await expectInvalid(proposeMilestone(steward, { ...research, evidenceHash: "0x12" }), "evidenceHash");
  });

  it("when somebody but the steward calls, reverts", async () => {
    const { client, buyer, research } = await funded();
    const args = { programmeId: 1n, caller: buyer.address };
    await expectRevert(proposeMilestone(client, research), "CallerNotSteward", args);
  });

  it("when research names a capsule or a service none, reverts", async () => {
    const { steward, research, service } = await funded();
    const error = "MilestoneCapsuleMismatch";
    const named = proposeMilestone(steward, { ...research, capsuleId: 7n });
    await expectRevert(named, error, { kind: 0n, capsuleId: 7n });
    const { capsuleId: _, ...unnamed } = service;
    await expectRevert(proposeMilestone(steward, unnamed), error, { kind: 1n, capsuleId: 0n });
  });

  it("when research reached it, the steward is paid once governance releases it", async () => {
    const given = await funded();
    const { steward, client, creator, usd, research, token } = given;
    const { milestoneId } = await proposeMilestone(steward, research);
    expect(milestoneId).to.equal(1n);
    const proposedAt = BigInt(await networkHelpers.time.latest());
    const times = { proposedAt, releasableFrom: proposedAt + RELEASE_PERIOD };
    const asked = { ...research, steward: creator.address, capsuleId: undefined, ...times };
    const paid = async () => await getMilestone(client, { milestoneId });
    expect(await paid()).to.deep.equal({ ...asked, status: "Proposed", released: 0n });
    await release(given, milestoneId);
    expect(await paid()).to.deep.equal({ ...asked, status: "Proposed", released: 250n });
    await release(given, milestoneId);
    expect(await paid()).to.deep.equal({ ...asked, status: "Released", released: 400n });
    expect(await usd.balanceOf(creator)).to.equal(400n);
    const { releasable, ...vault } = await getVault(client, { programmeId: 1n, token });
    expect(vault).to.deep.equal({ balance: 600n, released: 400n });
    expect(releasable).to.equal((600n * 25n * 2n) / 1_000n);
  });

  it("when a service reached it, its capsule is paid", async () => {
    const given = await funded();
    const { steward, client, creator, usd, service, token } = given;
    const { milestoneId } = await proposeMilestone(steward, service);
    expect(await getMilestone(client, { milestoneId })).to.include({ capsuleId: 1n, status: "Proposed" });
    await release(given, milestoneId);
    const revenue = await getRevenue(client, { capsuleId: 1n, sharesVersion: 1n, token });
    expect(revenue.total).to.equal(250n);
    expect(await usd.balanceOf(creator)).to.equal(0n);
  });
});

describe("withdrawMilestone", () => {
  it("when somebody but its steward calls, reverts", async () => {
    const { steward, client, buyer, research } = await funded();
    const { milestoneId } = await proposeMilestone(steward, research);
    const args = { milestoneId, caller: buyer.address };
    await expectRevert(withdrawMilestone(client, { milestoneId }), "CallerNotMilestoneSteward", args);
  });

  it("when its steward calls, it is withdrawn for ever", async () => {
    const { steward, client, research } = await funded();
    const { milestoneId } = await proposeMilestone(steward, research);
    await withdrawMilestone(steward, { milestoneId });
    expect(await getMilestone(client, { milestoneId })).to.include({ status: "Withdrawn" });
    const args = { milestoneId, status: MilestoneStatus.Withdrawn };
    await expectRevert(withdrawMilestone(steward, { milestoneId }), "MilestoneStatusInvalid", args);
  });
});

describe("getMilestone", () => {
  it("when there is none, reverts", async () => {
    const { client } = await funded();
    await expectRevert(getMilestone(client, { milestoneId: 1n }), "MilestoneNonexistent", {
      milestoneId: 1n,
    });
  });
});
