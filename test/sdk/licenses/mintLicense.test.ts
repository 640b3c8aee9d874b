import { getEscrow, getLicense, mintLicense, retireOffer } from "@benefit-grid/sdk";
import { expect } from "chai";
import { DAY, LAPSE, networkHelpers, offerFixture, WINDOW } from "../../grid.ts";
import { expectInvalid, expectRevert, withClients } from "../clients.ts";

async function buying() {
  const given = await withClients(offerFixture);
  const order = { offerId: 1n, to: given.buyer.address, units: 100n, maxPrice: 2_500n };
  return { ...given, order, client: await given.as(given.buyer) };
}

describe("mintLicense", () => {
  it("when a parameter can never be valid, names it", async () => {
    const { client, order } = await buying();
    await expectInvalid(mintLicense(client, { ...order, units: 0n }), "units");
    await expectInvalid(mintLicense(client, { ...order, maxPrice: 2n ** 128n }), "maxPrice");
    await expectInvalid(mintLicense(client, { ...order, signer: "0x1" }), "signer");
    await expectInvalid(mintLicense(client, { ...order, authorization: "0x1" }), "authorization");
  });

  it("when the offer is retired, reverts", async () => {
    const { as, creator, client, order } = await buying();
    await retireOffer(await as(creator), { offerId: 1n });
    await expectRevert(mintLicense(client, order), "OfferNotForSale", { offerId: 1n });
  });

  it("when it costs more than the most to pay, reverts", async () => {
    const { client, order } = await buying();
    const args = { price: 2_500n, maxPrice: 2_499n };
    await expectRevert(
      mintLicense(client, { ...order, maxPrice: 2_499n }),
      "LicensePriceExceedsMaximum",
      args,
    );
  });

  it("when paid, the license and its escrow can be read", async () => {
    const { client, order, buyer } = await buying();
    const { licenseId, expiry, price } = await mintLicense(client, order);
    expect(expiry).to.equal(BigInt(await networkHelpers.time.latest()) + 30n * DAY);
    expect(price).to.equal(2_500n);
    expect(await getLicense(client, { licenseId })).to.deep.equal({
      offerId: 1n,
      holder: buyer.address,
      prepaid: 100n,
      expiry,
      bought: 100n,
      closing: false,
      signer: buyer.address,
      nextSigner: undefined,
      rental: undefined,
      settleBy: expiry + WINDOW,
      windowEnd: expiry + WINDOW,
      lapsesAfter: expiry + WINDOW + LAPSE,
    });
    expect(await getEscrow(client, { offerId: 1n })).to.deep.equal({
      balance: 2_500n,
      carry: 0n,
      openUnits: 100n,
    });
  });

  it("when a signer is named, it signs instead of the holder", async () => {
    const { client, order, stranger, buyer } = await buying();
    const { licenseId } = await mintLicense(client, { ...order, signer: stranger.address });
    const license = await getLicense(client, { licenseId });
    expect(license).to.include({ holder: buyer.address, signer: stranger.address });
  });
});

describe("getLicense", () => {
  it("when there is none, reverts", async () => {
    const { client } = await buying();
    await expectRevert(getLicense(client, { licenseId: 1n }), "ERC721NonexistentToken", { tokenId: 1n });
  });
});
