import { createOffer, getOffer, registerTerms, retireOffer, termsIdOf } from "@benefit-grid/sdk";
import { expect } from "chai";
import { CONDITIONS, offerFixture } from "../../grid.ts";
import { expectInvalid, expectRevert, withClients } from "../clients.ts";

const termsId = termsIdOf(CONDITIONS);

async function offerOf({ ledgerAddress, token }: Awaited<ReturnType<typeof withClients>>) {
  return { capsuleId: 1n, termsId, ledger: ledgerAddress, meterId: 1n, currency: token, pricePerMillion: 0n };
}

describe("createOffer", () => {
  it("when an address is malformed, names it", async () => {
    const given = await withClients(offerFixture);
    const offer = await offerOf(given);
    await expectInvalid(createOffer(await given.as(given.creator), { ...offer, currency: "0x" }), "currency");
  });

  it("when the mode is none, names it", async () => {
    const given = await withClients(offerFixture);
    const offer = { ...(await offerOf(given)), mode: "secret" as "private" };
    await expectInvalid(createOffer(await given.as(given.creator), offer), "mode");
  });

  it("when somebody else calls, reverts", async () => {
    const given = await withClients(offerFixture);
    const creating = createOffer(await given.as(given.stranger), await offerOf(given));
    const args = { capsuleId: 1n, caller: given.stranger.address };
    await expectRevert(creating, "OfferCallerNotCapsuleOwner", args);
  });

  it("when the terms do not exist, reverts", async () => {
    const given = await withClients(offerFixture);
    const creating = createOffer(await given.as(given.creator), await offerOf(given));
    await expectRevert(creating, "TermsNonexistent", { termsId });
  });

  it("when valid, the offer can be read", async () => {
    const given = await withClients(offerFixture);
    const client = await given.as(given.creator);
    await registerTerms(client, CONDITIONS);
    const offer = await offerOf(given);
    const { offerId } = await createOffer(client, offer);
    const expected = { ...offer, sector: 0n, application: undefined, mode: "open", retired: false };
    expect(await getOffer(client, { offerId })).to.deep.equal(expected);
    const { offerId: other } = await createOffer(client, { ...offer, mode: "private" });
    expect(await getOffer(client, { offerId: other })).to.deep.equal({ ...expected, mode: "private" });
  });
});

describe("retireOffer", () => {
  it("when there is no such offer, reverts", async () => {
    const { as, creator } = await withClients(offerFixture);
    await expectRevert(retireOffer(await as(creator), { offerId: 2n }), "OfferNonexistent", { offerId: 2n });
    await expectRevert(getOffer(await as(creator), { offerId: 2n }), "OfferNonexistent", { offerId: 2n });
  });

  it("when the owner calls, the offer is retired", async () => {
    const { as, creator, application } = await withClients(offerFixture);
    const client = await as(creator);
    await retireOffer(client, { offerId: 1n });
    const offer = await getOffer(client, { offerId: 1n });
    expect(offer).to.include({ retired: true, application: application.address });
  });
});
