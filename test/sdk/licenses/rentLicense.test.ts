import {
  authorizeUse,
  confirmSigners,
  endRental,
  getLicense,
  rentLicense,
  setSigner,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { DAY, licenseFixture, networkHelpers, WINDOW } from "../../grid.ts";
import { expectInvalid, expectRevert, withClients } from "../clients.ts";

async function renting() {
  const given = await withClients(licenseFixture);
  const user = given.stranger.address as `0x${string}`;
  const expires = BigInt(await networkHelpers.time.latest()) + 10n * DAY;
  return { ...given, order: { licenseId: 1n, user, expires }, client: await given.as(given.buyer) };
}

describe("rentLicense", () => {
  it("when a parameter can never be valid, names it", async () => {
    const { client, order } = await renting();
    await expectInvalid(rentLicense(client, { ...order, expires: 0n }), "expires");
    await expectInvalid(rentLicense(client, { ...order, user: "0x1" }), "user");
  });

  it("when somebody else calls, reverts", async () => {
    const { as, payee, order } = await renting();
    await expectRevert(rentLicense(await as(payee), order), "ERC721InsufficientApproval", {
      operator: payee.address,
      tokenId: 1n,
    });
  });

  it("when the end is over, reverts", async () => {
    const { client, order } = await renting();
    await expectRevert(rentLicense(client, { ...order, expires: 5n }), "LicenseRentalOver", {
      licenseId: 1n,
      expires: 5n,
    });
  });

  it("when the meter confirms start and end, user and holder are served in turn", async () => {
    const { as, client, order, meter, buyer } = await renting();
    const { user, expires } = order;
    const ask = (account: string) =>
      authorizeUse(client, { licenseId: 1n, user: account as `0x${string}`, contexts: 1n });
    const { start } = await rentLicense(client, order);
    expect(start?.change).to.equal(1n);
    const confirm = async () => {
      const { nextSigner } = await getLicense(client, { licenseId: 1n });
      const changes = [{ licenseId: 1n, change: nextSigner?.change ?? 0n }];
      return await confirmSigners(await as(meter), { meterId: 1n, changes });
    };
    await confirm();
    const license = await getLicense(client, { licenseId: 1n });
    expect(license).to.include({ signer: user, nextSigner: undefined, settleBy: expires + WINDOW });
    expect(license.rental).to.deep.equal({ user, expires });
    expect(await ask(user)).to.equal("Allowed");
    await networkHelpers.time.increaseTo(expires);
    expect(await ask(user)).to.equal("SignerChanging");
    expect(await getLicense(client, { licenseId: 1n })).to.deep.include({
      signer: user,
      rental: undefined,
      nextSigner: { signer: buyer.address, changeAt: expires + WINDOW, change: 2n },
    });
    expect((await confirm()).confirmed).to.deep.equal([{ licenseId: 1n, signer: buyer.address }]);
    expect(await ask(buyer.address)).to.equal("Allowed");
  });

  it("when the same user's rental is prolonged, only its end changes", async () => {
    const { client, order } = await renting();
    await rentLicense(client, order);
    const { start } = await rentLicense(client, { ...order, expires: order.expires + DAY });
    expect(start).to.equal(undefined);
    const { rental } = await getLicense(client, { licenseId: 1n });
    expect(rental?.expires).to.equal(order.expires + DAY);
  });

  it("when the holder names a signer meanwhile, reverts", async () => {
    const { client, order, buyer } = await renting();
    await rentLicense(client, order);
    await expectRevert(setSigner(client, { licenseId: 1n, signer: buyer.address }), "CallerNotLicenseUser", {
      licenseId: 1n,
      caller: buyer.address,
    });
  });
});

describe("endRental", () => {
  it("when the holder calls, the rental is over", async () => {
    const { client, order, buyer } = await renting();
    await rentLicense(client, order);
    await endRental(client, { licenseId: 1n });
    const license = await getLicense(client, { licenseId: 1n });
    expect(license).to.include({ rental: undefined, signer: buyer.address, nextSigner: undefined });
  });
});
