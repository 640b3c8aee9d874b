import {
  getLicense,
  getLicenseMetadata,
  getRoyalty,
  mintLicenses,
  signPaymentAuthorization,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { licenseFixture, offerFixture } from "../../grid.ts";
import { expectInvalid, expectRevert, withClients } from "../clients.ts";

async function buying() {
  const given = await withClients(offerFixture);
  const to = [given.payee.address, given.stranger.address];
  const order = { offerId: 1n, to, units: 100n, maxPrice: 5_000n };
  return { ...given, order, client: await given.as(given.buyer) };
}

describe("mintLicenses", () => {
  it("when a parameter can never be valid, names it", async () => {
    const { client, order } = await buying();
    await expectInvalid(mintLicenses(client, { ...order, units: 0n }), "units");
    await expectInvalid(mintLicenses(client, { ...order, to: ["0x1"] }), "to");
  });

  it("when there are no recipients, reverts", async () => {
    const { client, order } = await buying();
    await expectRevert(mintLicenses(client, { ...order, to: [] }), "LicenseRecipientsEmpty", {});
  });

  it("when paid, each recipient has a license", async () => {
    const { client, order } = await buying();
    const { licenseIds, price } = await mintLicenses(client, order);
    expect(licenseIds).to.deep.equal([1n, 2n]);
    expect(price).to.equal(5_000n);
    for (const [i, licenseId] of licenseIds.entries())
      expect(await getLicense(client, { licenseId })).to.include({ holder: order.to[i], prepaid: 100n });
  });

  it("when a relayer submits the payer's signature, the payer pays for exactly these licenses", async () => {
    const { as, buyer, stranger, order, token } = await buying();
    const relayer = await as(stranger);
    const purpose = mintLicenses.purpose(order);
    const authorization = await signPaymentAuthorization(await as(buyer), {
      token,
      amount: order.maxPrice,
      purpose,
      validBefore: 4_000_000_000n,
    });
    const { licenseIds } = await mintLicenses(relayer, { ...order, authorization });
    expect(licenseIds).to.have.lengthOf(2);
  });
});

describe("getRoyalty", () => {
  it("when a license is sold, names the creator and its royalty", async () => {
    const { as, buyer, creator } = await withClients(licenseFixture);
    expect(await getRoyalty(await as(buyer), { licenseId: 1n, salePrice: 10_000n })).to.deep.equal({
      receiver: creator.address,
      royalty: 250n,
    });
  });

  it("when the license does not exist, reverts", async () => {
    const { as, buyer } = await withClients(licenseFixture);
    const reading = getRoyalty(await as(buyer), { licenseId: 2n, salePrice: 1n });
    await expectRevert(reading, "ERC721NonexistentToken", { tokenId: 2n });
  });
});

describe("getLicenseMetadata", () => {
  it("when asked, parses the token's JSON", async () => {
    const { as, buyer } = await withClients(licenseFixture);
    const { name, image, attributes } = await getLicenseMetadata(await as(buyer), { licenseId: 1n });
    expect(name).to.equal("Benefit Grid License #1");
    expect(image).to.match(/^data:image\/svg\+xml;base64,/);
    expect(attributes.find(({ trait_type }) => trait_type === "Units")?.value).to.equal("1,000");
  });

  it("when the license does not exist, reverts", async () => {
    const { as, buyer } = await withClients(licenseFixture);
    const reading = getLicenseMetadata(await as(buyer), { licenseId: 2n });
    await expectRevert(reading, "ERC721NonexistentToken", { tokenId: 2n });
  });
});
