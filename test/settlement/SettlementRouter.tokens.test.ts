import { expect } from "chai";
import type { AddressLike, Signer } from "ethers";
import { ethers, impersonate, mintParams, networkHelpers, Role, share, WINDOW } from "../grid.ts";
import { addCapsule, addOffer, Earner, earners, legsOf, payFixture } from "./support.ts";

type Grid = Awaited<ReturnType<typeof payFixture>>;

type Mintable = {
  mint(to: AddressLike, amount: bigint): Promise<unknown>;
  connect(signer: Signer): { approve(spender: AddressLike, amount: bigint): Promise<unknown> };
};

/** The buyer has `amount` of `token` and lets the router take it. */
async function fund<T extends Mintable>(grid: Grid, token: T, amount = 10n ** 30n): Promise<T> {
  await token.mint(grid.buyer, amount);
  await token.connect(grid.buyer).approve(grid.router, amount);
  return token;
}

/** A license of 40 units at 25 of `token`, of an offer of its own. */
async function licenseIn(grid: Grid, token: { getAddress(): Promise<string> }) {
  const offerId = await addOffer(grid, { currency: await token.getAddress() });
  await grid.licenses.connect(grid.buyer).mint(mintParams(offerId, grid.buyer, 40n), "0x");
  return { offerId, licenseId: await grid.licenses.lastLicenseId() };
}

async function feeFixture() {
  const grid = await networkHelpers.loadFixture(payFixture);
  return { ...grid, token: await fund(grid, await ethers.deployContract("FeeToken")) };
}

async function rebasingFixture() {
  const grid = await networkHelpers.loadFixture(payFixture);
  return { ...grid, token: await fund(grid, await ethers.deployContract("RebasingToken")) };
}

async function falseFixture() {
  const grid = await networkHelpers.loadFixture(payFixture);
  return { ...grid, token: await fund(grid, await ethers.deployContract("FalseToken")) };
}

async function silentFixture() {
  const grid = await networkHelpers.loadFixture(payFixture);
  return { ...grid, token: await fund(grid, await ethers.deployContract("SilentToken")) };
}

async function blocklistFixture() {
  const grid = await networkHelpers.loadFixture(payFixture);
  return { ...grid, token: await fund(grid, await ethers.deployContract("BlocklistToken")) };
}

describe("SettlementRouter: tokens", () => {
  describe("given a token with a fee on transfer", () => {
    it("when it is paid, reverts with the received amount", async () => {
      const { router, token, buyer } = await networkHelpers.loadFixture(feeFixture);
      await expect(router.connect(buyer).pay(1n, token, 1_000n, "0x"))
        .to.be.revertedWithCustomError(router, "TransferAmountMismatch")
        .withArgs(await token.getAddress(), 1_000n, 990n);
      expect(await router.revenueOf(1n, 1n, token)).to.deep.equal([0n, 0n, false, 0n, 0n]);
    });

    it("when a license is bought with it, reverts with the received amount", async () => {
      const grid = await networkHelpers.loadFixture(feeFixture);
      await expect(licenseIn(grid, grid.token))
        .to.be.revertedWithCustomError(grid.router, "TransferAmountMismatch")
        .withArgs(await grid.token.getAddress(), 1_000n, 990n);
    });

    it("when the fee rounds to nothing, takes the payment", async () => {
      const { router, token, buyer } = await networkHelpers.loadFixture(feeFixture);
      await router.connect(buyer).pay(1n, token, 99n, "0x");
      expect((await router.revenueOf(1n, 1n, token)).total).to.equal(99n);
    });
  });

  describe("given a token with fake transfers", () => {
    it("when nothing arrives, reverts", async () => {
      const { router, buyer } = await networkHelpers.loadFixture(payFixture);
      const token = await ethers.deployContract("LyingToken");
      await expect(router.connect(buyer).pay(1n, token, 1_000n, "0x"))
        .to.be.revertedWithCustomError(router, "TransferAmountMismatch")
        .withArgs(await token.getAddress(), 1_000n, 0n);
    });
  });

  describe("given a token with shrinking balances", () => {
    it("when the router has too little of it, claims of it fail and dollars still pay", async () => {
      const { router, token, usd, buyer, pay, dataOwner } = await networkHelpers.loadFixture(rebasingFixture);
      await router.connect(buyer).pay(1n, token, 1_000n, "0x");
      await pay(1_000n);
      await token.shrink(router, 700n);
      const [mine, dollars] = [await earners(token, [1n, 1n]), await earners(usd, [1n, 1n])];
      await expect(router.claim([mine]))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
        .withArgs(await router.getAddress(), 300n, 400n);
      await expect(router.claim([dollars])).to.changeTokenBalance(ethers, usd, dataOwner, 400n);
      await expect(router.claim([await earners(token, [Earner.Model, 1n])])).to.changeTokenBalance(
        ethers,
        token,
        router,
        -300n,
      );
      await token.mint(router, 400n);
      await expect(router.claim([mine])).to.changeTokenBalance(ethers, token, dataOwner, 400n);
    });
  });

  describe("given a token returning false", () => {
    it("when it is paid, reverts", async () => {
      const { router, token, buyer } = await networkHelpers.loadFixture(falseFixture);
      await token.breakDown();
      await expect(router.connect(buyer).pay(1n, token, 1_000n, "0x"))
        .to.be.revertedWithCustomError(router, "SafeERC20FailedOperation")
        .withArgs(await token.getAddress());
    });

    it("when it is claimed or withdrawn, reverts and nothing counts as taken", async () => {
      const grid = await networkHelpers.loadFixture(falseFixture);
      const { router, ledger, token, payee } = grid;
      const { offerId } = await licenseIn(grid, token);
      await router.connect(await impersonate(ledger)).release(offerId, 40n, payee);
      await token.breakDown();
      for (const call of [
        async () => router.claim([await earners(token, [0n, 4n])]),
        async () => router.withdraw(payee, token),
      ]) {
        await expect(call())
          .to.be.revertedWithCustomError(router, "SafeERC20FailedOperation")
          .withArgs(await token.getAddress());
      }
      expect(await router.takenOf(1n, 1n, token, Earner.Data)).to.equal(0n);
      expect(await router.withdrawable(payee, token)).to.equal(200n);
    });
  });

  describe("given a token returning nothing", () => {
    it("when it is paid, claimed, prepaid and withdrawn, works", async () => {
      const grid = await networkHelpers.loadFixture(silentFixture);
      const { router, ledger, token, buyer, payee, dataOwner } = grid;
      await router.connect(buyer).pay(1n, token, 1_000n, "0x");
      const { offerId } = await licenseIn(grid, token);
      await router.connect(await impersonate(ledger)).release(offerId, 40n, payee);
      await router.claim([await earners(token, [0n, 4n])]);
      await router.withdraw(payee, token);
      await router.withdraw(grid.application, token);
      expect(await token.balanceOf(dataOwner)).to.equal(800n);
      expect(await token.balanceOf(payee)).to.equal(200n);
      expect(await token.balanceOf(router)).to.equal(0n);
    });
  });

  describe("given a token with a blocked beneficiary", () => {
    it("when a range has it, reverts; without it, others are paid", async () => {
      const { router, token, buyer, dataOwner, modelOwner, creator } =
        await networkHelpers.loadFixture(blocklistFixture);
      await router.connect(buyer).pay(1n, token, 1_000n, "0x");
      await token.setBlocked(dataOwner, true);
      await expect(router.claim([await earners(token, [0n, 4n])]))
        .to.be.revertedWithCustomError(token, "AccountBlocked")
        .withArgs(dataOwner.address);
      const others = router.claim([await earners(token, [0n, 1n]), await earners(token, [2n, 2n])]);
      await expect(others).to.changeTokenBalances(
        ethers,
        token,
        [modelOwner, creator, dataOwner],
        [300n, 200n, 0n],
      );
      await token.setBlocked(dataOwner, false);
      await expect(router.claim([await earners(token, [0n, 4n])])).to.changeTokenBalance(
        ethers,
        token,
        dataOwner,
        400n,
      );
    });

    it("when a license's holder is blocked, it closes all the same and the refund waits", async () => {
      const grid = await networkHelpers.loadFixture(blocklistFixture);
      const { router, ledger, licenses, token, buyer } = grid;
      const { licenseId } = await licenseIn(grid, token);
      await licenses.connect(buyer).requestClose(licenseId);
      await token.setBlocked(buyer, true);
      await networkHelpers.time.increase(WINDOW + 1n);
      await ledger.close(licenseId);
      await expect(router.withdraw(buyer, token))
        .to.be.revertedWithCustomError(token, "AccountBlocked")
        .withArgs(buyer.address);
      expect(await router.withdrawable(buyer, token)).to.equal(1_000n);
      await token.setBlocked(buyer, false);
      await expect(router.withdraw(buyer, token)).to.changeTokenBalance(ethers, token, buyer, 1_000n);
    });

    it("when the meter's payee is blocked, use still settles for the others", async () => {
      const grid = await networkHelpers.loadFixture(blocklistFixture);
      const { router, ledger, token, payee, dataOwner } = grid;
      const { offerId } = await licenseIn(grid, token);
      await token.setBlocked(payee, true);
      await router.connect(await impersonate(ledger)).release(offerId, 40n, payee);
      const claimed = router.claim([await earners(token, [0n, 4n])]);
      await expect(claimed).to.changeTokenBalance(ethers, token, dataOwner, 400n);
    });
  });

  describe("given a token without code", () => {
    it("when it has gone since the offer was made, buying reverts and dollars still pay", async () => {
      const grid = await networkHelpers.loadFixture(payFixture);
      const token = await fund(grid, await ethers.deployContract("PlainToken", [18]));
      const offerId = await addOffer(grid, { currency: await token.getAddress() });
      await networkHelpers.setCode(await token.getAddress(), "0x");
      const { licenses, router, buyer, usd } = grid;
      await expect(licenses.connect(buyer).mint(mintParams(offerId, buyer, 1n), "0x")).to.revert(ethers);
      await expect(router.connect(buyer).pay(1n, token, 1n, "0x"))
        .to.be.revertedWithCustomError(router, "PaymentTokenNotContract")
        .withArgs(await token.getAddress());
      await expect(grid.pay(1_000n)).to.changeTokenBalance(ethers, usd, router, 1_000n);
    });

    it("when claims name it, nobody earned anything in it", async () => {
      const { router, stranger } = await networkHelpers.loadFixture(payFixture);
      const range = await earners(stranger, [0n, 4n]);
      expect([...(await router.claimable(range)).amounts]).to.deep.equal([0n, 0n, 0n, 0n]);
      await expect(router.claim([range]))
        .to.emit(router, "Claimed")
        .withArgs(1n, 1n, stranger.address, 0n, [0n, 0n, 0n, 0n]);
    });
  });

  for (const decimals of [0, 6, 18, 77]) {
    describe(`given ${decimals} decimals`, () => {
      async function decimalsFixture() {
        const grid = await networkHelpers.loadFixture(payFixture);
        const plain = await ethers.deployContract("PlainToken", [decimals]);
        return { ...grid, token: await fund(grid, plain, 2n ** 140n) };
      }

      it("when a few base units are paid, splits them exactly", async () => {
        const { router, token, buyer } = await networkHelpers.loadFixture(decimalsFixture);
        for (let total = 1n; total <= 21n; total += 1n) {
          await router.connect(buyer).pay(1n, token, 1n, "0x");
          const { platform, data, model, compute } = legsOf(total);
          const { amounts } = await router.claimable(await earners(token, [0n, 4n]));
          expect([...amounts]).to.deep.equal([platform, data, model, compute]);
        }
      });

      it("when 2^120 - 1 base units are paid, splits them exactly among rows of the greatest units", async () => {
        const grid = await networkHelpers.loadFixture(decimalsFixture);
        const { router, token, buyer, dataOwner, stranger, creator, commons } = grid;
        const units = 2n ** 64n - 1n;
        const rows = [share(Role.Data, units, dataOwner), share(Role.Data, 1n, stranger)];
        const capsuleId = await addCapsule(grid, rows);
        const total = 2n ** 120n - 1n;
        await router.connect(buyer).pay(capsuleId, token, total, "0x");
        const { platform, data, model, compute } = legsOf(total);
        const claimed = router.claim([await earners(token, [0n, 5n], { capsuleId })]);
        await expect(claimed).to.changeTokenBalances(
          ethers,
          token,
          [commons, dataOwner, stranger, creator],
          [platform, (data * units) / 2n ** 64n, data / 2n ** 64n, model + compute],
        );
      });

      it("when 2^120 base units are paid, reverts", async () => {
        const { router, token, buyer } = await networkHelpers.loadFixture(decimalsFixture);
        await expect(router.connect(buyer).pay(1n, token, 2n ** 120n, "0x"))
          .to.be.revertedWithCustomError(router, "SafeCastOverflowedUintDowncast")
          .withArgs(120n, 2n ** 120n);
      });
    });
  }
});
