import { expect } from "chai";
import { DAY, ethers, LAPSE, licenseFixture, networkHelpers, UNIT_PRICE, voucher, WINDOW } from "../grid.ts";
import { addOffer, expiryOf, licenseUnder, mineAt, nextAt, pauseAt } from "./support.ts";

async function expiryFixture() {
  const grid = await networkHelpers.loadFixture(licenseFixture);
  return { ...grid, expiry: await expiryOf(grid) };
}

describe("LicenseNFT views", () => {
  describe("deadlinesOf", () => {
    it("when the license does not exist, reverts", async () => {
      const { licenses } = await networkHelpers.loadFixture(licenseFixture);
      for (const id of [0n, 2n]) {
        await expect(licenses.deadlinesOf(id))
          .to.be.revertedWithCustomError(licenses, "ERC721NonexistentToken")
          .withArgs(id);
      }
    });

    it("when nothing is paused or changing, counts from the expiry", async () => {
      const { licenses, expiry } = await networkHelpers.loadFixture(expiryFixture);
      const windowEnd = expiry + WINDOW;
      const expected = [windowEnd, windowEnd, windowEnd + LAPSE];
      expect(await licenses.deadlinesOf(1n)).to.deep.equal(expected);
      await mineAt(windowEnd + LAPSE + DAY);
      expect(await licenses.deadlinesOf(1n)).to.deep.equal(expected);
    });

    it("when the expiry is the last there is, counts on", async () => {
      const { licenses } = await licenseUnder({ duration: 2n ** 40n - 1n });
      const windowEnd = 2n ** 40n - 1n + WINDOW;
      expect(await licenses.deadlinesOf(1n)).to.deep.equal([windowEnd, windowEnd, windowEnd + LAPSE]);
    });

    it("when the signer changes, its vouchers settle until then; the next signer's to the end", async () => {
      const { licenses, buyer, payee, expiry } = await networkHelpers.loadFixture(expiryFixture);
      await licenses.connect(buyer).setSigner(1n, payee);
      const { changeAt } = await licenses.keysOf(1n);
      const windowEnd = expiry + WINDOW;
      expect(await licenses.deadlinesOf(1n)).to.deep.equal([changeAt, windowEnd, windowEnd + LAPSE]);
      await mineAt(changeAt + 1n);
      expect((await licenses.deadlinesOf(1n)).settleBy).to.equal(windowEnd);
    });

    it("when the license ends before the change, its window's end is the earlier", async () => {
      const { licenses, buyer, payee } = await networkHelpers.loadFixture(expiryFixture);
      await licenses.connect(buyer).requestClose(1n);
      await licenses.connect(buyer).setSigner(1n, payee);
      const { settleBy, windowEnd } = await licenses.deadlinesOf(1n);
      expect(settleBy).to.equal(windowEnd);
      expect(settleBy).to.be.below((await licenses.keysOf(1n)).changeAt);
    });

    it("when settlement is paused, moves with the pause, from its first second", async () => {
      const grid = await networkHelpers.loadFixture(expiryFixture);
      const { licenses, expiry } = grid;
      const windowEnd = expiry + WINDOW;
      await pauseAt(grid, expiry + DAY, 2n * DAY);
      for (const [at, paused] of [
        [expiry + DAY + 5n, 5n],
        [expiry + 2n * DAY, DAY],
        [expiry + 3n * DAY, 2n * DAY],
        [windowEnd + 3n * DAY, 2n * DAY],
      ] as const) {
        await mineAt(at);
        expect(await licenses.deadlinesOf(1n), `${at - expiry}`).to.deep.equal([
          windowEnd + paused,
          windowEnd + paused,
          windowEnd + LAPSE + paused,
        ]);
      }
    });

    it("when a change of signer is paused, moves with the pause", async () => {
      const grid = await networkHelpers.loadFixture(expiryFixture);
      const { licenses, buyer, payee } = grid;
      await licenses.connect(buyer).setSigner(1n, payee);
      const { changeAt } = await licenses.keysOf(1n);
      await pauseAt(grid, changeAt - DAY, DAY);
      await mineAt(changeAt + 5n);
      expect((await licenses.deadlinesOf(1n)).settleBy).to.equal(changeAt + DAY);
    });

    it("when tried, vouchers settle and licenses close exactly until then", async () => {
      const grid = await networkHelpers.loadFixture(expiryFixture);
      const { licenses, ledger, meter, buyer, expiry } = grid;
      const rows = [await voucher(grid, buyer, { licenseId: 1n, units: 10n })];
      const settle = () => ledger.connect(meter).settleOpen(1n, [{ offerId: 1n, rows }]);
      await pauseAt(grid, expiry + DAY, DAY);
      await mineAt(expiry + 2n * DAY + 1n);
      const { settleBy, windowEnd, lapsesAfter } = await licenses.deadlinesOf(1n);
      const alone = async (time: bigint, thing: () => Promise<unknown>) => {
        const snapshot = await networkHelpers.takeSnapshot();
        await nextAt(time);
        await thing();
        await snapshot.restore();
      };
      await alone(settleBy, async () => expect(settle()).to.emit(ledger, "OpenSettled"));
      await alone(settleBy + 1n, async () =>
        expect(settle()).to.be.revertedWithCustomError(licenses, "LicenseWindowOver").withArgs(1n, windowEnd),
      );
      await alone(windowEnd, async () =>
        expect(ledger.close(1n))
          .to.be.revertedWithCustomError(licenses, "LicenseWindowOpen")
          .withArgs(1n, windowEnd),
      );
      await alone(windowEnd + 1n, async () => expect(ledger.close(1n)).to.emit(licenses, "LicenseClosed"));
      await alone(lapsesAfter, async () => expect(ledger.close(1n)).to.emit(licenses, "LicenseClosed"));
      await alone(lapsesAfter + 1n, async () =>
        expect(licenses.lapse(1n)).to.emit(licenses, "LicenseLapsed"),
      );
    });
  });

  describe("refundOf", () => {
    it("when the license does not exist, reverts", async () => {
      const { licenses } = await networkHelpers.loadFixture(licenseFixture);
      await expect(licenses.refundOf(2n, 0n))
        .to.be.revertedWithCustomError(licenses, "ERC721NonexistentToken")
        .withArgs(2n);
    });

    it("when more is used than prepaid, reverts", async () => {
      const { licenses } = await networkHelpers.loadFixture(licenseFixture);
      await expect(licenses.refundOf(1n, 1_001n))
        .to.be.revertedWithCustomError(licenses, "LicenseUsedExceedsPrepaid")
        .withArgs(1n, 1_001n, 1_000n);
    });

    it("when asked at any time, is what closing refunds, rounded down; nothing once it lapsed", async () => {
      const grid = await networkHelpers.loadFixture(licenseFixture);
      const { licenses, ledger, buyer } = grid;
      const offerId = await addOffer(grid, {}, { pricePerMillion: 333_333n });
      const params = {
        offerId,
        to: buyer.address,
        signer: ethers.ZeroAddress,
        units: 1_000n,
        maxPrice: 334n,
      };
      await licenses.connect(buyer).mint(params, "0x");
      expect(await licenses.refundOf(2n, 0n)).to.equal(333n);
      expect(await licenses.refundOf(2n, 998n)).to.equal(0n);
      for (const used of [0n, 1n, 999n, 1_000n]) {
        expect(await licenses.refundOf(1n, used)).to.equal((1_000n - used) * UNIT_PRICE);
      }
      const { windowEnd, lapsesAfter } = await licenses.deadlinesOf(2n);
      await nextAt(windowEnd + 1n);
      await expect(ledger.close(2n)).to.emit(licenses, "LicenseClosed").withArgs(2n, buyer.address, 0n, 333n);
      await mineAt(lapsesAfter + 1n);
      expect(await licenses.refundOf(1n, 0n)).to.equal(0n);
    });
  });
});
