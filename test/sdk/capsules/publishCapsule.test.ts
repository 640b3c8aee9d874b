import {
  encodeContexts,
  getConditions,
  getOffer,
  hashContent,
  IRREVOCABLE,
  publishCapsule,
  termsIdOf,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { DAY, gridFixture } from "../../grid.ts";
import { expectInvalid, expectRevert, withClients } from "../clients.ts";

async function capsuleOf({ token, ledgerAddress, application }: Awaited<ReturnType<typeof withClients>>) {
  const terms = {
    duration: DAY,
    revocationNotice: IRREVOCABLE,
    maxUnits: 10n,
    contexts: encodeContexts(["health"]),
    derivativeShareBps: 5_000n,
    transferable: false,
    derivatives: true,
  };
  const offer = {
    ledger: ledgerAddress,
    meterId: 1n,
    currency: token,
    pricePerMillion: 5n,
    sector: 3n,
    application: application.address,
    mode: "private" as const,
  };
  const contentHash = await hashContent(new Uint8Array([1]));
  return { kind: "model", contentHash, uri: "ipfs://m", terms, offer } as const;
}

describe("publishCapsule", () => {
  it("when a number is out of range, names it", async () => {
    const given = await withClients(gridFixture);
    const client = await given.as(given.creator);
    const capsule = await capsuleOf(given);
    const { terms, offer } = capsule;
    const withTerms = (change: Partial<typeof terms>) =>
      publishCapsule(client, { ...capsule, terms: { ...terms, ...change } });
    const withOffer = (change: Partial<typeof offer>) =>
      publishCapsule(client, { ...capsule, offer: { ...offer, ...change } });
    await expectInvalid(withTerms({ duration: 0n }), "duration");
    await expectInvalid(withTerms({ revocationNotice: 2n ** 40n }), "revocationNotice");
    await expectInvalid(withTerms({ maxUnits: 2n ** 48n }), "maxUnits");
    await expectInvalid(withTerms({ contexts: 0n }), "contexts");
    await expectInvalid(withTerms({ derivativeShareBps: 2n ** 16n }), "derivativeShareBps");
    await expectInvalid(withOffer({ pricePerMillion: 2n ** 96n }), "pricePerMillion");
    await expectInvalid(withOffer({ sector: 2n ** 16n }), "sector");
    await expectInvalid(withOffer({ meterId: 0n }), "meterId");
  });

  it("when the meter does not exist, reverts", async () => {
    const given = await withClients(gridFixture);
    const capsule = await capsuleOf(given);
    const offer = { ...capsule.offer, meterId: 2n };
    const publishing = publishCapsule(await given.as(given.creator), { ...capsule, offer });
    await expectRevert(publishing, "OfferMeterNonexistent", { ledger: given.ledgerAddress, meterId: 2n });
  });

  it("when valid, capsule, terms and offer exist after one transaction", async () => {
    const given = await withClients(gridFixture);
    const client = await given.as(given.creator);
    const capsule = await capsuleOf(given);
    const { capsuleId, offerId, termsId } = await publishCapsule(client, capsule);
    expect(await given.capsules.ownerOf(capsuleId)).to.equal(given.creator.address);
    expect(termsId).to.equal(termsIdOf(capsule.terms));
    expect(await getConditions(client, { termsId })).to.deep.equal(capsule.terms);
    expect(await getOffer(client, { offerId })).to.deep.equal({
      ...capsule.offer,
      capsuleId,
      termsId,
      retired: false,
    });
  });
});
