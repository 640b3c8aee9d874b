import {
  approveStake,
  createClient,
  getStake,
  InsufficientBalanceError,
  setStakeDelegatee,
  stake,
  stakeFromWallet,
  unstake,
  withdrawStake,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { networkHelpers } from "../../grid.ts";
import { COIN, UNSTAKE_DELAY } from "../../subnets/support.ts";
import { expectInvalid, expectRevert, injectedWallet, rejectionOf, withBatches } from "../clients.ts";
import { oneSubnet } from "./support.ts";

const ORDER = { subnetId: 1n, amount: 150n * COIN };

async function fixture() {
  const given = await oneSubnet();
  const [validator] = given.validators;
  const { stranger, coin } = given;
  await coin.mint(stranger, 1_000n * COIN);
  return { ...given, validator, own: await given.as(validator) };
}

describe("stake", () => {
  it("counts from the next epoch on, and votes by the staker", async () => {
    const { own, validator, goTo } = await fixture();
    const account = validator.address;
    expect(await stake(own, ORDER)).to.include({ fromEpoch: 2n });
    const place = { subnetId: 1n, account };
    const nothing = { unstaking: 0n, withdrawableAt: undefined };
    expect(await getStake(own, place)).to.deep.equal({
      ...nothing,
      counted: 0n,
      added: ORDER.amount,
      delegatee: account,
    });
    await goTo(2n);
    expect(await getStake(own, place)).to.deep.equal({
      ...nothing,
      counted: ORDER.amount,
      added: 0n,
      delegatee: account,
    });
  });

  it("when nothing was approved, reverts", async () => {
    const { client, stranger, hub } = await fixture();
    await expectRevert(stake(client, ORDER), "ERC20InsufficientAllowance", {
      spender: await hub.getAddress(),
      allowance: 0n,
      needed: ORDER.amount,
    });
    await approveStake(client, { amount: ORDER.amount });
    await stake(client, ORDER);
    expect(await getStake(client, { subnetId: 1n, account: stranger.address })).to.include({
      added: ORDER.amount,
    });
  });

  it("when called with malformed values, names them", async () => {
    const { own } = await fixture();
    await expectInvalid(stake(own, { ...ORDER, amount: 0n }), "amount");
    await expectInvalid(stake(own, { ...ORDER, subnetId: 2n ** 32n }), "subnetId");
    await expectRevert(stake(own, { ...ORDER, subnetId: 9n }), "SubnetNonexistent", { subnetId: 9n });
  });
});

describe("stakeFromWallet", () => {
  it("approves the amount if it must, by a batch if the wallet has them", async () => {
    const { client, deployment, stranger } = await fixture();
    expect(await stakeFromWallet(client, ORDER)).to.include({ method: "approval", fromEpoch: 2n });
    const wallet = injectedWallet([stranger.address]);
    withBatches(wallet);
    const own = await createClient({ provider: wallet.provider, deployment });
    expect(await stakeFromWallet(own, ORDER)).to.include({ method: "batch", fromEpoch: 2n });
    expect((await getStake(client, { subnetId: 1n, account: stranger.address })).added).to.equal(
      2n * ORDER.amount,
    );
  });

  it("when the account has too little, signs nothing", async () => {
    const { client } = await fixture();
    const poor = await rejectionOf(stakeFromWallet(client, { ...ORDER, amount: 1_001n * COIN }));
    expect(poor).to.be.instanceOf(InsufficientBalanceError);
  });
});

describe("unstake and withdrawStake", () => {
  it("return the coins after 7 days", async () => {
    const { own, validator, coin } = await fixture();
    await stake(own, ORDER);
    const before = await coin.balanceOf(validator);
    const { withdrawableAt } = await unstake(own, { subnetId: 1n, amount: 50n * COIN });
    const now = BigInt(await networkHelpers.time.latest());
    expect(withdrawableAt).to.equal(now + UNSTAKE_DELAY);
    const place = { subnetId: 1n, account: validator.address };
    expect(await getStake(own, place)).to.include({
      added: 100n * COIN,
      unstaking: 50n * COIN,
      withdrawableAt,
    });
    const early = { ...place, withdrawableAt };
    await expectRevert(withdrawStake(own, { subnetId: 1n }), "WithdrawalNotReady", early);
    await networkHelpers.time.increaseTo(withdrawableAt);
    expect((await withdrawStake(own, { subnetId: 1n })).amount).to.equal(50n * COIN);
    expect(await coin.balanceOf(validator)).to.equal(before + 50n * COIN);
  });
});

describe("setStakeDelegatee", () => {
  it("moves the votes of all staked coins", async () => {
    const { own, validator, stranger, coin } = await fixture();
    await stake(own, ORDER);
    const { amount } = await setStakeDelegatee(own, { delegatee: stranger.address });
    expect(amount).to.equal(ORDER.amount);
    expect(await coin.getVotes(stranger)).to.equal(ORDER.amount);
    const { delegatee } = await getStake(own, { subnetId: 1n, account: validator.address });
    expect(delegatee).to.equal(stranger.address);
  });
});
