import { createOffer, getOffer, mintLicense, priceOfUnits } from "@benefit-grid/sdk";
import { expect } from "chai";
import { offerFixture } from "../../grid.ts";
import { expectInvalid, withClients } from "../clients.ts";

describe("priceOfUnits", () => {
  it("when units or price exceed their bits, names them", async () => {
    const price = async (units: bigint, pricePerMillion: bigint) => priceOfUnits({ units, pricePerMillion });
    await expectInvalid(price(2n ** 64n, 1n), "units");
    await expectInvalid(price(1n, 2n ** 96n), "pricePerMillion");
    await expectInvalid(price(-1n, 1n), "units");
  });

  for (const [units, pricePerMillion, price] of [
    [0n, 2_500_000n, 0n],
    [1n, 0n, 0n],
    [1n, 1n, 1n],
    [1n, 2_500_000n, 3n],
    [1_000_000n, 150_000n, 150_000n],
  ] as const) {
    it(`when ${units} units cost ${pricePerMillion} per million, returns ${price}, rounded up`, () => {
      expect(priceOfUnits({ units, pricePerMillion })).to.equal(price);
    });
  }

  it("when a license is bought for it, equals the price on the chain", async () => {
    const { as, creator, buyer } = await withClients(offerFixture);
    const [owner, client] = [await as(creator), await as(buyer)];
    const { capsuleId, termsId, ledger, meterId, currency } = await getOffer(client, { offerId: 1n });
    const offer = { ledger, meterId, currency, pricePerMillion: 150_001n };
    const { offerId } = await createOffer(owner, { capsuleId, termsId, ...offer });
    for (const units of [1n, 6n, 7n, 1_000n]) {
      const price = priceOfUnits({ units, pricePerMillion: offer.pricePerMillion });
      const minted = await mintLicense(client, { offerId, to: buyer.address, units, maxPrice: price });
      expect(minted.price, `${units} units`).to.equal(price);
    }
  });
});
