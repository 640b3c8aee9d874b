import { expect } from "chai";
import { ethers, networkHelpers } from "../grid.ts";
import { COIN, coinsFor, fundBuyer, HEALTH_COINS, lotFixture, RESERVE, stockFixture, WHOLE } from "./sale.ts";

/** Lot 1 sells 10 coins for a token of this kind, at a reserve price of one base unit. */
async function tokenFixture(name: string, args: unknown[] = []) {
  const fixture = await networkHelpers.loadFixture(stockFixture);
  const { sale, alice, bob, stock } = fixture;
  const token = await ethers.getContractAt("PlainToken", await ethers.deployContract(name, args));
  for (const buyer of [alice, bob]) await fundBuyer(buyer, token, sale);
  await sale.setCurrency(token, 1n);
  await sale.setStandardCurrency(token);
  await stock(1n, 1n, 10n * COIN);
  await sale.open(1n);
  return { ...fixture, token };
}

const feeFixture = () => tokenFixture("FeeToken");
const falseFixture = () => tokenFixture("FalseToken");
const lyingFixture = () => tokenFixture("LyingToken");
const silentFixture = () => tokenFixture("SilentToken");
const rebasingFixture = () => tokenFixture("RebasingToken");
const blocklistFixture = () => tokenFixture("BlocklistToken");
const hookFixture = () => tokenFixture("HookToken");

describe("CoinSale, contributing", () => {
  describe("contribute", () => {
    it("when the lot does not exist, reverts", async () => {
      const { sale, alice, contribute } = await networkHelpers.loadFixture(lotFixture);
      for (const lotId of [0n, 2n]) {
        await expect(contribute(alice, WHOLE, lotId))
          .to.be.revertedWithCustomError(sale, "LotNonexistent")
          .withArgs(lotId);
      }
    });

    it("when the lot is over, reverts from the first second on", async () => {
      const { sale, alice, contribute, closesAt } = await networkHelpers.loadFixture(lotFixture);
      await networkHelpers.time.setNextBlockTimestamp(closesAt - 1n);
      await contribute(alice, WHOLE);
      for (const time of [closesAt, closesAt + 1n]) {
        await networkHelpers.time.setNextBlockTimestamp(time);
        await expect(contribute(alice, WHOLE))
          .to.be.revertedWithCustomError(sale, "LotOver")
          .withArgs(1n, closesAt);
      }
    });

    it("when the buyer is zero, reverts", async () => {
      const { sale, alice } = await networkHelpers.loadFixture(lotFixture);
      await expect(
        sale.connect(alice).contribute(1n, ethers.ZeroAddress, WHOLE),
      ).to.be.revertedWithCustomError(sale, "LotBuyerZero");
    });

    it("when the amount buys no whole coin at the reserve price, reverts", async () => {
      const { sale, alice, contribute } = await networkHelpers.loadFixture(lotFixture);
      for (const amount of [0n, 1n, RESERVE - 1n]) {
        await expect(contribute(alice, amount))
          .to.be.revertedWithCustomError(sale, "ContributionTooSmall")
          .withArgs(1n, amount, RESERVE);
      }
      await contribute(alice, RESERVE);
      expect(await sale.coinsOf(1n, alice)).to.equal(COIN);
    });

    it("when allowance or balance is short, reverts with the token's error", async () => {
      const { sale, usd, alice, stranger } = await networkHelpers.loadFixture(lotFixture);
      await expect(sale.connect(stranger).contribute(1n, alice, WHOLE))
        .to.be.revertedWithCustomError(usd, "ERC20InsufficientAllowance")
        .withArgs(await sale.getAddress(), 0n, WHOLE);
      await usd.connect(stranger).approve(sale, WHOLE);
      await expect(sale.connect(stranger).contribute(1n, alice, WHOLE))
        .to.be.revertedWithCustomError(usd, "ERC20InsufficientBalance")
        .withArgs(stranger.address, 0n, WHOLE);
    });

    it("when the amount is enough, pays it into the programme's vault in the same transaction", async () => {
      const { sale, usd, commons, alice, bob } = await networkHelpers.loadFixture(lotFixture);
      const paid = sale.connect(alice).contribute(1n, bob, WHOLE / 3n);
      await expect(paid)
        .to.emit(sale, "Contributed")
        .withArgs(1n, bob.address, alice.address, WHOLE / 3n);
      await expect(paid)
        .to.emit(commons, "VaultFunded")
        .withArgs(1n, await usd.getAddress(), await sale.getAddress(), WHOLE / 3n);
      await expect(paid).to.changeTokenBalances(
        ethers,
        usd,
        [alice, bob, sale, commons],
        [-WHOLE / 3n, 0n, 0n, WHOLE / 3n],
      );
      expect(await commons.vaultOf(1n, usd)).to.deep.equal([WHOLE / 3n, 0n]);
      expect(await usd.allowance(sale, commons)).to.equal(0n);
      expect([await sale.contributionOf(1n, bob), await sale.contributionOf(1n, alice)]).to.deep.equal([
        WHOLE / 3n,
        0n,
      ]);
    });

    it("when the total is below the reserve, each coin costs the reserve price", async () => {
      const { sale, alice, bob, contribute } = await networkHelpers.loadFixture(lotFixture);
      await contribute(alice, 10n * RESERVE);
      await contribute(bob, RESERVE + RESERVE / 3n);
      await contribute(alice, RESERVE);
      expect((await sale.lotOf(1n)).total).to.equal(12n * RESERVE + RESERVE / 3n);
      expect(await sale.contributionOf(1n, alice)).to.equal(11n * RESERVE);
      expect(await sale.coinsOf(1n, alice)).to.equal(11n * COIN);
      expect(await sale.coinsOf(1n, bob)).to.equal(133_333_300n);
      expect(await sale.soldOf(1n)).to.equal(1_233_333_300n);
    });

    it("when the total is above the reserve, shares all coins, in any order of payment", async () => {
      const { sale, alice, bob, carol, contribute } = await networkHelpers.loadFixture(lotFixture);
      await contribute(alice, WHOLE);
      expect(await sale.coinsOf(1n, alice)).to.equal(HEALTH_COINS);
      expect(await sale.soldOf(1n)).to.equal(HEALTH_COINS);
      await contribute(bob, 2n * WHOLE);
      await contribute(carol, 4n * WHOLE);
      const shares = await Promise.all([alice, bob, carol].map((buyer) => sale.coinsOf(1n, buyer)));
      expect(shares).to.deep.equal([HEALTH_COINS / 7n, (2n * HEALTH_COINS) / 7n, (4n * HEALTH_COINS) / 7n]);
      expect(shares).to.deep.equal(
        [1n, 2n, 4n].map((part) => coinsFor(part * WHOLE, 7n * WHOLE, HEALTH_COINS, RESERVE)),
      );
    });

    it("when the total is below, at or above the reserve, sells all coins only from the reserve on", async () => {
      const { sale, alice, contribute } = await networkHelpers.loadFixture(lotFixture);
      await contribute(alice, WHOLE - RESERVE - 1n);
      await contribute(alice, RESERVE);
      expect(await sale.soldOf(1n)).to.equal(HEALTH_COINS - COIN / RESERVE);
      const snapshot = await networkHelpers.takeSnapshot();
      for (const [more, coins] of [
        [RESERVE, HEALTH_COINS],
        [RESERVE + 1n, HEALTH_COINS],
      ] as const) {
        await contribute(alice, more);
        expect(await sale.soldOf(1n)).to.equal(coins);
        await snapshot.restore();
      }
    });

    it("when the champion's programme changes, the lot keeps its own", async () => {
      const { sale, champions, commons, usd, alice, contribute } =
        await networkHelpers.loadFixture(lotFixture);
      await champions.setProgramme(1n, 2n);
      await contribute(alice, WHOLE);
      expect(await commons.vaultOf(1n, usd)).to.deep.equal([WHOLE, 0n]);
      expect(await commons.vaultOf(2n, usd)).to.deep.equal([0n, 0n]);
      expect((await sale.lotOf(1n)).programmeId).to.equal(1n);
    });

    it("when the total is 2^128 - 1, shares are exact and further payments revert", async () => {
      const { sale, token, alice, bob } = await networkHelpers.loadFixture(silentFixture);
      const most = 2n ** 128n - 1n;
      await token.mint(alice, most);
      await token.mint(bob, most);
      await sale.connect(alice).contribute(1n, alice, most - 5n);
      await sale.connect(bob).contribute(1n, bob, 5n);
      expect(await sale.coinsOf(1n, alice)).to.equal(10n * COIN - 1n);
      expect(await sale.coinsOf(1n, bob)).to.equal(0n);
      await expect(sale.connect(bob).contribute(1n, bob, 1n)).to.be.revertedWithPanic(0x11);
    });
  });

  describe("contribute, given other tokens", () => {
    it("when the token takes a fee, reverts", async () => {
      const { sale, token, alice } = await networkHelpers.loadFixture(feeFixture);
      await expect(sale.connect(alice).contribute(1n, alice, 1_000n))
        .to.be.revertedWithCustomError(sale, "TransferAmountMismatch")
        .withArgs(await token.getAddress(), 1_000n, 990n);
    });

    it("when the token returns false or does not transfer, reverts", async () => {
      const given = await networkHelpers.loadFixture(falseFixture);
      await (await ethers.getContractAt("FalseToken", given.token)).breakDown();
      await expect(given.sale.connect(given.alice).contribute(1n, given.alice, 1_000n))
        .to.be.revertedWithCustomError(given.sale, "SafeERC20FailedOperation")
        .withArgs(await given.token.getAddress());
      const { sale, token, alice } = await networkHelpers.loadFixture(lyingFixture);
      await expect(sale.connect(alice).contribute(1n, alice, 1_000n))
        .to.be.revertedWithCustomError(sale, "TransferAmountMismatch")
        .withArgs(await token.getAddress(), 1_000n, 0n);
    });

    it("when the token returns nothing, accepts it", async () => {
      const { sale, token, commons, alice } = await networkHelpers.loadFixture(silentFixture);
      await sale.connect(alice).contribute(1n, alice, 1_000n);
      expect(await commons.vaultOf(1n, token)).to.deep.equal([1_000n, 0n]);
      expect(await token.balanceOf(commons)).to.equal(1_000n);
    });

    it("when the token blocks the Commons, reverts and records nothing", async () => {
      const { sale, token, commons, alice } = await networkHelpers.loadFixture(blocklistFixture);
      const list = await ethers.getContractAt("BlocklistToken", token);
      await list.setBlocked(commons, true);
      await expect(sale.connect(alice).contribute(1n, alice, 1_000n))
        .to.be.revertedWithCustomError(list, "AccountBlocked")
        .withArgs(await commons.getAddress());
      expect((await sale.lotOf(1n)).total).to.equal(0n);
    });

    it("when balances shrink afterwards, shares stay the same", async () => {
      const { sale, token, commons, alice } = await networkHelpers.loadFixture(rebasingFixture);
      await sale.connect(alice).contribute(1n, alice, 1_000n);
      await (await ethers.getContractAt("RebasingToken", token)).shrink(commons, 999n);
      expect(await sale.coinsOf(1n, alice)).to.equal(10n * COIN);
    });

    it("when tokens are added during the transfer, reverts", async () => {
      const { sale, token, alice } = await networkHelpers.loadFixture(hookFixture);
      const hook = await ethers.getContractAt("HookToken", token);
      await hook.arm(token, token.interface.encodeFunctionData("mint", [await sale.getAddress(), 7n]), true);
      await expect(sale.connect(alice).contribute(1n, alice, 1_000n))
        .to.be.revertedWithCustomError(sale, "TransferAmountMismatch")
        .withArgs(await token.getAddress(), 1_000n, 1_007n);
    });
  });
});
