import {
  approveContribution,
  claimCoins,
  contribute,
  getContribution,
  getCurrencies,
  getLot,
  listLots,
  openLot,
  preferCurrency,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { DAY, ethers, networkHelpers } from "../../grid.ts";
import { expectInvalid, expectRevert } from "../clients.ts";
import {
  COIN,
  coinFixture,
  earnHealth,
  HEALTH_COINS,
  lotFixture,
  RESERVE,
  soldFixture,
  WHOLE,
} from "./support.ts";

describe("openLot", () => {
  it("when the id is out of range, names it", async () => {
    const { client } = await networkHelpers.loadFixture(coinFixture);
    await expectInvalid(openLot(client, { championId: 2n ** 32n }), "championId");
  });

  it("when nothing waits, reverts", async () => {
    const { client } = await networkHelpers.loadFixture(coinFixture);
    await expectRevert(openLot(client, { championId: 1n }), "StockBelowCoin", { championId: 1n, coins: 0n });
  });

  it("puts coins on sale and returns the lot's terms", async () => {
    const { client, lot, token } = await networkHelpers.loadFixture(lotFixture);
    const { lotId, coins, currency, reserve, programmeId } = lot;
    expect({ lotId, coins, currency, reserve, programmeId }).to.deep.equal({
      lotId: 1n,
      coins: HEALTH_COINS,
      currency: token,
      reserve: RESERVE,
      programmeId: 1n,
    });
    const now = BigInt(await networkHelpers.time.latest());
    expect(lot.closesAt).to.equal(now + DAY);
    await expectRevert(openLot(client, { championId: 1n }), "LotStillOpen", {
      lotId: 1n,
      closesAt: lot.closesAt,
    });
  });
});

describe("approveContribution", () => {
  it("when a parameter can never be valid, names it", async () => {
    const { client, token } = await networkHelpers.loadFixture(coinFixture);
    await expectInvalid(approveContribution(client, { token: "0x1", amount: 1n }), "token");
    await expectInvalid(approveContribution(client, { token, amount: -1n }), "amount");
  });

  it("lets the sale take this amount", async () => {
    const { client, token, usd, stranger, deployment } = await networkHelpers.loadFixture(coinFixture);
    await approveContribution(client, { token, amount: 7n });
    expect(await usd.allowance(stranger, deployment.contracts.CoinSale)).to.equal(7n);
  });
});

describe("contribute", () => {
  it("when a parameter can never be valid, names it", async () => {
    const { alicePays, alice } = await networkHelpers.loadFixture(lotFixture);
    const part = { lotId: 1n, buyer: alice.address, amount: WHOLE };
    await expectInvalid(contribute(alicePays, { ...part, lotId: 2n ** 64n }), "lotId");
    await expectInvalid(contribute(alicePays, { ...part, buyer: "0x1" }), "buyer");
    await expectInvalid(contribute(alicePays, { ...part, amount: 0n }), "amount");
  });

  it("when it is too small, or nothing is approved, reverts", async () => {
    const { alicePays, client, alice, deployment } = await networkHelpers.loadFixture(lotFixture);
    const part = { lotId: 1n, buyer: alice.address };
    await expectRevert(contribute(alicePays, { ...part, amount: RESERVE - 1n }), "ContributionTooSmall", {
      lotId: 1n,
      amount: RESERVE - 1n,
      minimum: RESERVE,
    });
    await expectRevert(contribute(client, { ...part, amount: RESERVE }), "ERC20InsufficientAllowance", {
      spender: ethers.getAddress(deployment.contracts.CoinSale),
      allowance: 0n,
      needed: RESERVE,
    });
  });

  it("pays the programme, for the named buyer", async () => {
    const { alicePays, alice, bob, client } = await networkHelpers.loadFixture(lotFixture);
    const { payer, programmeId } = await contribute(alicePays, {
      lotId: 1n,
      buyer: bob.address,
      amount: WHOLE / 2n,
    });
    expect({ payer, programmeId }).to.deep.equal({ payer: alice.address, programmeId: 1n });
    const part = await getContribution(client, { lotId: 1n, buyer: bob.address });
    expect(part).to.deep.equal({ amount: WHOLE / 2n, coins: HEALTH_COINS / 2n });
  });
});

describe("getLot", () => {
  it("when there is none, or the id is out of range, says so", async () => {
    const { client } = await networkHelpers.loadFixture(lotFixture);
    await expectInvalid(getLot(client, { lotId: -1n }), "lotId");
    await expectRevert(getLot(client, { lotId: 2n }), "LotNonexistent", { lotId: 2n });
  });

  it("tells price and coins so far, below, at and above the reserve, and how long it lasts", async () => {
    const { client, alicePays, alice, lot, token } = await networkHelpers.loadFixture(lotFixture);
    const pay = (amount: bigint) => contribute(alicePays, { lotId: 1n, buyer: alice.address, amount });
    const fixed = {
      championId: 1n,
      programmeId: 1n,
      currency: token,
      reserve: RESERVE,
      coins: HEALTH_COINS,
      closesAt: lot.closesAt,
    };
    expect(await getLot(client, { lotId: 1n })).to.deep.equal({
      ...fixed,
      total: 0n,
      price: RESERVE,
      sold: 0n,
      secondsLeft: DAY,
    });
    await pay(WHOLE - RESERVE - 1n);
    const half = await getLot(client, { lotId: 1n });
    expect([half.price, half.sold]).to.deep.equal([RESERVE, HEALTH_COINS - COIN - 100n]);
    await pay(RESERVE + 1n);
    const full = await getLot(client, { lotId: 1n });
    expect([full.price, full.sold]).to.deep.equal([RESERVE, HEALTH_COINS]);
    await pay(RESERVE);
    const { price, sold } = await getLot(client, { lotId: 1n });
    expect([price, sold]).to.deep.equal([RESERVE + 186n, HEALTH_COINS]);
    expect(await client.contracts.CoinSale.soldOf(1n)).to.equal(sold);
    await networkHelpers.time.increaseTo(lot.closesAt - 1n);
    expect((await getLot(client, { lotId: 1n })).secondsLeft).to.equal(1n);
    await networkHelpers.time.increaseTo(lot.closesAt + 1n);
    expect((await getLot(client, { lotId: 1n })).secondsLeft).to.equal(0n);
  });
});

describe("claimCoins", () => {
  it("when a parameter can never be valid, names it", async () => {
    const { client, alice } = await networkHelpers.loadFixture(soldFixture);
    await expectInvalid(claimCoins(client, { buyer: alice.address, lotIds: [] }), "lotIds");
    await expectInvalid(claimCoins(client, { buyer: alice.address, lotIds: [1n, -1n] }), "lotIds[1]");
    await expectInvalid(claimCoins(client, { buyer: "0x1", lotIds: [1n] }), "buyer");
    await expectInvalid(getContribution(client, { buyer: "0x1", lotId: 1n }), "buyer");
  });

  it("gives a buyer its coins once, for any caller", async () => {
    const { client, alice } = await networkHelpers.loadFixture(soldFixture);
    const { coins, lots } = await claimCoins(client, { buyer: alice.address, lotIds: [1n] });
    expect(coins).to.equal((3n * HEALTH_COINS) / 4n);
    expect(lots).to.deep.equal([{ lotId: 1n, coins }]);
    expect(await client.contracts.FoundationCoin.balanceOf(alice)).to.equal(coins);
    expect(await getContribution(client, { lotId: 1n, buyer: alice.address })).to.deep.equal({
      amount: 0n,
      coins: 0n,
    });
    const again = await claimCoins(client, { buyer: alice.address, lotIds: [1n] });
    expect([again.coins, again.lots]).to.deep.equal([0n, []]);
  });
});

describe("listLots", () => {
  it("when a parameter can never be valid, names it", async () => {
    const { client } = await networkHelpers.loadFixture(lotFixture);
    await expectInvalid(listLots(client, { championId: -1n }), "championId");
    await expectInvalid(listLots(client, { buyer: "0x1" }), "buyer");
    await expectInvalid(listLots(client, { blockRange: 0 }), "blockRange");
    await expectInvalid(listLots(client, { limit: 0 }), "limit");
  });

  it("finds lots, those of a champion, those of a buyer, in block ranges of any size", async () => {
    const fixture = await networkHelpers.loadFixture(soldFixture);
    const { client, bobPays, alice, bob } = fixture;
    await earnHealth(fixture);
    await openLot(client, { championId: 1n });
    await contribute(bobPays, { lotId: 2n, buyer: bob.address, amount: RESERVE });
    await contribute(bobPays, { lotId: 2n, buyer: bob.address, amount: RESERVE });
    const ids = async (parameters: Parameters<typeof listLots>[1]) =>
      (await listLots(client, parameters)).map(({ lotId }) => lotId);
    expect(await ids(undefined)).to.deep.equal([1n, 2n]);
    expect(await ids({ limit: 1 })).to.deep.equal([2n]);
    expect(await ids({ buyer: bob.address, limit: 1 })).to.deep.equal([2n]);
    for (const blockRange of [1, 7, 10_000]) {
      expect(await ids({ championId: 1n, blockRange })).to.deep.equal([1n, 2n]);
      expect(await ids({ championId: 2n, blockRange })).to.deep.equal([]);
      expect(await ids({ buyer: alice.address, blockRange })).to.deep.equal([1n]);
      expect(await ids({ buyer: bob.address, blockRange })).to.deep.equal([1n, 2n]);
      expect(await ids({ buyer: bob.address, championId: 2n, blockRange })).to.deep.equal([]);
    }
    const [first] = await listLots(client);
    expect(first).to.deep.equal({ lotId: 1n, ...(await getLot(client, { lotId: 1n })) });
  });
});

describe("preferCurrency and getCurrencies", () => {
  it("when a parameter can never be valid, name it", async () => {
    const { operating, client } = await networkHelpers.loadFixture(coinFixture);
    await expectInvalid(preferCurrency(operating, { championId: -1n }), "championId");
    await expectInvalid(preferCurrency(operating, { championId: 1n, token: "0x1" }), "token");
    await expectInvalid(getCurrencies(client, { blockRange: 0 }), "blockRange");
  });

  it("when the caller is not the operator, reverts", async () => {
    const { client, token, stranger } = await networkHelpers.loadFixture(coinFixture);
    await expectRevert(preferCurrency(client, { championId: 1n, token }), "CallerNotSaleOperator", {
      championId: 1n,
      caller: stranger.address,
    });
  });

  it("list the accepted ones, choose among them, or return to the standard one", async () => {
    const { client, operating, token, timelock } = await networkHelpers.loadFixture(coinFixture);
    const sale = client.contracts.CoinSale.connect(timelock) as typeof client.contracts.CoinSale;
    const [other, gone] = [
      await ethers.deployContract("PlainToken", [18]),
      await ethers.deployContract("PlainToken", [18]),
    ];
    await sale.setCurrency(other, 1n);
    await sale.setCurrency(gone, 5n);
    await sale.setCurrency(other, 9n);
    await sale.setCurrency(gone, 0n);
    expect(await getCurrencies(client, { blockRange: 3 })).to.deep.equal([
      { token, reserve: RESERVE, isStandard: true },
      { token: await other.getAddress(), reserve: 9n, isStandard: false },
    ]);
    await preferCurrency(operating, { championId: 1n, token: await other.getAddress() });
    expect(await client.contracts.CoinSale.preferenceOf(1n)).to.equal(await other.getAddress());
    await preferCurrency(operating, { championId: 1n });
    expect(await client.contracts.CoinSale.preferenceOf(1n)).to.equal(ethers.ZeroAddress);
  });
});
