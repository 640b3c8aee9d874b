import { formatStatus, statusOf } from "@benefit-grid/meter";
import { expect } from "chai";
import { mintParams, networkHelpers } from "../../../grid.ts";
import { addOffer } from "../../../settlement/support.ts";
import { type Settling, settling } from "./support.ts";

const OFFERS = [1n, 2n, 3n];

async function partsOf({ client, store }: Settling, offers = OFFERS) {
  const { unsettled } = await statusOf({ client, store, offers });
  return unsettled.map(({ offerId, why, licenses, units, value }) => [offerId, why, licenses, units, value]);
}

describe("statusOf", () => {
  it("when all is settled, says so", async () => {
    const { client, store } = await settling();
    const status = await statusOf({ client, store, offers: OFFERS });
    expect(status.unsettled).to.deep.equal([]);
    expect(formatStatus(status)).to.equal("Everything is settled.");
  });

  it("says why vouchers wait: for age, for company, for a voucher", async () => {
    const given = await settling();
    const { keep, open, sign, store, licenses, client } = given;
    await keep(await open(10n));
    await store.record([{ licenseId: 4n, units: 3n }]);
    await keep(await sign(3n, 7n));
    expect(await partsOf(given)).to.deep.equal([
      [1n, "credit", 0, 3n, 75n],
      [1n, "age", 1, 10n, 250n],
      [3n, "company", 1, 7n, 21n],
    ]);
    const { unsettled, owed } = await statusOf({ client, store, offers: OFFERS });
    const { settleBy } = await licenses.deadlinesOf(3n);
    const date = new Date(Number(settleBy) * 1_000).toISOString().slice(0, 16).replace("T", " ");
    expect(unsettled.at(-1)?.detail).to.equal(`license 3, settle by ${date} UTC`);
    expect(owed.map(({ value, currency }) => [value, currency.symbol])).to.deep.equal([[346n, "tUSD"]]);
    // Another license of the offer is company, even if it is owed nothing.
    await keep(await sign(1n, 100n));
    await keep(await sign(2n, 0n));
    expect((await partsOf(given))[2]).to.deep.equal([2n, "age", 1, 100n, 2_500n]);
  });

  it("follows a private batch from its proof to its confirmation, beside newer vouchers", async () => {
    const given = await settling();
    const { keepPrivate, keep, sign, run } = given;
    await keepPrivate();
    const settler = await run({ confirmations: 3 });
    await settler.round();
    expect(await partsOf(given)).to.deep.equal([[2n, "proof", 2, 150n, 3_750n]]);
    await settler.proveAll();
    expect(await partsOf(given)).to.deep.equal([[2n, "sending", 2, 150n, 3_750n]]);
    await settler.round();
    await keep(await sign(1n, 1_000n, { contexts: 5n }));
    const { unsettled } = await statusOf({ ...given, offers: OFFERS });
    expect(unsettled.map(({ why, units }) => [why, units])).to.deep.equal([
      ["next", 900n],
      ["confirmation", 150n],
    ]);
    expect(unsettled[1]?.detail).to.equal(settler.of("sent")[0]?.hash);
    await networkHelpers.mine(2);
    await settler.round();
    expect(await partsOf(given)).to.deep.equal([[2n, "company", 1, 900n, 22_500n]]);
  });

  it("names failed releases, held licenses and lost ones, and counts the lost as not owed", async () => {
    const given = await settling();
    const { keep, open, store, client, licenses, buyer } = given;
    const offerId = await addOffer(given, { pricePerMillion: 1_000_000n });
    await licenses.connect(buyer).mint(mintParams(offerId, buyer, 100n), "0x");
    await licenses.connect(buyer).mint(mintParams(1n, buyer, 100n), "0x");
    await keep(await open(8n, 5n), offerId);
    await keep(await open(10n));
    await keep(await open(20n, 6n), 1n);
    const until = Date.now() + 60_000;
    await store.hold({ kind: "offer", id: offerId, until, reason: "release failed: Full()" });
    await store.hold({ kind: "license", id: 4n, until, units: 10n, reason: "VoucherExceedsPrepaid" });
    await store.hold({ kind: "license", id: 6n, until, units: 20n, reason: "lost: the license is closed" });
    const status = await statusOf({ client, store, offers: [1n, offerId] });
    expect(status.unsettled.map(({ why, units, detail }) => [why, units, detail])).to.deep.equal([
      ["held", 10n, "license 4: VoucherExceedsPrepaid"],
      ["lost", 20n, "license 6: lost: the license is closed"],
      ["release failed", 8n, "release failed: Full()"],
    ]);
    expect(status.owed.map(({ value }) => value)).to.deep.equal([258n]);
    const lines = formatStatus(status).split("\n");
    expect(lines[0]).to.match(/^offer {2}why +licenses +units +worth +since +detail$/);
    expect(lines[1]).to.match(/^ +1 {2}held +1 +10 +0.00025 tUSD +license 4: VoucherExceedsPrepaid$/);
    expect(lines.at(-1)).to.equal("Unsettled: 0.000258 tUSD");
  });
});
