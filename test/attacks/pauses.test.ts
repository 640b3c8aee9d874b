import { expect } from "chai";
import { DAY, ethers, licenseFixture, networkHelpers, UNIT_PRICE, voucher, WINDOW } from "../grid.ts";
import { expiryOf, nextAt, pauseAt } from "../licenses/support.ts";

const WEEK = 7n * DAY;

/** License 1 used 400 of its 1,000 units, not yet settled. A twin ledger has it too: its windows ignore pauses. */
async function twinFixture() {
  const grid = await networkHelpers.loadFixture(licenseFixture);
  const expiry = await expiryOf(grid);
  const twin = await ethers.deployContract("HurriedLedger", [grid.guardian, expiry + WINDOW, 1_000n]);
  const rows = [await voucher(grid, grid.buyer, { licenseId: 1n, units: 400n })];
  const settle = () => grid.ledger.connect(grid.meter).settleOpen(1n, [{ offerId: 1n, rows }]);
  return { ...grid, twin, settle, expiry };
}

describe("attack: pausing through a meter's window", () => {
  it("when windows ignore pauses, the meter cannot settle, and the holder takes its pay", async () => {
    const grid = await networkHelpers.loadFixture(twinFixture);
    const { twin, expiry } = grid;
    await pauseAt(grid, expiry, WEEK);
    await nextAt(expiry + WEEK - 1n);
    await expect(twin.settle(400n)).to.be.revertedWithCustomError(twin, "LedgerStopped");
    await nextAt(expiry + WEEK);
    await expect(twin.settle(400n)).to.be.revertedWithCustomError(twin, "LedgerWindowOver");
    await twin.close();
    expect(await twin.refund()).to.equal(1_000n);
  });

  it("with UsageLedger, a pause extends the window, and the holder gets the rest", async () => {
    const grid = await networkHelpers.loadFixture(twinFixture);
    const { licenses, ledger, router, usd, buyer, payee, settle, expiry } = grid;
    await pauseAt(grid, expiry, WEEK);
    await nextAt(expiry + WEEK);
    await expect(ledger.close(1n))
      .to.be.revertedWithCustomError(licenses, "LicenseWindowOpen")
      .withArgs(1n, expiry + WINDOW + WEEK);
    await nextAt(expiry + WEEK + WINDOW);
    await settle();
    await ledger.close(1n);
    expect(await router.withdrawable(payee, usd)).to.equal((400n * UNIT_PRICE) / 5n);
    expect(await router.withdrawable(buyer, usd)).to.equal(600n * UNIT_PRICE);
  });

  it("when the holder also changes the signer, the old signer's voucher settles after the pause", async () => {
    const grid = await networkHelpers.loadFixture(twinFixture);
    const { licenses, ledger, buyer, stranger, settle } = grid;
    await licenses.connect(buyer).setSigner(1n, stranger);
    const start = BigInt(await networkHelpers.time.latest()) + 1n;
    await pauseAt(grid, start, WEEK);
    await nextAt(start + WEEK);
    await expect(settle()).to.emit(ledger, "OpenSettled");
  });
});

describe("attack: pausing to delay a refund", () => {
  it("when the council pauses as long as possible, the holder waits thirty more days at most", async () => {
    const grid = await networkHelpers.loadFixture(twinFixture);
    const { guardian, licenses, ledger, router, usd, buyer, deployer, expiry } = grid;
    let next = expiry;
    for (const duration of [WEEK, WEEK, WEEK, WEEK, 2n * DAY]) {
      await pauseAt(grid, next, duration);
      next += duration;
    }
    await nextAt(next);
    await expect(guardian.connect(deployer).pause(1n))
      .to.be.revertedWithCustomError(guardian, "GuardianPauseLengthInvalid")
      .withArgs(1n, 0n);
    const windowEnd = expiry + WINDOW + 30n * DAY;
    await nextAt(windowEnd);
    await expect(ledger.close(1n))
      .to.be.revertedWithCustomError(licenses, "LicenseWindowOpen")
      .withArgs(1n, windowEnd);
    await nextAt(windowEnd + 1n);
    await ledger.close(1n);
    expect(await router.withdrawable(buyer, usd)).to.equal(1_000n * UNIT_PRICE);
  });
});
