import { expect } from "chai";
import { ethers, networkHelpers, offerFixture, UNIT_PRICE } from "../grid.ts";
import { addOffer, FOREVER, fieldsOf } from "./support.ts";

async function batchFixture() {
  const grid = await networkHelpers.loadFixture(offerFixture);
  const { buyer, payee, stranger } = grid;
  const to = [payee.address, stranger.address, payee.address];
  const order = { offerId: 1n, units: 10n, maxPrice: 30n * UNIT_PRICE, to };
  const mintBatch = (changes: Partial<typeof order> = {}) =>
    grid.licenses.connect(buyer).mintBatch({ ...order, ...changes }, "0x");
  return { ...grid, to, mintBatch };
}

describe("LicenseNFT mintBatch", () => {
  it("when there are no units, reverts", async () => {
    const { licenses, mintBatch } = await networkHelpers.loadFixture(batchFixture);
    await expect(mintBatch({ units: 0n, to: [] })).to.be.revertedWithCustomError(
      licenses,
      "LicenseUnitsZero",
    );
  });

  it("when there are no recipients, reverts", async () => {
    const { licenses, mintBatch } = await networkHelpers.loadFixture(batchFixture);
    await expect(mintBatch({ to: [], offerId: 9n })).to.be.revertedWithCustomError(
      licenses,
      "LicenseRecipientsEmpty",
    );
  });

  it("when the offer does not exist, reverts", async () => {
    const { terms, mintBatch } = await networkHelpers.loadFixture(batchFixture);
    await expect(mintBatch({ offerId: 2n }))
      .to.be.revertedWithCustomError(terms, "OfferNonexistent")
      .withArgs(2n);
  });

  it("when it costs a base unit more than the most to pay in all, reverts", async () => {
    const { licenses, mintBatch } = await networkHelpers.loadFixture(batchFixture);
    const price = 30n * UNIT_PRICE;
    await expect(mintBatch({ maxPrice: price - 1n }))
      .to.be.revertedWithCustomError(licenses, "LicensePriceExceedsMaximum")
      .withArgs(price, price - 1n);
  });

  it("when a license has more units than the terms permit, reverts", async () => {
    const { licenses, mintBatch } = await networkHelpers.loadFixture(batchFixture);
    for (const units of [10_001n, 2n ** 64n - 1n])
      await expect(mintBatch({ units, maxPrice: 2n ** 128n - 1n }))
        .to.be.revertedWithCustomError(licenses, "LicenseUnitsExceedTerms")
        .withArgs(units, 10_000n);
  });

  it("when a recipient is zero, reverts and mints nothing", async () => {
    const { licenses, to, mintBatch } = await networkHelpers.loadFixture(batchFixture);
    await expect(mintBatch({ to: [to[0] as string, ethers.ZeroAddress] }))
      .to.be.revertedWithCustomError(licenses, "ERC721InvalidReceiver")
      .withArgs(ethers.ZeroAddress);
    expect(await licenses.lastLicenseId()).to.equal(0n);
  });

  it("when paid, each recipient holds and signs a license like a bought one, by one deposit", async () => {
    const { licenses, router, usd, buyer, to, mintBatch } = await networkHelpers.loadFixture(batchFixture);
    const before = await usd.balanceOf(buyer);
    const minting = mintBatch();
    const price = 30n * UNIT_PRICE;
    await expect(minting).to.emit(router, "Deposited").withArgs(1n, buyer.address, price, 30n);
    const expiry = BigInt(await networkHelpers.time.latest()) + 30n * 86_400n;
    for (const [i, recipient] of to.entries()) {
      const id = BigInt(i + 1);
      await expect(minting)
        .to.emit(licenses, "LicenseMinted")
        .withArgs(id, 1n, recipient, ethers.ZeroAddress, 10n, expiry);
      await expect(minting).to.emit(licenses, "TokenExpiryUpdated").withArgs(id, 0n, expiry);
      expect(await licenses.ownerOf(id)).to.equal(recipient);
      expect(await licenses.authorize(id, recipient, 1n)).to.equal(0n);
      expect(fieldsOf(await licenses.licenseOf(id))).to.deep.equal({
        offerId: 1n,
        prepaid: 10n,
        expiry,
        bought: 10n,
        closing: false,
        keyed: false,
        rented: false,
      });
    }
    expect(await usd.balanceOf(buyer)).to.equal(before - price);
    expect(await router.escrowOf(1n)).to.deep.equal([price, 0n, 30n]);
  });

  it("when simulated, returns the first license", async () => {
    const { licenses, buyer, to, mintBatch } = await networkHelpers.loadFixture(batchFixture);
    await mintBatch();
    const order = { offerId: 1n, units: 10n, maxPrice: 30n * UNIT_PRICE, to };
    expect(await licenses.connect(buyer).mintBatch.staticCall(order, "0x")).to.equal(4n);
  });

  it("when a license's price is a fraction, each is rounded up, so that each refund is covered", async () => {
    const grid = await networkHelpers.loadFixture(batchFixture);
    const { licenses, ledger, router, usd, payee, stranger, mintBatch } = grid;
    const offerId = await addOffer(grid, { duration: 1n }, { pricePerMillion: 1_500_000n });
    // 3 units at 1.5 are 4.5: three licenses cost 15, not 14.
    await expect(mintBatch({ offerId, units: 3n, maxPrice: 14n }))
      .to.be.revertedWithCustomError(licenses, "LicensePriceExceedsMaximum")
      .withArgs(15n, 14n);
    await mintBatch({ offerId, units: 3n, maxPrice: 15n });
    await networkHelpers.time.increase(4n * 86_400n);
    for (const id of [1n, 2n, 3n]) await ledger.close(id);
    expect(await router.withdrawable(payee, usd)).to.equal(8n);
    expect(await router.withdrawable(stranger, usd)).to.equal(4n);
    expect(await router.escrowOf(offerId)).to.deep.equal([3n, 0n, 0n]);
  });

  it("when the offer is free, costs nothing", async () => {
    const grid = await networkHelpers.loadFixture(batchFixture);
    const offerId = await addOffer(grid, { duration: FOREVER }, { pricePerMillion: 0n });
    await expect(grid.mintBatch({ offerId, maxPrice: 0n }))
      .to.emit(grid.router, "Deposited")
      .withArgs(offerId, grid.buyer.address, 0n, 30n);
  });
});
