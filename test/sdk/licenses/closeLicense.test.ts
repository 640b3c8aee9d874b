import {
  closeLicense,
  getEscrow,
  getLicense,
  getRefund,
  getWithdrawable,
  lapseLicense,
  requestClose,
  retireOffer,
  revokeLicense,
  sweepEscrow,
  withdraw,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { DAY, LAPSE, licenseFixture, networkHelpers, WINDOW } from "../../grid.ts";
import { expectInvalid, expectRevert, withClients } from "../clients.ts";

const LICENSE = { licenseId: 1n };

async function holding() {
  const given = await withClients(licenseFixture);
  return { ...given, client: await given.as(given.buyer), holder: given.buyer.address };
}

describe("requestClose", () => {
  it("when somebody else calls, reverts", async () => {
    const { as, stranger } = await holding();
    const args = { licenseId: 1n, caller: stranger.address };
    await expectRevert(requestClose(await as(stranger), LICENSE), "CallerNotLicenseHolder", args);
  });

  it("when the holder calls, service ends now", async () => {
    const { client } = await holding();
    const { expiry } = await requestClose(client, LICENSE);
    expect(expiry).to.equal(BigInt(await networkHelpers.time.latest()));
    expect(await getLicense(client, LICENSE)).to.include({ expiry, closing: true });
  });
});

describe("revokeLicense", () => {
  it("when somebody else than the capsule's owner calls, reverts", async () => {
    const { client, holder } = await holding();
    await expectRevert(revokeLicense(client, LICENSE), "CallerNotLicensor", {
      licenseId: 1n,
      caller: holder,
    });
  });

  it("when the capsule's owner calls, service ends after the notice", async () => {
    const { as, creator } = await holding();
    const { expiry } = await revokeLicense(await as(creator), LICENSE);
    expect(expiry).to.equal(BigInt(await networkHelpers.time.latest()) + DAY);
  });
});

describe("getRefund", () => {
  it("when the number of units is too large, names it", async () => {
    const { client } = await holding();
    await expectInvalid(getRefund(client, { ...LICENSE, used: 2n ** 64n }), "used");
  });

  it("when more is used than prepaid, reverts", async () => {
    const { client } = await holding();
    await expectRevert(getRefund(client, { ...LICENSE, used: 1_001n }), "LicenseUsedExceedsPrepaid", {
      licenseId: 1n,
      used: 1_001n,
      prepaid: 1_000n,
    });
  });

  it("when the license can still be closed, is the price of the unused units", async () => {
    const { client } = await holding();
    expect(await getRefund(client, { ...LICENSE, used: 0n })).to.equal(25_000n);
    expect(await getRefund(client, { ...LICENSE, used: 999n })).to.equal(25n);
  });
});

describe("closeLicense", () => {
  it("when the settlement window is open, reverts with its end", async () => {
    const { as, client, stranger } = await holding();
    const { expiry } = await requestClose(client, LICENSE);
    const args = { licenseId: 1n, windowEnd: expiry + WINDOW };
    await expectRevert(closeLicense(await as(stranger), LICENSE), "LicenseWindowOpen", args);
  });

  it("when the window is over, the holder may withdraw the refund", async () => {
    const { as, client, stranger, holder, token, usd } = await holding();
    await requestClose(client, LICENSE);
    await networkHelpers.time.increase(WINDOW + 1n);
    const closed = await closeLicense(await as(stranger), LICENSE);
    expect(closed).to.include({ holder, used: 0n, refund: 25_000n });
    expect(await getWithdrawable(client, { account: holder, token })).to.equal(25_000n);
    const before = await usd.balanceOf(holder);
    expect((await withdraw(await as(stranger), { account: holder, token })).amount).to.equal(25_000n);
    expect((await usd.balanceOf(holder)) - before).to.equal(25_000n);
  });
});

describe("lapseLicense", () => {
  it("when the time to close is not over, reverts", async () => {
    const { client } = await holding();
    const { expiry } = await getLicense(client, LICENSE);
    const args = { licenseId: 1n, lapsesAfter: expiry + WINDOW + LAPSE };
    await expectRevert(lapseLicense(client, LICENSE), "LicenseNotLapsed", args);
  });

  it("when it is over, the license is gone and its escrow can be swept", async () => {
    const { as, client, creator, holder } = await holding();
    await networkHelpers.time.increase(30n * DAY + WINDOW + LAPSE + 1n);
    expect((await lapseLicense(client, LICENSE)).holder).to.equal(holder);
    await expectRevert(getLicense(client, LICENSE), "ERC721NonexistentToken", { tokenId: 1n });
    await retireOffer(await as(creator), { offerId: 1n });
    const swept = await sweepEscrow(client, { offerId: 1n });
    expect(swept).to.include({ capsuleId: 1n, sharesVersion: 1n, amount: 25_000n });
    expect(await getEscrow(client, { offerId: 1n })).to.deep.equal({
      balance: 0n,
      carry: 0n,
      openUnits: 0n,
    });
  });
});

describe("sweepEscrow", () => {
  it("when there is no more than the price of an open license, reverts", async () => {
    const { as, creator } = await holding();
    const client = await as(creator);
    await expectRevert(sweepEscrow(client, { offerId: 1n }), "EscrowOfferForSale", { offerId: 1n });
    await retireOffer(client, { offerId: 1n });
    await expectRevert(sweepEscrow(client, { offerId: 1n }), "EscrowNothingToSweep", {
      offerId: 1n,
      balance: 25_000n,
      held: 25_000n,
    });
  });
});

describe("withdraw", () => {
  it("when nothing is owed, pays nothing", async () => {
    const { client, holder, token } = await holding();
    expect((await withdraw(client, { account: holder, token })).amount).to.equal(0n);
  });
});
