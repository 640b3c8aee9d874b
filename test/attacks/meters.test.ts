import { expect } from "chai";
import { licenseFixture, networkHelpers, voucher } from "../grid.ts";

/** Meter 1 of an offline owner. A thief has its operator's key. */
async function stolenFixture() {
  const grid = await networkHelpers.loadFixture(licenseFixture);
  const { ledger, meter, creator: owner, stranger: thief } = grid;
  await ledger.connect(meter).transferMeter(1n, owner);
  await ledger.connect(owner).acceptMeter(1n);
  return { ...grid, owner, thief, key: meter };
}

describe("attack: stealing a meter's hot key", () => {
  it("when the thief names itself payee, operator or owner, is refused", async () => {
    const { ledger, key, thief, payee } = await networkHelpers.loadFixture(stolenFixture);
    const asKey = ledger.connect(key);
    for (const attempt of [
      () => asKey.setMeter(1n, key, thief, ""),
      () => asKey.setMeter(1n, thief, payee, ""),
      () => asKey.transferMeter(1n, thief),
    ]) {
      await expect(attempt())
        .to.be.revertedWithCustomError(ledger, "CallerNotMeterOwner")
        .withArgs(1n, key.address);
    }
  });

  it("when the thief settles, the payee earns; the owner then ends the theft", async () => {
    const grid = await networkHelpers.loadFixture(stolenFixture);
    const { ledger, router, usd, key, owner, thief, payee, buyer } = grid;
    const settle = async (by: typeof key, units: bigint) => {
      const rows = [await voucher(grid, buyer, { licenseId: 1n, units })];
      return await ledger.connect(by).settleOpen(1n, [{ offerId: 1n, rows }]);
    };
    await settle(key, 10n);
    expect(await router.withdrawable(payee, usd)).to.equal(50n);
    expect(await router.withdrawable(thief, usd)).to.equal(0n);

    await ledger.connect(owner).setMeter(1n, owner, payee, "");
    await expect(settle(key, 20n))
      .to.be.revertedWithCustomError(ledger, "CallerNotMeterOperator")
      .withArgs(1n, key.address);
    await settle(owner, 20n);
    expect(await router.withdrawable(payee, usd)).to.equal(100n);
  });
});
