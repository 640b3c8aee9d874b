import { getLicense, renewLicense, requestClose, topUpLicense } from "@benefit-grid/sdk";
import { expect } from "chai";
import { DAY, licenseFixture, networkHelpers, waitHalfTerm } from "../../grid.ts";
import { expectInvalid, expectRevert, withClients } from "../clients.ts";

const ORDER = { licenseId: 1n, units: 10n, maxPrice: 250n };

describe("topUpLicense", () => {
  it("when units are 0, names them", async () => {
    const { as, buyer } = await withClients(licenseFixture);
    await expectInvalid(topUpLicense(await as(buyer), { ...ORDER, units: 0n }), "units");
  });

  it("when the license ended, reverts", async () => {
    const { as, buyer } = await withClients(licenseFixture);
    const client = await as(buyer);
    await requestClose(client, { licenseId: 1n });
    await expectRevert(topUpLicense(client, ORDER), "LicenseEnded", { licenseId: 1n });
  });

  it("when it exceeds the terms, reverts", async () => {
    const { as, buyer } = await withClients(licenseFixture);
    const order = { ...ORDER, units: 9_001n };
    await expectRevert(
      topUpLicense(await as(buyer), { ...order, maxPrice: 10n ** 9n }),
      "LicenseUnitsExceedTerms",
      { units: 10_001n, maxUnits: 10_000n },
    );
  });

  it("when paid, adds units", async () => {
    const { as, buyer } = await withClients(licenseFixture);
    const client = await as(buyer);
    expect((await topUpLicense(client, ORDER)).price).to.equal(250n);
    expect((await getLicense(client, { licenseId: 1n })).prepaid).to.equal(1_010n);
  });
});

describe("renewLicense", () => {
  it("when half of the term is not over, reverts", async () => {
    const { as, buyer, licenses } = await withClients(licenseFixture);
    const { expiry } = await licenses.licenseOf(1n);
    await expectRevert(renewLicense(await as(buyer), ORDER), "LicenseRenewalEarly", {
      licenseId: 1n,
      renewableFrom: expiry - 15n * DAY,
    });
  });

  it("when somebody else pays, reverts", async () => {
    const { as, usd, router, stranger } = await withClients(licenseFixture);
    await usd.mint(stranger, 250n);
    await usd.connect(stranger).approve(router, 250n);
    await waitHalfTerm();
    const renewing = renewLicense(await as(stranger), ORDER);
    await expectRevert(renewing, "LicensePayerNotHolder", { licenseId: 1n, payer: stranger.address });
  });

  it("when the holder pays, begins a new term and adds units", async () => {
    const { as, buyer } = await withClients(licenseFixture);
    const client = await as(buyer);
    await waitHalfTerm();
    const { expiry, price } = await renewLicense(client, ORDER);
    const now = BigInt(await networkHelpers.time.latest());
    expect({ expiry, price }).to.deep.equal({ expiry: now + 30n * DAY, price: 250n });
    expect(await getLicense(client, { licenseId: 1n })).to.include({ expiry, prepaid: 1_010n });
  });
});
