import { claimCoins, contribute, getBacking, openLot } from "@benefit-grid/sdk";
import { expect } from "chai";
import { RELEASE_PERIOD } from "../../commons/support.ts";
import { ethers, networkHelpers } from "../../grid.ts";
import { expectInvalid } from "../clients.ts";
import {
  COIN,
  coinFixture,
  earnHealth,
  HEALTH,
  HEALTH_COINS,
  lotFixture,
  RESERVE,
  soldFixture,
  WHOLE,
} from "./support.ts";

const BOUGHT = (7n * WHOLE) / 8n;
const COINS = (7n * HEALTH_COINS) / 8n;

describe("getBacking", () => {
  it("when the block range is none, names it", async () => {
    const { client } = await networkHelpers.loadFixture(coinFixture);
    await expectInvalid(getBacking(client, { blockRange: 0 }), "blockRange");
  });

  it("when nothing was mined, is nothing", async () => {
    const { client } = await networkHelpers.loadFixture(coinFixture);
    const { blockNumber, ...rest } = await getBacking(client);
    expect(blockNumber).to.equal(await ethers.provider.getBlockNumber());
    const nothing = { minted: 0n, circulating: 0n, unclaimed: 0n, unsold: 0n, proceeds: [], sectors: [] };
    expect(rest).to.deep.equal(nothing);
  });

  it("when a lot is on sale, all of it is unsold, and its money is there", async () => {
    const { client, alicePays, alice, token } = await networkHelpers.loadFixture(lotFixture);
    await contribute(alicePays, { lotId: 1n, buyer: alice.address, amount: WHOLE });
    const { minted, circulating, unclaimed, unsold, proceeds } = await getBacking(client);
    expect({ minted, circulating, unclaimed, unsold }).to.deep.equal({
      minted: HEALTH_COINS,
      circulating: 0n,
      unclaimed: 0n,
      unsold: HEALTH_COINS,
    });
    expect(proceeds).to.deep.equal([
      { currency: token, received: WHOLE, released: 0n, inVaults: WHOLE, perCoin: undefined },
    ]);
  });

  it("when lots are over, returns the bought coins, claimed or not, and their payments", async () => {
    const { client, alice, bob, token } = await networkHelpers.loadFixture(soldFixture);
    const benefit = [{ sector: HEALTH, benefit: 1_000n, earned: HEALTH_COINS }];
    const money = { currency: token, received: BOUGHT, released: 0n, inVaults: BOUGHT, perCoin: RESERVE };
    const bought = await getBacking(client, { blockRange: 5 });
    expect(bought).to.deep.include({
      minted: HEALTH_COINS,
      circulating: 0n,
      unclaimed: COINS,
      unsold: HEALTH_COINS - COINS,
      proceeds: [money],
      sectors: benefit,
    });
    await claimCoins(client, { buyer: alice.address, lotIds: [1n] });
    const claimed = (3n * HEALTH_COINS) / 4n;
    const part = { circulating: claimed, unclaimed: COINS - claimed, unsold: HEALTH_COINS - COINS };
    expect(await getBacking(client)).to.deep.include({ ...part, proceeds: [money] });
    await claimCoins(client, { buyer: bob.address, lotIds: [1n] });
    expect(await getBacking(client)).to.deep.include({ circulating: COINS, unclaimed: 0n });
  });

  it("when the next lot is on sale, its money is there, but no coin is worth more by it", async () => {
    const fixture = await networkHelpers.loadFixture(soldFixture);
    const { client, alicePays, alice, token } = fixture;
    await earnHealth(fixture);
    await openLot(client, { championId: 1n });
    await contribute(alicePays, { lotId: 2n, buyer: alice.address, amount: 9n * WHOLE });
    const { proceeds, unclaimed } = await getBacking(client);
    const received = BOUGHT + 9n * WHOLE;
    expect(unclaimed).to.equal(COINS);
    expect(proceeds).to.deep.equal([
      { currency: token, received, released: 0n, inVaults: received, perCoin: RESERVE },
    ]);
  });

  it("tells dearer lots, gifts and paid milestones apart", async () => {
    const fixture = await networkHelpers.loadFixture(soldFixture);
    const { client, alicePays, alice, bob, usd, token, steward, timelock } = fixture;
    await earnHealth(fixture);
    const { coins } = await openLot(client, { championId: 1n });
    expect(coins).to.equal(HEALTH_COINS + HEALTH_COINS / 8n);
    await contribute(alicePays, { lotId: 2n, buyer: alice.address, amount: 9n * WHOLE });
    await networkHelpers.time.increase(86_400);
    const commons = client.contracts.Commons;
    await usd.connect(bob).approve(commons, 40n);
    await (commons.connect(bob) as typeof commons).deposit(2n, token, 40n);
    const approved = [1n, token, 100n, 0n, ethers.id("evidence")] as const;
    await (commons.connect(steward) as typeof commons).proposeMilestone(...approved);
    await networkHelpers.time.increase(RELEASE_PERIOD);
    await (commons.connect(timelock) as typeof commons).release(1n, ...approved);

    const received = BOUGHT + 9n * WHOLE;
    const { proceeds, minted, unclaimed, unsold, sectors } = await getBacking(client);
    expect({ minted, unclaimed, unsold }).to.deep.equal({
      minted: 2n * HEALTH_COINS,
      unclaimed: 2n * HEALTH_COINS,
      unsold: 0n,
    });
    const perCoin = (received * COIN) / (2n * HEALTH_COINS);
    expect(proceeds).to.deep.equal([
      { currency: token, received, released: 100n, inVaults: received + 40n - 100n, perCoin },
    ]);
    expect(sectors).to.deep.equal([{ sector: HEALTH, benefit: 2_000n, earned: 2n * HEALTH_COINS }]);
  });
});
