import { readFileSync } from "node:fs";
import { LoneRowError } from "@benefit-grid/sdk";
import { type BatchOfferInput, buildBatch, describeAnonymity, INSTANCES } from "@benefit-grid/sdk/proofs";
import { expect } from "chai";
import { ethers, gridFixture, networkHelpers } from "../../grid.ts";
import { expectInvalid, rejectionOf } from "../clients.ts";
import { P } from "../poseidon.ts";
import { commitment, LEDGER, offer, parameters, row, SIGNATURE, statementOf, voucher } from "./support.ts";

const [SMALL, LARGE] = INSTANCES;
const SETTLED = { units: 4n, contexts: 1n, salt: 5n };

function rowsOf(count: number, from = 1) {
  return Array.from({ length: count }, (_, i) => row(BigInt(from + i)));
}

describe("buildBatch", () => {
  describe("given malformed parameters", () => {
    const good = parameters(offer(1n, ...rowsOf(2)));
    const refusals: [string, object][] = [
      ["chainId", { chainId: -1n }],
      ["ledger", { ledger: "0x12" }],
      ["meterId", { meterId: 0n }],
      ["meterId", { meterId: 2n ** 32n }],
      ["instance", { instance: 2 }],
      ["offers", { offers: [] }],
      ["offers[0].offerId", { offers: [offer(0n, ...rowsOf(2))] }],
      ["offers[0].rows", { offers: [offer(1n)] }],
      ["offers[0].allowedContexts", { offers: [{ ...offer(1n, ...rowsOf(2)), allowedContexts: 2n ** 32n }] }],
    ];
    for (const [name, change] of refusals) {
      it(`names ${name} (${Object.keys(change)})`, async () => {
        await expectInvalid(() => buildBatch({ ...good, ...change }), name);
      });
    }
  });

  describe("given an invalid row for circuit or ledger", () => {
    const path = "offers[0].rows[1]";
    const dishonest = { ...voucher(2n), units: 11n };
    const { usage } = voucher(2n, { units: 11n });
    const refusals: [string, string, Partial<ReturnType<typeof row>>][] = [
      ["units that its word does not say", `${path}.voucher.usage`, { voucher: dishonest }],
      ["another license's word", `${path}.voucher.usage`, { voucher: { ...voucher(2n), usage } }],
      ["no word", `${path}.voucher.usage`, { voucher: { ...voucher(2n), usage: "0x" } }],
      ["license id 0", `${path}.voucher.licenseId`, { voucher: voucher(0n) }],
      ["units of 65 bits", `${path}.voucher.units`, { voucher: voucher(2n, { units: 2n ** 64n }) }],
      ["contexts of 33 bits", `${path}.voucher.contexts`, { voucher: voucher(2n, { contexts: 2n ** 32n }) }],
      ["a salt of the field's order", `${path}.voucher.salt`, { voucher: voucher(2n, { salt: P }) }],
      ["no signature", `${path}.voucher.signature`, { voucher: { ...voucher(2n), signature: "0x" } }],
      ["a cap of 65 bits", `${path}.cap`, { cap: 2n ** 64n }],
      ["units above the cap", `${path}.voucher.units`, { cap: 9n }],
      ["fewer units than settled", `${path}.voucher.units`, { oldOpening: { ...SETTLED, units: 11n } }],
      ["a context dropped", `${path}.voucher.contexts`, { oldOpening: { ...SETTLED, contexts: 2n } }],
      ["a context not allowed", `${path}.voucher.contexts`, { voucher: voucher(2n, { contexts: 9n }) }],
      [
        "settled units of 65 bits",
        `${path}.oldOpening.units`,
        { oldOpening: { ...SETTLED, units: 2n ** 64n } },
      ],
      [
        "a settled salt above the field",
        `${path}.oldOpening.salt`,
        { oldOpening: { ...SETTLED, salt: P + 1n } },
      ],
      ["what is settled already", `${path}.oldOpening`, { oldOpening: voucher(2n) }],
    ];
    for (const [what, name, change] of refusals) {
      it(`when it has ${what}, names it`, async () => {
        await expectInvalid(() => buildBatch(parameters(offer(1n, row(1n), row(2n, change)))), name);
      });
    }

    it("when increases add up to more than 64 bits, names the rows", async () => {
      const huge = (id: bigint) => row(id, { voucher: voucher(id, { units: 2n ** 63n }), cap: 2n ** 63n });
      await expectInvalid(() => buildBatch(parameters(offer(1n, huge(1n), huge(2n)))), "offers[0].rows");
    });

    it("when a license or an offer is there twice, refuses", async () => {
      const twice = [
        [offer(1n, row(1n), row(1n))],
        [offer(1n, row(1n), row(2n)), offer(2n, row(3n), row(2n))],
        [offer(1n, row(1n), row(2n)), offer(1n, row(3n), row(4n))],
      ];
      for (const offers of twice) await expectInvalid(() => buildBatch(parameters(...offers)), "offers");
    });
  });

  describe("given a lone row", () => {
    const lone = parameters(offer(1n, row(1n), row(2n)), offer(6n, row(3n)));

    it("refuses and names the offer", async () => {
      const error = await rejectionOf(() => buildBatch(lone));
      expect(error).to.be.instanceOf(LoneRowError).and.to.have.property("offerId", 6n);
    });

    it("when allowed, builds the batch", () => {
      expect(buildBatch({ ...lone, allowLone: true }).anonymity[1]).to.include({ rows: 1, units: 10n });
    });

    it("when a cover joins it, builds the batch", () => {
      const cover = row(4n, { oldOpening: { units: 10n, contexts: 1n, salt: 9n } });
      const first = row(5n, { voucher: voucher(5n, { units: 0n, contexts: 0n }) });
      const { anonymity } = buildBatch(parameters(offer(6n, row(3n), cover, first)));
      expect(anonymity).to.deep.equal([{ offerId: 6n, units: 10n, rows: 3, covers: 2 }]);
    });
  });

  describe("chooses the instance", () => {
    it("the smallest fitting one, by rows and by offers", () => {
      const of = (...offers: BatchOfferInput[]) => buildBatch({ ...parameters(...offers), allowLone: true });
      const offers = (count: number) => rowsOf(count).map((one, i) => offer(BigInt(i + 1), one));
      expect(of(offer(1n, ...rowsOf(16)))).to.include({ instance: 0, circuit: SMALL.circuit });
      expect(of(offer(1n, ...rowsOf(17)))).to.include({ instance: 1, circuit: LARGE.circuit });
      expect(of(...offers(4))).to.include({ instance: 0 });
      expect(of(...offers(5))).to.include({ instance: 1 });
    });

    it("from the ledger's list, as large as their circuits", async () => {
      const { ledger } = await networkHelpers.loadFixture(gridFixture);
      const circuits = JSON.parse(readFileSync("circuits/circuits.json", "utf8"));
      expect(await ledger.instanceCount()).to.equal(BigInt(INSTANCES.length));
      for (const { index, circuit, rows, offers } of INSTANCES) {
        expect(circuits[circuit].params).to.deep.equal([rows, offers]);
        const instance = await ledger.instanceOf(index);
        expect([instance.rows, instance.offers]).to.deep.equal([BigInt(rows), BigInt(offers)]);
      }
    });

    it("the requested one", async () => {
      const small = parameters(offer(1n, ...rowsOf(2)));
      expect(buildBatch({ ...small, instance: 1 })).to.include({ instance: 1, circuit: LARGE.circuit });
      const large = parameters(offer(1n, ...rowsOf(17)));
      await expectInvalid(() => buildBatch({ ...large, instance: 0 }), "offers");
    });

    it("when nothing fits, says what to do", async () => {
      const rows = parameters(offer(1n, ...rowsOf(129)));
      const error = await rejectionOf(() => buildBatch(rows));
      expect(error.message).to.equal(
        "`offers` have 129 rows of 1 offers, but the circuit has room for 128 rows of 16. Split them into several batches.",
      );
      const offers = rowsOf(17).map((one, i) => offer(BigInt(i + 1), one));
      await expectInvalid(() => buildBatch({ ...parameters(...offers), allowLone: true }), "offers");
    });
  });

  it("sorts offers and licenses, adds up, and keeps openings to the prover's input", () => {
    const moved = row(7n, {
      voucher: voucher(7n, { units: 30n, contexts: 5n }),
      oldOpening: SETTLED,
      cap: 30n,
    });
    const batch = buildBatch(parameters(offer(9n, row(3n), row(2n)), offer(4n, row(8n), moved)));
    const shown = (licenseId: bigint, cap: bigint, opening = {}, oldUsage = ethers.ZeroHash) => {
      const { usage } = voucher(licenseId, opening);
      return { licenseId, cap, oldUsage, usage, signature: SIGNATURE };
    };
    const before = commitment(7n, SETTLED);
    expect(batch.offers).to.deep.equal([
      {
        offerId: 4n,
        units: 36n,
        rows: [shown(7n, 30n, { units: 30n, contexts: 5n }, before), shown(8n, 100n)],
      },
      { offerId: 9n, units: 20n, rows: [shown(2n, 100n), shown(3n, 100n)] },
    ]);
    expect(batch).to.include({ chainId: 31337n, ledger: ethers.getAddress(LEDGER), meterId: 3n });
    const { input, signals } = batch;
    const words = (...values: bigint[]) => [...values, ...Array(16 - values.length).fill(0n)];
    expect(input).to.deep.equal({
      r: signals.r,
      totals: [36n, 20n, 0n, 0n],
      enabled: words(1n, 1n, 1n, 1n),
      first: words(0n, 1n, 1n, 1n),
      licenseId: words(7n, 8n, 2n, 3n),
      index: words(0n, 0n, 1n, 1n),
      cap: words(30n, 100n, 100n, 100n),
      allowedContexts: words(7n, 7n, 7n, 7n),
      oldUnits: words(4n),
      oldContexts: words(1n),
      oldSalt: words(5n),
      newUnits: words(30n, 10n, 10n, 10n),
      newContexts: words(5n, 1n, 1n, 1n),
      newSalt: words(1_007n, 1_008n, 1_002n, 1_003n),
    });
  });

  it("when a word is written in upper case, takes it as the same", () => {
    const upper = `0x${voucher(2n).usage.slice(2).toUpperCase()}` as const;
    const loud = row(2n, { voucher: { ...voucher(2n), usage: upper } });
    const { signals } = buildBatch(parameters(offer(1n, row(1n), loud)));
    expect(signals).to.deep.equal(buildBatch(parameters(offer(1n, row(1n), row(2n)))).signals);
  });

  it("returns a frozen batch", () => {
    const batch = buildBatch(parameters(offer(1n, row(1n), row(2n))));
    const parts = [batch, batch.offers, batch.offers[0], batch.offers[0]?.rows[1], batch.vector, batch.input];
    expect(parts.every((part) => Object.isFrozen(part))).to.equal(true);
  });

  it("has another r for any other ledger, meter or row", () => {
    const base = parameters(offer(1n, row(1n), row(2n)));
    const salted = row(2n, { voucher: voucher(2n, { salt: 1n }) });
    const variants = [
      base,
      { ...base, chainId: 1n },
      { ...base, ledger: LEDGER.replace("1e", "2e") },
      { ...base, meterId: 4n },
      { ...base, instance: 1 },
      parameters(offer(1n, row(1n), salted)),
      { ...parameters(offer(1n, row(1n)), offer(2n, row(2n))), allowLone: true },
      parameters(offer(1n, row(1n), row(2n, { cap: 101n }))),
    ];
    expect(new Set(variants.map((one) => buildBatch(one).signals.r)).size).to.equal(variants.length);
  });

  it("on random batches, agrees with the design's statement over circomlib's Poseidon", () => {
    for (let seed = 0; seed < 12; seed++) {
      const sorted = randomOffers(seed);
      const instance = sorted.length > 4 || sorted.flatMap(({ rows }) => rows).length > 16 ? LARGE : SMALL;
      const shuffled = [...sorted].reverse().map((one) => ({ ...one, rows: [...one.rows].reverse() }));
      const batch = buildBatch({ ...parameters(...shuffled), allowLone: true });
      const { vector, signals } = statementOf(parameters(...sorted), instance, P);
      expect(batch.vector).to.deep.equal(vector);
      expect(batch.signals).to.deep.equal(signals);
    }
  });
});

describe("describeAnonymity", () => {
  it("describes the public part of each offer", () => {
    const cover = row(2n, { oldOpening: { units: 10n, contexts: 1n, salt: 9n } });
    const batch = buildBatch({
      ...parameters(offer(1n, row(1n), cover, row(3n)), offer(2n, row(4n), row(5n)), offer(3n, row(6n))),
      allowLone: true,
    });
    expect(describeAnonymity(batch).split("\n")).to.deep.equal([
      "Offer 1: 20 units of 3 licenses, 1 of them a cover.",
      "Offer 2: 20 units of 2 licenses. Each of the two learns the other's count.",
      "Offer 3: 10 units of 1 license: its count is public.",
    ]);
  });
});

/** Sorted offers and licenses with numbers of all sizes, the same for the same seed. */
function randomOffers(seed: number): BatchOfferInput[] {
  let state = BigInt(seed) + 1n;
  const random = (limit: bigint) => {
    state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) % 2n ** 256n;
    return (BigInt(commitment(1n, { units: 0n, contexts: 0n, salt: state % P })) * limit) / P;
  };
  const sized = () => random(2n ** (1n + random(57n)));
  const count = 1 + Number(random(seed % 3 === 0 ? 9n : 4n));
  let licenseId = 0n;
  let offerId = 0n;
  return Array.from({ length: count }, () => {
    offerId += 1n + sized();
    const rows = Array.from({ length: 1 + Number(random(4n)) }, () => {
      licenseId += 1n + sized();
      const before = { units: sized(), contexts: random(2n ** 32n), salt: random(P) };
      const oldOpening = random(3n) === 0n ? undefined : before;
      const units = (oldOpening?.units ?? 0n) + (random(4n) === 0n ? 0n : sized());
      const contexts = (oldOpening?.contexts ?? 0n) | random(2n ** 32n);
      const now = voucher(licenseId, { units, contexts, salt: random(P) });
      return { voucher: now, oldOpening, cap: units + sized() };
    });
    return { offerId, allowedContexts: 2n ** 32n - 1n, rows };
  });
}
