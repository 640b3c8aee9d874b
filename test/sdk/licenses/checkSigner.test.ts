import { mintLicense, mintLicenses, subscribe } from "@benefit-grid/sdk";
import { expect } from "chai";
import { ethers, networkHelpers, offerFixture } from "../../grid.ts";
import { expectInvalid, rejectionOf, withClients } from "../clients.ts";

const ORDER = { offerId: 1n, units: 100n, maxPrice: 2_500n };

async function fixture() {
  const grid = await withClients(offerFixture);
  const contract = await grid.usd.getAddress();
  return { ...grid, contract, client: await grid.as(grid.buyer) };
}

describe("buying for a contract", () => {
  it("when nobody could sign vouchers, is refused with the reason", async () => {
    const { client, contract, buyer } = await fixture();
    const buying = mintLicense(client, { ...ORDER, to: contract });
    await expectInvalid(buying, "to");
    expect((await rejectionOf(buying)).message).to.contain("a contract that cannot sign vouchers");
    await expectInvalid(mintLicense(client, { ...ORDER, to: buyer.address, signer: contract }), "signer");
    await expectInvalid(mintLicenses(client, { ...ORDER, to: [buyer.address, contract] }), "to[1]");
  });

  it("when an account key signs, is done", async () => {
    const { client, contract, buyer, licenses } = await fixture();
    const { licenseId } = await mintLicense(client, { ...ORDER, to: contract, signer: buyer.address });
    expect(await licenses.ownerOf(licenseId)).to.equal(contract);
  });

  it("when the account delegates to a contract by EIP-7702, is done", async () => {
    const { client, stranger, contract } = await fixture();
    await networkHelpers.setCode(stranger.address, ethers.concat(["0xef0100", contract]));
    const { licenseId } = await mintLicense(client, { ...ORDER, to: stranger.address });
    expect(licenseId).to.equal(1n);
  });

  it("when a subscribed license's signer is a contract, is refused until its holder names a key", async () => {
    const { client, licenses, buyer, contract, stranger } = await fixture();
    const { licenseId } = await mintLicense(client, { ...ORDER, to: buyer.address });
    await licenses.connect(buyer).setSigner(licenseId, contract);
    const order = { licenseId, units: 100n, maxPrice: 2_500n };
    await expectInvalid(subscribe(client, order), "licenseId");
    await licenses.connect(buyer).setSigner(licenseId, stranger.address);
    expect((await subscribe(client, order)).receipt.status).to.equal(1);
  });
});
