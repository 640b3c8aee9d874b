import {
  authorizeUse,
  encodeContexts,
  getLicense,
  mintLicense,
  requestClose,
  setSigner,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { DAY, licenseFixture, networkHelpers, WINDOW } from "../../grid.ts";
import { expectInvalid, expectRevert, withClients } from "../clients.ts";

describe("setSigner", () => {
  it("when somebody else calls, reverts", async () => {
    const { as, stranger } = await withClients(licenseFixture);
    const signer = stranger.address;
    const setting = setSigner(await as(stranger), { licenseId: 1n, signer });
    await expectRevert(setting, "CallerNotLicenseHolder", { licenseId: 1n, caller: signer });
  });

  it("when the signer is zero, reverts", async () => {
    const { as, buyer } = await withClients(licenseFixture);
    const setting = setSigner(await as(buyer), { licenseId: 1n, signer: `0x${"00".repeat(20)}` });
    await expectRevert(setting, "LicenseSignerZero", {});
  });

  it("when the holder calls, a change is pending until the window is over", async () => {
    const { as, buyer, stranger } = await withClients(licenseFixture);
    const client = await as(buyer);
    const signer = stranger.address;
    const { changeAt, change } = await setSigner(client, { licenseId: 1n, signer });
    expect(change).to.equal(1n);
    expect(changeAt).to.equal(BigInt(await networkHelpers.time.latest()) + WINDOW);
    const license = await getLicense(client, { licenseId: 1n });
    expect(license.signer).to.equal(buyer.address);
    expect(license.nextSigner).to.deep.equal({ signer, changeAt, change: 1n });
    expect(license.settleBy).to.equal(changeAt);
    await networkHelpers.time.increaseTo(changeAt + 1n);
    expect(await getLicense(client, { licenseId: 1n })).to.include({ signer, nextSigner: undefined });
  });

  it("when settlement is paused meanwhile, it is pending for as much longer", async () => {
    const { as, guardian, buyer, stranger } = await withClients(licenseFixture);
    const client = await as(buyer);
    const signer = stranger.address;
    const { changeAt } = await setSigner(client, { licenseId: 1n, signer });
    await guardian.pause(DAY);
    await networkHelpers.time.increaseTo(changeAt + DAY);
    const license = await getLicense(client, { licenseId: 1n });
    expect(license.signer).to.equal(buyer.address);
    expect(license.nextSigner).to.deep.equal({ signer, changeAt, change: 1n });
    expect(license.settleBy).to.equal(changeAt + DAY);
    await networkHelpers.time.increaseTo(changeAt + DAY + 1n);
    expect(await getLicense(client, { licenseId: 1n })).to.include({ signer, nextSigner: undefined });
  });

  it("when the holder names the present signer, drops a pending change", async () => {
    const { as, buyer, stranger } = await withClients(licenseFixture);
    const client = await as(buyer);
    await setSigner(client, { licenseId: 1n, signer: stranger.address });
    const { changeAt } = await setSigner(client, { licenseId: 1n, signer: buyer.address });
    expect(changeAt).to.equal(0n);
    const license = await getLicense(client, { licenseId: 1n });
    expect(license).to.include({ signer: buyer.address, nextSigner: undefined });
    expect(license.settleBy).to.equal(license.expiry + WINDOW);
  });

  it("when the license ends before the change, its window's end is the last moment to settle", async () => {
    const { as, buyer, stranger, licenses } = await withClients(licenseFixture);
    const client = await as(buyer);
    await requestClose(client, { licenseId: 1n });
    const { changeAt } = await setSigner(client, { licenseId: 1n, signer: stranger.address });
    const { settleBy, expiry } = await getLicense(client, { licenseId: 1n });
    expect(settleBy).to.be.below(changeAt);
    expect(settleBy).to.equal(expiry + (await licenses.SETTLEMENT_WINDOW()));
  });
});

describe("authorizeUse", () => {
  const contexts = encodeContexts(["research"]);

  it("when the set of contexts is too large, names it", async () => {
    const { as, buyer } = await withClients(licenseFixture);
    const user = buyer.address;
    await expectInvalid(
      authorizeUse(await as(buyer), { licenseId: 1n, user, contexts: 2n ** 32n }),
      "contexts",
    );
  });

  it("when the holder is a contract without a key, says so", async () => {
    const { as, buyer, usd, licenses } = await withClients(licenseFixture);
    // The SDK refuses to buy it.
    const user = await usd.getAddress();
    await licenses.connect(buyer).transferFrom(buyer, user, 1n);
    await networkHelpers.time.increase(WINDOW + 1n);
    const client = await as(buyer);
    expect(await authorizeUse(client, { licenseId: 1n, user, contexts })).to.equal("SignerNotKey");
  });

  it("says allowed, or why not", async () => {
    const { as, buyer, stranger } = await withClients(licenseFixture);
    const client = await as(buyer);
    const user = buyer.address;
    const ask = (licenseId: bigint, change: { user?: string; contexts?: bigint } = {}) =>
      authorizeUse(client, { licenseId, user, contexts, ...change });
    expect(await ask(1n)).to.equal("Allowed");
    expect(await ask(2n)).to.equal("LicenseNonexistent");
    expect(await ask(1n, { user: stranger.address })).to.equal("UserNotSigner");
    expect(await ask(1n, { contexts: encodeContexts(["government"]) })).to.equal("ContextNotAllowed");
    await setSigner(client, { licenseId: 1n, signer: stranger.address });
    expect(await ask(1n)).to.equal("SignerChanging");
    const order = { offerId: 1n, to: user, units: 1n, maxPrice: 25n };
    const { licenseId } = await mintLicense(client, order);
    await requestClose(client, { licenseId });
    expect(await ask(licenseId)).to.equal("LicenseExpired");
  });
});
