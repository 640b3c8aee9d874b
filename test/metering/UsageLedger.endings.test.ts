import { expect } from "chai";
import {
  DAY,
  deployLedger,
  ethers,
  LAPSE,
  mintParams,
  networkHelpers,
  signerChange,
  voucher,
  WINDOW,
} from "../grid.ts";
import { secondLedger } from "../licenses/support.ts";
import { addOffer } from "../settlement/support.ts";
import { ledgerFixture, usageOf } from "./support.ts";

/** Mines the next transaction at exactly this second. */
async function at(seconds: bigint) {
  await networkHelpers.time.setNextBlockTimestamp(seconds);
}

async function endOf({ licenses }: Awaited<ReturnType<typeof ledgerFixture>>, licenseId = 1n) {
  return (await licenses.licenseOf(licenseId)).expiry + WINDOW;
}

describe("UsageLedger: endings and signers", () => {
  describe("settleOpen", () => {
    it("when the settlement window's last second is over, reverts", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      const windowEnd = await endOf(grid);
      const row = await voucher(grid, grid.buyer, { licenseId: 1n, units: 10n });
      await at(windowEnd + 1n);
      await expect(grid.settle([row]))
        .to.be.revertedWithCustomError(grid.licenses, "LicenseWindowOver")
        .withArgs(1n, windowEnd);
    });

    it("when it is the settlement window's last second, settles", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      const row = await voucher(grid, grid.buyer, { licenseId: 1n, units: 10n });
      await at(await endOf(grid));
      await grid.settle([row]);
      expect(await grid.ledger.usageOf(1n)).to.equal(usageOf(10n));
    });
  });

  describe("close", () => {
    it("when the license does not exist, reverts", async () => {
      const { ledger, licenses } = await networkHelpers.loadFixture(ledgerFixture);
      await expect(ledger.close(9n))
        .to.be.revertedWithCustomError(licenses, "ERC721NonexistentToken")
        .withArgs(9n);
    });

    it("when the license is another ledger's, reverts", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      const { licenses, ledger } = grid;
      const other = await deployLedger(grid);
      await networkHelpers.time.increase(40n * DAY);
      await expect(other.close(1n))
        .to.be.revertedWithCustomError(licenses, "CallerNotLicenseLedger")
        .withArgs(1n, await other.getAddress());
      await expect(ledger.close(1n)).to.emit(licenses, "LicenseClosed");
    });

    it("when it is the settlement window's last second, reverts", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      const windowEnd = await endOf(grid);
      await at(windowEnd);
      await expect(grid.ledger.close(1n))
        .to.be.revertedWithCustomError(grid.licenses, "LicenseWindowOpen")
        .withArgs(1n, windowEnd);
    });

    it("when the lapse period is over, reverts", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      const lapsesAfter = (await endOf(grid)) + LAPSE;
      await at(lapsesAfter + 1n);
      await expect(grid.ledger.close(1n))
        .to.be.revertedWithCustomError(grid.licenses, "LicenseLapsedAlready")
        .withArgs(1n, lapsesAfter);
    });

    it("when the window is over, a stranger closes and the holder is owed the unused part exactly", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      const { ledger, licenses, router, usd, buyer, creator } = grid;
      await grid.settle([await voucher(grid, buyer, { licenseId: 1n, units: 377n })]);
      await at((await endOf(grid)) + 1n);
      const refund = (1_000n - 377n) * 25n;
      await expect(ledger.connect(creator).close(1n))
        .to.emit(licenses, "LicenseClosed")
        .withArgs(1n, buyer.address, 377n, refund);
      expect(await router.withdrawable(buyer, usd)).to.equal(refund);
      expect(await router.escrowOf(1n)).to.deep.equal([25_000n, 0n, 1_000n]);
      await expect(router.withdraw(buyer, usd)).to.changeTokenBalance(ethers, usd, buyer, refund);
    });

    it("when it is the lapse period's last second, closes", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      await at((await endOf(grid)) + LAPSE);
      await grid.ledger.close(1n);
      expect(await grid.router.withdrawable(grid.buyer, grid.usd)).to.equal(25_000n);
    });

    it("when the license was transferred, its present holder is owed the refund", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      const { ledger, licenses, router, usd, buyer, creator } = grid;
      await licenses.connect(buyer).transferFrom(buyer, creator, 1n);
      await at((await endOf(grid)) + 1n);
      await ledger.close(1n);
      expect(await router.withdrawable(creator, usd)).to.equal(25_000n);
      expect(await router.withdrawable(buyer, usd)).to.equal(0n);
    });

    it("when it is closed already, reverts and its use stays on record", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      await grid.settle([await voucher(grid, grid.buyer, { licenseId: 1n, units: 10n })]);
      await at((await endOf(grid)) + 1n);
      await grid.ledger.close(1n);
      await expect(grid.ledger.close(1n))
        .to.be.revertedWithCustomError(grid.licenses, "ERC721NonexistentToken")
        .withArgs(1n);
      expect(await grid.ledger.usageOf(1n)).to.equal(usageOf(10n));
    });
  });

  describe("confirmSigners", () => {
    it("when somebody other than the operator calls, reverts", async () => {
      const { ledger, buyer } = await networkHelpers.loadFixture(ledgerFixture);
      await expect(ledger.connect(buyer).confirmSigners(1n, [{ licenseId: 1n, change: 1n }]))
        .to.be.revertedWithCustomError(ledger, "CallerNotMeterOperator")
        .withArgs(1n, buyer.address);
    });

    it("when a license is another meter's, reverts", async () => {
      const { ledger, licenses, buyer, creator } = await networkHelpers.loadFixture(ledgerFixture);
      await licenses.connect(buyer).setSigner(1n, creator);
      await ledger.connect(creator).registerMeter(creator, creator, "");
      await expect(ledger.connect(creator).confirmSigners(2n, [await signerChange({ licenses }, 1n)]))
        .to.be.revertedWithCustomError(ledger, "OfferNotMetered")
        .withArgs(1n, 2n);
    });

    it("when a license is another ledger's, reverts", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      const { ledger, licenses, meter, buyer } = grid;
      const other = await secondLedger(grid);
      await other.connect(buyer).registerMeter(buyer, buyer, "");
      const offerId = await addOffer(grid, { ledger: await other.getAddress() });
      await licenses.connect(buyer).mint(mintParams(offerId, buyer, 1n), "0x");
      await licenses.connect(buyer).setSigner(4n, meter);
      await expect(ledger.connect(meter).confirmSigners(1n, [{ licenseId: 4n, change: 1n }]))
        .to.be.revertedWithCustomError(licenses, "CallerNotLicenseLedger")
        .withArgs(4n, await ledger.getAddress());
    });

    it("when changes are no longer pending or their license is closed, skips them and confirms the others", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      const { ledger, licenses, meter, buyer, stranger, creator } = grid;
      await licenses.connect(buyer).setSigner(1n, creator);
      await licenses.connect(buyer).setSigner(1n, stranger);
      await licenses.connect(stranger).setSigner(2n, creator);
      await at((await endOf(grid, 3n)) + 1n);
      await ledger.close(3n);
      const confirming = ledger.connect(meter).confirmSigners(1n, [
        { licenseId: 9n, change: 1n },
        { licenseId: 3n, change: 1n },
        { licenseId: 1n, change: 1n },
        { licenseId: 2n, change: 1n },
      ]);
      for (const licenseId of [9n, 3n, 1n])
        await expect(confirming).to.emit(ledger, "SignerChangeSkipped").withArgs(1n, licenseId, 1n);
      await expect(confirming).to.emit(licenses, "SignerChangeConfirmed").withArgs(2n, creator.address);
      expect((await licenses.keysOf(1n)).pending).to.equal(stranger.address);
    });

    it("when changes are pending, makes them take effect at once, and once", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      const { ledger, licenses, meter, buyer, stranger, creator, dataOwner } = grid;
      await licenses.connect(buyer).setSigner(1n, creator);
      await licenses.connect(stranger).transferFrom(stranger, dataOwner, 2n);
      const change = await signerChange(grid, 1n);
      const confirmed = ledger.connect(meter).confirmSigners(1n, [await signerChange(grid, 2n), change]);
      await expect(confirmed).to.emit(licenses, "SignerChangeConfirmed").withArgs(1n, creator.address);
      await expect(confirmed).to.emit(licenses, "SignerChangeConfirmed").withArgs(2n, dataOwner.address);
      await grid.settle([
        await voucher(grid, creator, { licenseId: 1n, units: 10n }),
        await voucher(grid, dataOwner, { licenseId: 2n, units: 10n }),
      ]);
      expect(await ledger.usageOf(1n)).to.equal(usageOf(10n));
      await expect(ledger.connect(meter).confirmSigners(1n, [change]))
        .to.emit(ledger, "SignerChangeSkipped")
        .withArgs(1n, 1n, change.change);
    });
  });

  describe("given a holder without a key", () => {
    async function walletFixture() {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      const wallet = await ethers.deployContract("KeylessWallet");
      const params = { offerId: 1n, to: await wallet.getAddress(), units: 100n, maxPrice: 2_500n };
      const { licenses, buyer } = grid;
      await licenses.connect(buyer).mint({ ...params, signer: ethers.ZeroAddress }, "0x");
      await licenses.connect(buyer).mint({ ...params, signer: grid.creator.address }, "0x");
      return { ...grid, wallet };
    }

    it("when no session key is named, nobody's voucher settles", async () => {
      const grid = await networkHelpers.loadFixture(walletFixture);
      const row = await voucher(grid, grid.buyer, { licenseId: 4n, units: 10n });
      await expect(grid.settle([row]))
        .to.be.revertedWithCustomError(grid.ledger, "VoucherSignatureInvalid")
        .withArgs(4n, await grid.wallet.getAddress());
    });

    it("when it was bought with a session key, vouchers by this key settle", async () => {
      const grid = await networkHelpers.loadFixture(walletFixture);
      await grid.settle([await voucher(grid, grid.creator, { licenseId: 5n, units: 10n })]);
      expect(await grid.ledger.usageOf(5n)).to.equal(usageOf(10n));
    });

    it("when the wallet names a session key, its vouchers settle after the window", async () => {
      const grid = await networkHelpers.loadFixture(walletFixture);
      const { licenses, wallet, dataOwner, ledger } = grid;
      const setSigner = licenses.interface.encodeFunctionData("setSigner", [4n, dataOwner.address]);
      await wallet.execute(licenses, setSigner);
      const { changeAt } = await licenses.keysOf(4n);
      const row = await voucher(grid, dataOwner, { licenseId: 4n, units: 10n });
      await at(changeAt);
      await expect(grid.settle([row]))
        .to.be.revertedWithCustomError(ledger, "VoucherSignatureInvalid")
        .withArgs(4n, await wallet.getAddress());
      await at(changeAt + 1n);
      await grid.settle([row]);
      expect(await ledger.usageOf(4n)).to.equal(usageOf(10n));
    });
  });

  describe("given free use", () => {
    it("when it settles and closes, it is counted and no money moves", async () => {
      const grid = await networkHelpers.loadFixture(ledgerFixture);
      const { ledger, licenses, router, usd, creator, payee } = grid;
      const offerId = await addOffer(grid, { pricePerMillion: 0n });
      const params = { offerId, to: creator.address, signer: ethers.ZeroAddress, units: 10n, maxPrice: 0n };
      await licenses.connect(creator).mint(params, "0x");
      await expect(grid.settle([await voucher(grid, creator, { licenseId: 4n, units: 9n })], offerId))
        .to.emit(router, "Released")
        .withArgs(offerId, 1n, payee.address, 1n, 9n, 0n, 0n, 0n, 0n);
      expect(await ledger.usageOf(4n)).to.equal(usageOf(9n));
      await at((await endOf(grid, 4n)) + 1n);
      await ledger.close(4n);
      expect(await router.withdrawable(creator, usd)).to.equal(0n);
      expect(await router.escrowOf(offerId)).to.deep.equal([0n, 0n, 0n]);
    });
  });
});
