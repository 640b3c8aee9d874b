import {
  cancelSubscription,
  getLicense,
  getSubscription,
  renewSubscription,
  subscribe,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { DAY, licenseFixture, waitHalfTerm } from "../../grid.ts";
import { expectInvalid, expectRevert, withClients } from "../clients.ts";

const ORDER = { licenseId: 1n, units: 10n, maxPrice: 250n };

describe("subscribe", () => {
  it("when units are 0, names them", async () => {
    const { as, buyer } = await withClients(licenseFixture);
    await expectInvalid(subscribe(await as(buyer), { ...ORDER, units: 0n }), "units");
  });

  it("when a term costs more than the most to pay, reverts", async () => {
    const { as, buyer } = await withClients(licenseFixture);
    const subscribing = subscribe(await as(buyer), { ...ORDER, maxPrice: 249n });
    await expectRevert(subscribing, "LicensePriceExceedsMaximum", { price: 250n, maxPrice: 249n });
  });

  it("when the holder calls, the order can be read until it is canceled", async () => {
    const { as, buyer } = await withClients(licenseFixture);
    const client = await as(buyer);
    expect(await getSubscription(client, { licenseId: 1n })).to.equal(undefined);
    await subscribe(client, ORDER);
    expect(await getSubscription(client, { licenseId: 1n })).to.deep.equal({ units: 10n, maxPrice: 250n });
    await cancelSubscription(client, { licenseId: 1n });
    expect(await getSubscription(client, { licenseId: 1n })).to.equal(undefined);
    await expectRevert(cancelSubscription(client, { licenseId: 1n }), "LicenseNotSubscribed", {
      licenseId: 1n,
    });
  });
});

describe("renewSubscription", () => {
  it("when half of the term is not over, reverts", async () => {
    const { as, buyer, stranger } = await withClients(licenseFixture);
    const client = await as(buyer);
    await subscribe(client, ORDER);
    const { expiry } = await getLicense(client, { licenseId: 1n });
    await expectRevert(renewSubscription(await as(stranger), { licenseId: 1n }), "LicenseRenewalEarly", {
      licenseId: 1n,
      renewableFrom: expiry - 15n * DAY,
    });
  });

  it("when anyone calls, the holder pays and the next term follows the last", async () => {
    const { as, buyer, stranger } = await withClients(licenseFixture);
    const client = await as(buyer);
    await subscribe(client, ORDER);
    const { expiry } = await getLicense(client, { licenseId: 1n });
    await waitHalfTerm();
    const renewed = await renewSubscription(await as(stranger), { licenseId: 1n });
    expect(renewed).to.include({ expiry: expiry + 30n * DAY, price: 250n });
  });
});
