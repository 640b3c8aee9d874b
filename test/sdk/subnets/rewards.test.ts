import {
  approveFunding,
  claimRewards,
  fundSubnet,
  fundSubnetFromWallet,
  getEpochRecord,
  getFunding,
  getPot,
  getRanking,
  getRewards,
  NotFoundError,
  reclaimFunding,
  retireSubnet,
  rollOverPot,
  runEpoch,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { expectInvalid, expectRevert, rejectionOf } from "../clients.ts";
import { run, scored, seats } from "./support.ts";

const POT = 1_000_000n;
const ROWS = [
  [3n, 1n, 0n],
  [3n, 1n, 0n],
];

/** Epoch 2 with a pot, scored by two of three validators, and run. */
async function paid() {
  const fixture = await seats();
  const sponsoring = await fixture.as(fixture.sponsor);
  await fundSubnetFromWallet(sponsoring, {
    subnetId: 1n,
    token: fixture.token,
    amountPerEpoch: POT,
    epochs: 2n,
  });
  const epochRun = await run(fixture, 2n, ROWS);
  return { ...fixture, sponsoring, epochRun };
}

describe("fundSubnet", () => {
  it("adds to the pots of the epochs, after an approval", async () => {
    const { as, sponsor, token, client, hub } = await seats();
    const own = await as(sponsor);
    const order = { subnetId: 1n, token, amountPerEpoch: POT, firstEpoch: 3n, epochs: 2n };
    await expectRevert(fundSubnet(own, order), "ERC20InsufficientAllowance", {
      spender: await hub.getAddress(),
      allowance: 0n,
      needed: 2n * POT,
    });
    await approveFunding(own, { token, amount: 2n * POT });
    const { fundingId, firstEpoch, epochs } = await fundSubnet(own, order);
    expect([fundingId, firstEpoch, epochs]).to.deep.equal([1n, 3n, 2n]);
    const pots = [2n, 3n, 4n, 5n].map((epoch) => getPot(client, { subnetId: 1n, token, epoch }));
    expect((await Promise.all(pots)).map(({ total }) => total)).to.deep.equal([0n, POT, POT, 0n]);
    expect(await getFunding(client, { fundingId })).to.deep.equal({
      sponsor: sponsor.address,
      subnetId: 1n,
      token,
      amountPerEpoch: POT,
      firstEpoch: 3n,
      epochs: 2n,
      reclaimed: [],
    });
  });

  it("by default pays for the current epoch, in one call from a wallet", async () => {
    const { as, sponsor, token, client } = await seats();
    const order = { subnetId: 1n, token, amountPerEpoch: POT };
    const { method, firstEpoch } = await fundSubnetFromWallet(await as(sponsor), order);
    expect([method, firstEpoch]).to.deep.equal(["approval", 2n]);
    expect((await getPot(client, { subnetId: 1n, token, epoch: 2n })).total).to.equal(POT);
  });

  it("when called with malformed values, names them", async () => {
    const { client, token } = await seats();
    const order = { subnetId: 1n, token, amountPerEpoch: POT };
    await expectInvalid(fundSubnet(client, { ...order, amountPerEpoch: 0n }), "amountPerEpoch");
    await expectInvalid(fundSubnetFromWallet(client, { ...order, epochs: 0n }), "epochs");
    expect(await rejectionOf(getFunding(client, { fundingId: 1n }))).to.be.instanceOf(NotFoundError);
  });
});

describe("runEpoch", () => {
  it("records shares that pay nearly everything, to who revealed", async () => {
    const { client, epochRun, miners, validators } = await paid();
    const { shares, paid: isPaid, record } = await getEpochRecord(client, { subnetId: 1n, epoch: 2n });
    expect(isPaid).to.equal(true);
    expect(epochRun).to.include({ epoch: 2n, record });
    expect(epochRun.shares).to.deep.equal(shares.filter(({ share }) => share > 0n));
    const places = shares.map(({ index, role, slot, account }) => [index, role, slot, account]);
    expect(places).to.deep.equal([
      ...[0, 1, 2].map((i) => [BigInt(i), "validator", BigInt(i), validators[i]?.address]),
      ...[0, 1, 2].map((i) => [BigInt(i + 3), "miner", BigInt(i), miners[i]?.address]),
    ]);
    const sum = shares.reduce((total, { share }) => total + share, 0n);
    expect(Number(sum)).to.be.within(2 ** 32 - 16, 2 ** 32);
    expect(shares[2]?.share).to.equal(0n);
    await expectRevert(getEpochRecord(client, { subnetId: 1n, epoch: 1n }), "RecordNonexistent", {
      subnetId: 1n,
      epoch: 1n,
    });
  });

  it("when no epoch is pending, reverts", async () => {
    const { client } = await seats();
    await expectRevert(runEpoch(client, { subnetId: 1n }), "EpochNotPending", { subnetId: 1n });
  });
});

describe("getRanking", () => {
  it("orders miners by incentive", async () => {
    const { client, miners } = await paid();
    const ranking = await getRanking(client, { subnetId: 1n, epoch: 2n });
    expect(ranking.map(({ rank, account }) => [rank, account])).to.deep.equal([
      [1, miners[0]?.address],
      [2, miners[1]?.address],
    ]);
    expect(Math.round(Number(ranking[0]?.incentive) / Number(ranking[1]?.incentive))).to.equal(3);
    const none = await rejectionOf(getRanking(client, { subnetId: 1n, epoch: 1n }));
    expect(none).to.be.instanceOf(NotFoundError);
  });
});

describe("claimRewards", () => {
  it("finds and pays shares of the given accounts, for anyone", async () => {
    const { client, miners, token, usd } = await paid();
    const [first, second, third] = miners;
    const order = { subnetId: 1n, epoch: 2n, token };
    const [due] = await getRewards(client, { subnetId: 1n, account: first.address });
    expect(due).to.include({ epoch: 2n, token, pot: POT, index: 3n, role: "miner", isClaimed: false });
    const accounts = [first.address, second.address, third.address];
    const { paid: payments, amount } = await claimRewards(client, { ...order, accounts });
    expect(payments.map(({ account }) => account)).to.deep.equal(accounts.slice(0, 2));
    expect(payments[0]?.amount).to.equal(due?.amount);
    expect(await usd.balanceOf(first)).to.equal(due?.amount);
    expect(amount).to.equal((await usd.balanceOf(first)) + (await usd.balanceOf(second)));
    const [claimed] = await getRewards(client, { subnetId: 1n, account: first.address, tokens: [token] });
    expect(claimed).to.deep.equal({ ...due, isClaimed: true });

    const again = await rejectionOf(claimRewards(client, { ...order, accounts }));
    expect(again).to.be.instanceOf(NotFoundError);
    expect(again.message).to.contain("There is no unclaimed reward");
  });

  it("by default pays everybody who was not paid yet", async () => {
    const { client, miners, validators, token, usd } = await paid();
    const order = { subnetId: 1n, epoch: 2n, token };
    const [first, second] = miners;
    await claimRewards(client, { ...order, accounts: [second.address] });
    const { paid: payments, amount } = await claimRewards(client, order);
    const others = [validators[0], validators[1], first];
    expect(payments.map(({ account }) => account)).to.deep.equal(others.map(({ address }) => address));
    const balances = await Promise.all(others.map(async (one) => await usd.balanceOf(one)));
    expect(payments.map((payment) => payment.amount)).to.deep.equal(balances);
    expect(amount).to.equal(balances.reduce((sum, one) => sum + one, 0n));
    expect(await rejectionOf(claimRewards(client, order))).to.be.instanceOf(NotFoundError);
  });

  it("when called with malformed accounts, names them", async () => {
    const { client, token } = await seats();
    const order = { subnetId: 1n, epoch: 2n, token };
    await expectInvalid(claimRewards(client, { ...order, accounts: [] }), "accounts");
    await expectInvalid(claimRewards(client, { ...order, accounts: ["0x"] }), "accounts[0]");
  });
});

describe("getRewards", () => {
  it("when the range has no epoch, finds nothing", async () => {
    const { client, miners, token } = await paid();
    const account = miners[0]?.address ?? "";
    const search = { subnetId: 1n, account, tokens: [token] };
    expect(await getRewards(client, { ...search, fromEpoch: 3n })).to.deep.equal([]);
    expect(await getRewards(client, { ...search, toEpoch: 1n })).to.deep.equal([]);
    expect(await getRewards(client, { ...search, fromEpoch: 2n, toEpoch: 2n })).to.have.length(1);
  });
});

describe("rollOverPot and reclaimFunding", () => {
  it("move the pot of an epoch that paid nobody, or return it after the end", async () => {
    const { client, sponsoring, as, creator, token, usd, sponsor, goTo } = await paid();
    await goTo(4n);
    const { amount, toEpoch } = await rollOverPot(client, { subnetId: 1n, token, epoch: 3n });
    expect([amount, toEpoch]).to.deep.equal([POT, 4n]);
    const { fundingId } = await fundSubnetFromWallet(sponsoring, {
      subnetId: 1n,
      token,
      amountPerEpoch: POT,
    });
    await expectRevert(reclaimFunding(client, { fundingId }), "SubnetNotRetired", { subnetId: 1n });
    await retireSubnet(await as(creator), { subnetId: 1n });
    await goTo(5n);
    const before = await usd.balanceOf(sponsor);
    expect((await reclaimFunding(client, { fundingId })).amount).to.equal(POT);
    expect(await usd.balanceOf(sponsor)).to.equal(before + POT);
    expect((await getFunding(client, { fundingId })).reclaimed).to.deep.equal([4n]);
  });

  it("when the epoch paid, revert", async () => {
    const { client, token } = await paid();
    const paidEpoch = { subnetId: 1n, epoch: 2n };
    await expectRevert(rollOverPot(client, { ...paidEpoch, token }), "PotNotDead", paidEpoch);
  });
});

describe("scored epochs that wait", () => {
  it("when another action changes their inputs, refuse it until they are run", async () => {
    const fixture = await seats();
    await scored(fixture, 2n, ROWS);
    await fixture.goTo(3n);
    const own = await fixture.as(fixture.creator);
    const pending = { subnetId: 1n, epoch: 2n };
    await expectRevert(retireSubnet(own, { subnetId: 1n }), "EpochPending", pending);
    await runEpoch(fixture.client, { subnetId: 1n });
    await retireSubnet(own, { subnetId: 1n });
  });
});
