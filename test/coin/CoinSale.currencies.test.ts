import { expect } from "chai";
import { ethers, networkHelpers } from "../grid.ts";
import { COIN, lotFixture, OTHER_RESERVE, RESERVE, saleFixture, stockFixture } from "./sale.ts";

describe("CoinSale, currencies", () => {
  describe("setCurrency", () => {
    it("when the caller has no admin role, reverts", async () => {
      const { sale, usd, operator, stranger } = await networkHelpers.loadFixture(saleFixture);
      for (const caller of [operator, stranger]) {
        await expect(sale.connect(caller).setCurrency(usd, 1n))
          .to.be.revertedWithCustomError(sale, "AccessControlUnauthorizedAccount")
          .withArgs(caller.address, ethers.ZeroHash);
      }
    });

    it("when the token is not a contract, reverts", async () => {
      const { sale, stranger } = await networkHelpers.loadFixture(saleFixture);
      for (const token of [stranger.address, ethers.ZeroAddress]) {
        await expect(sale.setCurrency(token, 1n))
          .to.be.revertedWithCustomError(sale, "CurrencyNotContract")
          .withArgs(token);
      }
    });

    it("when the token is the coin itself, reverts", async () => {
      const { sale, coin } = await networkHelpers.loadFixture(saleFixture);
      await expect(sale.setCurrency(coin, COIN))
        .to.be.revertedWithCustomError(sale, "CurrencyIsCoin")
        .withArgs(await coin.getAddress());
    });

    it("when the default currency would lose its price, reverts", async () => {
      const { sale, usd, other } = await networkHelpers.loadFixture(saleFixture);
      await expect(sale.setCurrency(usd, 0n))
        .to.be.revertedWithCustomError(sale, "CurrencyIsStandard")
        .withArgs(await usd.getAddress());
      await sale.setStandardCurrency(other);
      await sale.setCurrency(usd, 0n);
    });

    it("when a reserve is set, applies to new lots only", async () => {
      const { sale, usd, alice, contribute } = await networkHelpers.loadFixture(lotFixture);
      await expect(sale.setCurrency(usd, 7n * RESERVE))
        .to.emit(sale, "CurrencySet")
        .withArgs(await usd.getAddress(), 7n * RESERVE);
      expect(await sale.reserveOf(usd)).to.equal(7n * RESERVE);
      expect((await sale.lotOf(1n)).reserve).to.equal(RESERVE);
      await contribute(alice, RESERVE);
      expect(await sale.coinsOf(1n, alice)).to.equal(COIN);
    });

    it("when a currency is no longer accepted, open lots continue", async () => {
      const { sale, other, operator, alice, stock } = await networkHelpers.loadFixture(stockFixture);
      await sale.connect(operator).preferCurrency(2n, other);
      await stock(2n, 1n, COIN);
      await sale.open(2n);
      await expect(sale.setCurrency(other, 0n))
        .to.emit(sale, "CurrencySet")
        .withArgs(await other.getAddress(), 0n);
      await sale.connect(alice).contribute(1n, alice, OTHER_RESERVE);
      expect(await sale.coinsOf(1n, alice)).to.equal(COIN);
    });
  });

  describe("setStandardCurrency", () => {
    it("when the caller has no admin role, reverts", async () => {
      const { sale, usd, operator } = await networkHelpers.loadFixture(saleFixture);
      await expect(sale.connect(operator).setStandardCurrency(usd))
        .to.be.revertedWithCustomError(sale, "AccessControlUnauthorizedAccount")
        .withArgs(operator.address, ethers.ZeroHash);
    });

    it("when the token is not accepted, reverts", async () => {
      const { sale, coin, other } = await networkHelpers.loadFixture(saleFixture);
      await sale.setCurrency(other, 0n);
      for (const token of [ethers.ZeroAddress, await coin.getAddress(), await other.getAddress()]) {
        await expect(sale.setStandardCurrency(token))
          .to.be.revertedWithCustomError(sale, "CurrencyNotAccepted")
          .withArgs(token);
      }
    });

    it("when the default is set, new lots use it", async () => {
      const { sale, other, stock } = await networkHelpers.loadFixture(stockFixture);
      await expect(sale.setStandardCurrency(other))
        .to.emit(sale, "StandardCurrencySet")
        .withArgs(await other.getAddress());
      expect(await sale.standardCurrency()).to.equal(await other.getAddress());
      await stock(1n, 1n, COIN);
      await sale.open(1n);
      expect((await sale.lotOf(1n)).currency).to.equal(await other.getAddress());
    });
  });

  describe("preferCurrency", () => {
    it("when the champion does not exist, reverts", async () => {
      const { sale, champions, usd, operator } = await networkHelpers.loadFixture(saleFixture);
      await expect(sale.connect(operator).preferCurrency(3n, usd))
        .to.be.revertedWithCustomError(champions, "ChampionNonexistent")
        .withArgs(3n);
    });

    it("when the caller is not the operator, reverts", async () => {
      const { sale, champions, usd, operator, registrar, governance } =
        await networkHelpers.loadFixture(saleFixture);
      await champions.replaceOperator(2n, governance);
      for (const [championId, caller] of [
        [1n, registrar],
        [1n, governance],
        [2n, operator],
      ] as const) {
        await expect(sale.connect(caller).preferCurrency(championId, usd))
          .to.be.revertedWithCustomError(sale, "CallerNotSaleOperator")
          .withArgs(championId, caller.address);
      }
    });

    it("when the currency is not accepted, reverts", async () => {
      const { sale, other, coin, operator } = await networkHelpers.loadFixture(saleFixture);
      await sale.setCurrency(other, 0n);
      for (const token of [await other.getAddress(), await coin.getAddress()]) {
        await expect(sale.connect(operator).preferCurrency(1n, token))
          .to.be.revertedWithCustomError(sale, "CurrencyNotAccepted")
          .withArgs(token);
      }
    });

    it("when the token is accepted, new lots use it; zero restores the default", async () => {
      const { sale, other, operator } = await networkHelpers.loadFixture(lotFixture);
      const token = await other.getAddress();
      const before = (await sale.lotOf(1n)).currency;
      await expect(sale.connect(operator).preferCurrency(1n, token))
        .to.emit(sale, "CurrencyPreferred")
        .withArgs(1n, token);
      expect([await sale.preferenceOf(1n), await sale.preferenceOf(2n)]).to.deep.equal([
        token,
        ethers.ZeroAddress,
      ]);
      expect((await sale.lotOf(1n)).currency).to.equal(before);
      await expect(sale.connect(operator).preferCurrency(1n, ethers.ZeroAddress))
        .to.emit(sale, "CurrencyPreferred")
        .withArgs(1n, ethers.ZeroAddress);
      expect(await sale.preferenceOf(1n)).to.equal(ethers.ZeroAddress);
    });
  });
});
