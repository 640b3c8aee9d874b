import { expect } from "chai";
import { ethers, type GridFixture, impersonate, Mode, mintParams, networkHelpers, voucher } from "../grid.ts";
import { addOffer } from "../settlement/support.ts";
import { PREPAID, privateFixture, settle, unprovenSettlement } from "./private.ts";
import { ledgerFixture, usageOf } from "./support.ts";

const FULL = 2n ** 120n - 1n;

/** An offer in another currency, whose revenue counter is full, and the buyer's license under it. */
async function addFullOffer(grid: GridFixture, mode: bigint) {
  const { licenses, router, buyer } = grid;
  const token = await ethers.deployContract("TestUSD");
  await token.mint(buyer, 2n * FULL);
  await token.connect(buyer).approve(router, ethers.MaxUint256);
  await router.connect(buyer).pay(1n, token, FULL, "0x");
  const offerId = await addOffer(grid, { currency: await token.getAddress(), mode });
  await licenses.connect(buyer).mint(mintParams(offerId, buyer, PREPAID), "0x");
  return { offerId, licenseId: await licenses.lastLicenseId() };
}

/** Licenses 1 and 3 of offers 1 and 2, and license 4 of offer 3, whose release fails. */
async function openFixture() {
  const grid = await networkHelpers.loadFixture(ledgerFixture);
  const full = await addFullOffer(grid, Mode.Open);
  const batchOf = async (offerId: bigint, licenseId: bigint) => ({
    offerId,
    rows: [await voucher(grid, grid.buyer, { licenseId, units: 10n })],
  });
  const batches = [await batchOf(1n, 1n), await batchOf(full.offerId, full.licenseId), await batchOf(2n, 3n)];
  return { ...grid, batches };
}

/** The router's error for `units` at 25 base units each. */
function overflowBy({ router }: GridFixture, units: bigint) {
  return router.interface.encodeErrorResult("SafeCastOverflowedUintDowncast", [120n, FULL + 25n * units]);
}

describe("UsageLedger: releases that fail", () => {
  describe("settleOpen", () => {
    it("when an offer's revenue counter is full, names the offer, and the others settle without it", async () => {
      const grid = await networkHelpers.loadFixture(openFixture);
      const { ledger, meter, batches } = grid;
      await expect(ledger.connect(meter).settleOpen(1n, batches))
        .to.be.revertedWithCustomError(ledger, "ReleaseFailed")
        .withArgs(3n, overflowBy(grid, 10n));
      await ledger.connect(meter).settleOpen(
        1n,
        batches.filter(({ offerId }) => offerId !== 3n),
      );
      for (const licenseId of [1n, 3n]) expect(await ledger.usageOf(licenseId)).to.equal(usageOf(10n));
    });

    it("when gas runs out, in a release or before, names no offer", async () => {
      const { ledger, meter, batches } = await networkHelpers.loadFixture(openFixture);
      const transaction = await ledger.connect(meter).settleOpen.populateTransaction(1n, batches.slice(0, 1));
      const from = meter.address;
      const needed = await ethers.provider.estimateGas({ ...transaction, from });
      const step = needed / 100n;
      let failures = 0;
      for (let gasLimit = needed / 3n; gasLimit < needed; gasLimit += step) {
        const error = await ethers.provider.call({ ...transaction, from, gasLimit }).then(
          () => undefined,
          (reason) => reason,
        );
        if (!error) continue;
        failures += 1;
        expect(String(error), `${gasLimit} gas`).to.match(
          /out of gas|without a reason|without reason|execution reverted$|OutOfGas$/,
        );
      }
      expect(failures).to.be.greaterThan(50);
    });
  });

  describe("settlePrivate", () => {
    it("when an offer's revenue counter is full, names the offer", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const { offerId, licenseId } = await addFullOffer(grid, Mode.Private);
      const { verifier } = await grid.ledger.instanceOf(0n);
      const credulous = await ethers.deployContract("CredulousVerifier");
      await networkHelpers.setCode(verifier, await ethers.provider.getCode(credulous));
      const next = { units: 10n, contexts: 1n, salt: 1n };
      const settlement = await unprovenSettlement(grid, {
        2: [{ licenseId: 1n, by: "buyer", next }],
        [`${offerId}`]: [{ licenseId, by: "buyer", next }],
      });
      await expect(settle(grid, settlement))
        .to.be.revertedWithCustomError(grid.ledger, "ReleaseFailed")
        .withArgs(offerId, overflowBy(grid, 10n));
    });
  });

  describe("settleRetired", () => {
    it("when an offer's revenue counter is full, names the offer", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const { ledger, terms, meter } = grid;
      const { offerId, licenseId } = await addFullOffer(grid, Mode.Private);
      await terms.connect(await impersonate(grid.timelock)).retireLedger(ledger);
      const newOpening = { units: 10n, contexts: 1n, salt: 1n };
      const { batches } = await unprovenSettlement(grid, {
        [`${offerId}`]: [{ licenseId, by: "buyer", next: newOpening }],
      });
      const { r, vs } = batches[0]?.rows[0] ?? expect.fail("no row");
      const oldOpening = { units: 0n, contexts: 0n, salt: 0n };
      const rows = [{ licenseId, oldOpening, newOpening, r, vs }];
      await expect(ledger.connect(meter).settleRetired(1n, [{ offerId, rows }]))
        .to.be.revertedWithCustomError(ledger, "ReleaseFailed")
        .withArgs(offerId, overflowBy(grid, 10n));
    });
  });
});
