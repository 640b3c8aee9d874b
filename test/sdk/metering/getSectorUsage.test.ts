import { getRound, getSectorUsage, settleBatch, settleOpen, signVoucher } from "@benefit-grid/sdk";
import { expect } from "chai";
import { DAY, networkHelpers } from "../../grid.ts";
import { expectInvalid } from "../clients.ts";
import { provenBatch } from "../proven.ts";
import { offerOf, privateGrid } from "./support.ts";

/** 10 units of the open offer 1 in round 1; 150 units of the private offer 2 and 5 more of offer 1 in round 3. */
async function settled() {
  const given = await privateGrid();
  const { client, as, buyer, sign, build } = given;
  const user = await as(buyer);
  const settle = async (units: bigint) => {
    const vouchers = [await signVoucher(user, { licenseId: 4n, units, contexts: 1n })];
    await settleOpen(client, { meterId: 1n, batches: [{ offerId: 1n, vouchers }] });
  };
  const first = await getRound(client);
  // The last second of the round.
  await networkHelpers.time.setNextBlockTimestamp(first.endsAt - 1n);
  await settle(10n);
  const start = first.endsAt - DAY;
  await networkHelpers.time.setNextBlockTimestamp(start + 2n * DAY);
  await settle(15n);
  const batch = build([offerOf(2n, await sign(1n, 100n), await sign(2n, 50n))]);
  await settleBatch(client, { batch, proof: await provenBatch(batch) });
  await networkHelpers.time.increaseTo(start + 3n * DAY);
  return { ...given, start };
}

describe("getSectorUsage", () => {
  it("when a number is malformed or the round is to come, refuses it", async () => {
    const { client } = await settled();
    await expectInvalid(getSectorUsage(client, { sector: 65_536n }), "sector");
    await expectInvalid(getSectorUsage(client, { round: 0n }), "round");
    await expectInvalid(getSectorUsage(client, { round: 5n }), "round");
    await expectInvalid(getSectorUsage(client, { round: 1n, blockRange: 0 }), "blockRange");
  });

  it("sums a round's settlements of both modes by the offers' sectors", async () => {
    const { client, start } = await settled();
    expect(await getSectorUsage(client, { round: 1n })).to.deep.equal({
      round: 1n,
      startsAt: start,
      endsAt: start + DAY,
      sectors: [{ sector: 7n, units: 10n, offers: [{ offerId: 1n, units: 10n }] }],
    });
    expect((await getSectorUsage(client, { round: 2n })).sectors).to.deep.equal([]);
    const offers = [
      { offerId: 1n, units: 5n },
      { offerId: 2n, units: 150n },
    ];
    for (const blockRange of [1, 2, 10_000]) {
      const { sectors } = await getSectorUsage(client, { round: 3n, blockRange });
      expect(sectors).to.deep.equal([{ sector: 7n, units: 155n, offers }]);
    }
  });

  it("by default takes the current round, and a given sector is there without use too", async () => {
    const { client, start } = await settled();
    const now = await getSectorUsage(client);
    expect(now).to.deep.equal({
      round: 4n,
      startsAt: start + 3n * DAY,
      endsAt: start + 4n * DAY,
      sectors: [],
    });
    const { sectors } = await getSectorUsage(client, { round: 3n, sector: 8n });
    expect(sectors).to.deep.equal([{ sector: 8n, units: 0n, offers: [] }]);
    const used = await getSectorUsage(client, { round: 3n, sector: 7n });
    expect(used.sectors.map(({ units }) => units)).to.deep.equal([155n]);
  });
});
