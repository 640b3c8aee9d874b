import { expect } from "chai";
import { ethers, networkHelpers, voucherDomain, WINDOW } from "../grid.ts";
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
      await expect(ledger.connect(meter).closeWithin(1n, max, await metersProof(max), 2n ** 40n, "0x"))
        .to.be.revertedWithCustomError(ledger, "CloseConsentInvalid")
        .withArgs(1n, buyer.address);
    }
    await ledger.connect(buyer).closeWithin(1n, 100n, await metersProof(100n), 0n, "0x");
    expect(await router.withdrawable(buyer, usd)).to.equal(900n * 25n);
  });
});

const DEADLINE = 2n ** 40n;
const CONSENT_TYPES = {
  CloseConsent: [
    { name: "licenseId", type: "uint256" },
    { name: "maxUnits", type: "uint64" },
    { name: "expiry", type: "uint40" },
    { name: "changes", type: "uint56" },
    { name: "deadline", type: "uint256" },
  ],
};

/** A twin ledger whose consents sign license and bound alone. The holder agreed to 900 units and changed its mind. */
async function lastingFixture() {
  const { buyer: holder, stranger: other } = await networkHelpers.loadFixture(settledFixture);
  const twin = await ethers.deployContract("LastingConsentLedger");
  const digest = ethers.solidityPackedKeccak256(["uint256", "uint256"], [1n, 900n]);
  const consent = await holder.signMessage(ethers.getBytes(digest));
  await twin.connect(holder).renew(1n);
  return { twin, holder, other, consent };
}

/** License 1 in the last second of its term. Its holder agreed to close it with 900 units used. */
async function agreedFixture() {
  const grid = await networkHelpers.loadFixture(settledFixture);
  const { ledger, licenses, buyer } = grid;
  const { expiry } = await licenses.licenseOf(1n);
  await networkHelpers.time.increaseTo(expiry - 1n);
  const message = { licenseId: 1n, maxUnits: 900n, expiry, changes: 0n, deadline: DEADLINE };
  const consent = await buyer.signTypedData(await voucherDomain(ledger), CONSENT_TYPES, message);
  const proof = await metersProof(900n);
  const close = async () => {
    await networkHelpers.time.increaseTo((await licenses.licenseOf(1n)).expiry + WINDOW + 1n);
    return await ledger.connect(grid.meter).closeWithin(1n, 900n, proof, DEADLINE, consent);
  };
  const expectRefused = async () => {
    await expect(close())
      .to.be.revertedWithCustomError(ledger, "CloseConsentInvalid")
      .withArgs(1n, buyer.address);
  };
  return { ...grid, close, expectRefused };
}

describe("attack: closing a license by an old consent", () => {
  after(stopThreads);

  it("when the consent does not sign the term, it survives a renewal", async () => {
    const { twin, holder, other, consent } = await networkHelpers.loadFixture(lastingFixture);
    await twin.connect(holder).renew(1n);
    await twin.connect(other).closeWithin(1n, 900n, consent);
    expect(await twin.refundOf(1n)).to.equal(100n);
  });

  it("when the consent signs no change of holder, it survives the way to another holder and back", async () => {
    const { twin, holder, other, consent } = await networkHelpers.loadFixture(lastingFixture);
    await twin.transfer(1n, other);
    await expect(twin.closeWithin(1n, 900n, consent)).to.be.revertedWithCustomError(twin, "ConsentWrong");
    await twin.transfer(1n, holder);
    await twin.connect(other).closeWithin(1n, 900n, consent);
    expect(await twin.refundOf(1n)).to.equal(100n);
  });

  it("with UsageLedger, the consent closes the license as it was, and no other", async () => {
    const { close, router, usd, buyer } = await networkHelpers.loadFixture(agreedFixture);
    await close();
    expect(await router.withdrawable(buyer, usd)).to.equal(100n * 25n);
  });

  it("with UsageLedger, a renewal ends it", async () => {
    const grid = await networkHelpers.loadFixture(agreedFixture);
    await grid.licenses.connect(grid.buyer).renew(1n, PREPAID, PREPAID * 25n, "0x");
    await grid.expectRefused();
  });

  it("with UsageLedger, two transfers end it, though the holder is the same", async () => {
    const grid = await networkHelpers.loadFixture(agreedFixture);
    const { licenses, buyer, stranger } = grid;
    await licenses.connect(buyer).transferFrom(buyer, stranger, 1n);
    await licenses.connect(stranger).transferFrom(stranger, buyer, 1n);
    await grid.expectRefused();
  });

  it("with UsageLedger, another signer ends it, and the old one does not bring it back", async () => {
    const grid = await networkHelpers.loadFixture(agreedFixture);
    const { licenses, buyer, stranger } = grid;
    for (const signer of [stranger, buyer]) await licenses.connect(buyer).setSigner(1n, signer);
    expect(await licenses.signerOf(1n)).to.equal(buyer.address);
    await grid.expectRefused();
  });
});
