import { expect } from "chai";
import { ethers, networkHelpers, WINDOW } from "../grid.ts";
import { OPENINGS, PREPAID, settledFixture, usageWord } from "../metering/private.ts";
import { proveRange, stopThreads } from "../metering/proving.ts";

/** License 1 used 100 of 1,000 units and its window is over. A twin ledger without the holder's consent has it too. */
async function twinFixture() {
  const grid = await networkHelpers.loadFixture(settledFixture);
  await networkHelpers.time.increaseTo((await grid.licenses.licenseOf(1n)).expiry + WINDOW + 1n);
  const twin = await ethers.deployContract("ConsentlessLedger", [await grid.ledger.RANGE_VERIFIER()]);
  await twin.open(1n, PREPAID, usageWord(1n, OPENINGS.one));
  return { ...grid, twin };
}

/** The meter's proof; it knows the opening. */
async function metersProof(max: bigint) {
  const usage = BigInt(usageWord(1n, OPENINGS.one));
  return (await proveRange(1n, OPENINGS.one, usage, [0n, max])).proof;
}

describe("attack: closing a license without a refund", () => {
  after(stopThreads);

  it("when the holder's consent is not needed, the meter voids the refund with a valid proof", async () => {
    const { twin, meter } = await networkHelpers.loadFixture(twinFixture);
    await twin.connect(meter).closeWithin(1n, PREPAID, await metersProof(PREPAID));
    expect(await twin.refundOf(1n)).to.equal(0n);
  });

  it("with UsageLedger, the meter's close reverts, and the holder gets its refund", async () => {
    const grid = await networkHelpers.loadFixture(twinFixture);
    const { ledger, router, usd, meter, buyer } = grid;
    for (const max of [PREPAID, 500n]) {
      await expect(ledger.connect(meter).closeWithin(1n, max, await metersProof(max), "0x"))
        .to.be.revertedWithCustomError(ledger, "CloseConsentInvalid")
        .withArgs(1n, buyer.address);
    }
    await ledger.connect(buyer).closeWithin(1n, 100n, await metersProof(100n), "0x");
    expect(await router.withdrawable(buyer, usd)).to.equal(900n * 25n);
  });
});
