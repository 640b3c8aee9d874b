import { expect } from "chai";
import {
  DAY,
  ethers,
  type GridFixture,
  impersonate,
  licenseFixture,
  networkHelpers,
  signerChange,
  voucher,
  WINDOW,
} from "../grid.ts";
import { expiryOf, nextAt, pauseAt } from "../licenses/support.ts";
import { earners } from "../settlement/support.ts";
import {
  OPENINGS,
  privateFixture,
  provenSettlement,
  SECOND,
  settle,
  settledFixture,
  signUsage,
  usageWord,
} from "./private.ts";
import { NO_PROOF, proveRange, stopThreads } from "./proving.ts";

/** Paused for a day, until `until`. */
async function pause<T extends GridFixture>(grid: T) {
  const start = BigInt(await networkHelpers.time.latest()) + 10n;
  await pauseAt(grid, start, DAY);
  return { ...grid, until: start + DAY };
}

const openFixture = async () => await pause(await networkHelpers.loadFixture(licenseFixture));

/** `FIRST` is settled and the windows are over. */
async function overFixture() {
  const grid = await networkHelpers.loadFixture(settledFixture);
  await networkHelpers.time.increaseTo((await expiryOf(grid, 4n)) + WINDOW + 1n);
  return await pause(grid);
}

describe("UsageLedger in a pause", () => {
  after(stopThreads);

  describe("settleOpen", () => {
    it("when a stranger calls, reverts with CallerNotMeterOperator first", async () => {
      const { ledger, stranger } = await networkHelpers.loadFixture(openFixture);
      await expect(ledger.connect(stranger).settleOpen(1n, []))
        .to.be.revertedWithCustomError(ledger, "CallerNotMeterOperator")
        .withArgs(1n, stranger.address);
    });

    it("when the pause's last second has not passed, reverts, and settles in the next", async () => {
      const grid = await networkHelpers.loadFixture(openFixture);
      const { ledger, meter, buyer, until } = grid;
      const rows = [await voucher(grid, buyer, { licenseId: 1n, units: 400n })];
      const settling = () => ledger.connect(meter).settleOpen(1n, [{ offerId: 1n, rows }]);
      for (const time of [until - DAY + 1n, until - 1n]) {
        await nextAt(time);
        await expect(settling()).to.be.revertedWithCustomError(ledger, "SettlementPaused").withArgs(until);
      }
      await nextAt(until);
      await expect(settling()).to.emit(ledger, "OpenSettled");
    });

    it("when the council resumes, settles at once", async () => {
      const grid = await networkHelpers.loadFixture(openFixture);
      const { ledger, guardian, meter, buyer } = grid;
      await guardian.resume();
      const rows = [await voucher(grid, buyer, { licenseId: 1n, units: 400n })];
      await expect(ledger.connect(meter).settleOpen(1n, [{ offerId: 1n, rows }])).to.emit(
        ledger,
        "OpenSettled",
      );
    });
  });

  describe("settlePrivate", () => {
    it("when it was proven before the pause, settles after it, though all windows would be over", async () => {
      const grid = await networkHelpers.loadFixture(settledFixture);
      const { ledger } = grid;
      const proven = await provenSettlement(grid, SECOND);
      const start = (await expiryOf(grid, 1n)) + WINDOW - 10n;
      await pauseAt(grid, start, 7n * DAY);
      await nextAt(start + 7n * DAY - 1n);
      await expect(settle(grid, proven))
        .to.be.revertedWithCustomError(ledger, "SettlementPaused")
        .withArgs(start + 7n * DAY);
      await nextAt(start + 7n * DAY);
      await expect(settle(grid, proven)).to.emit(ledger, "PrivateSettled");
    });

    it("when the ledger is also retired, reverts with SettlementPaused first", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      await grid.terms.connect(await impersonate(grid.timelock)).retireLedger(grid.ledger);
      const { ledger, meter, until } = await pause(grid);
      await expect(ledger.connect(meter).settlePrivate(1n, 9n, [], 0n, NO_PROOF))
        .to.be.revertedWithCustomError(ledger, "SettlementPaused")
        .withArgs(until);
    });
  });

  describe("settleRetired", () => {
    it("when a pause is underway, reverts, and settles after it", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const { ledger, meter, buyer, terms, timelock } = grid;
      await terms.connect(await impersonate(timelock)).retireLedger(ledger);
      const signature = await signUsage(grid, buyer, 1n, usageWord(1n, OPENINGS.one));
      const oldOpening = { units: 0n, contexts: 0n, salt: 0n };
      const rows = [{ licenseId: 1n, oldOpening, newOpening: OPENINGS.one, ...signature }];
      const settling = () => ledger.connect(meter).settleRetired(1n, [{ offerId: 2n, rows }]);
      const { until } = await pause(grid);
      await expect(settling()).to.be.revertedWithCustomError(ledger, "SettlementPaused").withArgs(until);
      await nextAt(until);
      await expect(settling()).to.emit(ledger, "PrivateSettled");
    });
  });

  describe("actions that are never paused", () => {
    it("when licenses are due, all ways to close go on, and refunds are paid", async () => {
      const grid = await networkHelpers.loadFixture(overFixture);
      const { ledger, licenses, router, usd, guardian, buyer, stranger } = grid;
      const usage = BigInt(usageWord(3n, OPENINGS.three));
      const { proof } = await proveRange(3n, OPENINGS.three, usage, [0n, 10n]);
      await expect(ledger.close(4n))
        .to.emit(licenses, "LicenseClosed")
        .withArgs(4n, buyer.address, 0n, 25_000n);
      await expect(ledger.closeOpened(1n, OPENINGS.one))
        .to.emit(licenses, "LicenseClosed")
        .withArgs(1n, buyer.address, 100n, 22_500n);
      await expect(ledger.connect(buyer).closeWithin(3n, 10n, proof, 0n, "0x"))
        .to.emit(licenses, "LicenseClosed")
        .withArgs(3n, buyer.address, 10n, 2_970n);
      await expect(router.connect(stranger).withdraw(buyer, usd)).to.changeTokenBalance(
        ethers,
        usd,
        buyer,
        50_470n,
      );
      expect(await guardian.isPaused()).to.equal(true);
    });

    it("when money is due, claims and withdrawals go on, and so do payments and purchases", async () => {
      const grid = await networkHelpers.loadFixture(overFixture);
      const { router, licenses, usd, guardian, buyer, payee, dataOwner } = grid;
      await router.claim([await earners(usd, [0n, 4n])]);
      expect(await usd.balanceOf(dataOwner)).to.be.greaterThan(0n);
      await router.withdraw(payee, usd);
      expect(await usd.balanceOf(payee)).to.be.greaterThan(0n);
      await router.connect(buyer).pay(1n, usd, 10n, "0x");
      const params = { offerId: 1n, to: buyer.address, signer: buyer.address, units: 1n, maxPrice: 25n };
      await expect(licenses.connect(buyer).mint(params, "0x")).to.emit(licenses, "LicenseMinted");
      expect(await guardian.isPaused()).to.equal(true);
    });

    it("when a signer changed, the meter confirms it", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const { ledger, licenses, meter, buyer, stranger } = grid;
      await licenses.connect(buyer).setSigner(1n, stranger);
      await pause(grid);
      await expect(ledger.connect(meter).confirmSigners(1n, [await signerChange(grid, 1n)]))
        .to.emit(licenses, "SignerChangeConfirmed")
        .withArgs(1n, stranger.address);
    });

    it("when a license has lapsed, it is burned", async () => {
      const grid = await networkHelpers.loadFixture(settledFixture);
      await networkHelpers.time.increaseTo((await expiryOf(grid, 4n)) + WINDOW + 180n * DAY + 1n);
      const { licenses } = await pause(grid);
      await expect(licenses.lapse(1n)).to.emit(licenses, "LicenseLapsed");
    });
  });
});
