import { expect } from "chai";
import { deployLedger, ethers, impersonate, Mode, mintParams, networkHelpers, voucher } from "../grid.ts";
import { addOffer, legsBetween } from "../settlement/support.ts";
import {
  FIRST,
  OPENINGS,
  PREPAID,
  privateFixture,
  provenSettlement,
  SECOND,
  type Settlement,
  type Steps,
  settle,
  settledFixture,
  signUsage,
  unprovenSettlement,
  usageWord,
} from "./private.ts";
import { stopThreads } from "./proving.ts";
import { PRIME } from "./statement.ts";

const lone = (licenseId: bigint, by: "buyer" | "stranger" = "buyer") => [
  { licenseId, by, next: OPENINGS.one },
];

/** The first row of the first offer, changed. */
function withRow(settlement: Settlement, change: Partial<Settlement["batches"][number]["rows"][number]>) {
  const [batch, ...others] = settlement.batches;
  if (!batch?.rows[0]) throw new Error("There is no row.");
  const rows = [{ ...batch.rows[0], ...change }, ...batch.rows.slice(1)];
  return { ...settlement, batches: [{ ...batch, rows }, ...others] };
}

describe("UsageLedger: settling privately", () => {
  after(stopThreads);

  describe("constructor", () => {
    it("when a circuit has more than 16 offers, reverts: an index of 4 bits cannot name them", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const circuit = (offers: bigint) => ({ rows: 128n, offers, verifier: grid.meter.address });
      await expect(deployLedger(grid, [circuit(16n), circuit(17n)]))
        .to.be.revertedWithCustomError(grid.ledger, "InstanceOffersOutOfRange")
        .withArgs(1n, 17n);
      const ledger = await deployLedger(grid, [circuit(16n)]);
      expect((await ledger.instanceOf(0n)).offers).to.equal(16n);
    });
  });

  describe("settlePrivate", () => {
    it("when somebody other than the operator calls, reverts", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const { batches, commitment, proof } = await unprovenSettlement(grid, FIRST);
      await expect(grid.ledger.connect(grid.payee).settlePrivate(1n, 0n, batches, commitment, proof))
        .to.be.revertedWithCustomError(grid.ledger, "CallerNotMeterOperator")
        .withArgs(1n, grid.payee.address);
    });

    it("when the ledger is retired, or was never admitted, reverts", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const { terms, ledger, meter } = grid;
      const settlement = await provenSettlement(grid, FIRST);
      await terms.connect(await impersonate(grid.timelock)).retireLedger(ledger);
      await expect(settle(grid, settlement)).to.be.revertedWithCustomError(ledger, "LedgerNotAdmitted");

      const other = await deployLedger(grid);
      await other.connect(meter).registerMeter(meter, meter, "");
      await expect(settle({ ...grid, ledger: other }, settlement)).to.be.revertedWithCustomError(
        other,
        "LedgerNotAdmitted",
      );
    });

    it("when there is no such instance, reverts", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const settlement = await unprovenSettlement(grid, FIRST);
      for (const instance of [2n, 2n ** 32n - 1n]) {
        await expect(settle(grid, { ...settlement, instance }))
          .to.be.revertedWithCustomError(grid.ledger, "InstanceNonexistent")
          .withArgs(instance);
      }
    });

    it("when there are more offers or rows than the circuit has, reverts", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const settlement = await unprovenSettlement(grid, FIRST);
      const [batch, other] = settlement.batches;
      if (!batch?.rows[0] || !other) throw new Error("There are two offers.");
      const tooManyRows = [{ ...batch, rows: Array(16).fill(batch.rows[0]) }, other];
      await expect(settle(grid, { ...settlement, batches: tooManyRows }))
        .to.be.revertedWithCustomError(grid.ledger, "BatchExceedsInstance")
        .withArgs(0n, 2n, 17n);
      await expect(settle(grid, { ...settlement, batches: Array(5).fill(other) }))
        .to.be.revertedWithCustomError(grid.ledger, "BatchExceedsInstance")
        .withArgs(0n, 5n, 5n);
    });

    it("when offers do not strictly increase, reverts", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const settlement = await unprovenSettlement(grid, FIRST);
      const [two, three] = settlement.batches;
      if (!two || !three) throw new Error("There are two offers.");
      for (const [batches, previous, offerId] of [
        [[three, two], 3n, 2n],
        [[two, two], 2n, 2n],
        [[{ ...two, offerId: 0n }], 0n, 0n],
      ] as const) {
        await expect(settle(grid, { ...settlement, batches: [...batches] }))
          .to.be.revertedWithCustomError(grid.ledger, "BatchOffersUnordered")
          .withArgs(previous, offerId);
      }
    });

    it("when the offer does not exist, or is another meter's or ledger's, reverts", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const { ledger, terms, stranger, meter, creator } = grid;
      const missing = await unprovenSettlement(grid, { 9: lone(1n) });
      await expect(settle(grid, missing))
        .to.be.revertedWithCustomError(terms, "OfferNonexistent")
        .withArgs(9n);

      const settlement = await unprovenSettlement(grid, FIRST);
      await ledger.connect(stranger).registerMeter(stranger, stranger, "");
      await expect(settle(grid, { ...settlement, meterId: 2n }, stranger))
        .to.be.revertedWithCustomError(ledger, "OfferNotMetered")
        .withArgs(2n, 2n);

      const other = await deployLedger(grid);
      await other.connect(meter).registerMeter(creator, creator, "");
      await terms.connect(await impersonate(grid.timelock)).admitLedger(other);
      await addOffer(grid, { ledger: await other.getAddress(), mode: Mode.Private });
      await expect(settle(grid, await unprovenSettlement(grid, { 4: lone(1n) })))
        .to.be.revertedWithCustomError(ledger, "OfferNotMetered")
        .withArgs(4n, 1n);
    });

    it("when the offer is open, reverts, as settling a private one openly does", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const { ledger, meter, buyer } = grid;
      await expect(settle(grid, await unprovenSettlement(grid, { 1: lone(4n) })))
        .to.be.revertedWithCustomError(ledger, "OfferModeMismatch")
        .withArgs(1n, Mode.Open);
      const rows = [await voucher(grid, buyer, { licenseId: 1n, units: 10n })];
      await expect(ledger.connect(meter).settleOpen(1n, [{ offerId: 2n, rows }]))
        .to.be.revertedWithCustomError(ledger, "OfferModeMismatch")
        .withArgs(2n, Mode.Private);
    });

    it("when an offer has no rows, reverts", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const settlement = await unprovenSettlement(grid, { 2: [], 3: FIRST["3"] ?? [] });
      await expect(settle(grid, settlement))
        .to.be.revertedWithCustomError(grid.ledger, "BatchEmpty")
        .withArgs(2n);
    });

    it("when an entry has bits above 64 of license id, reverts", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const settlement = await unprovenSettlement(grid, FIRST);
      for (const bit of [128n, 255n]) {
        const entry = ethers.toBeHex((1n << bit) | (1n << 64n) | PREPAID, 32);
        await expect(settle(grid, withRow(settlement, { entry })))
          .to.be.revertedWithCustomError(grid.ledger, "VoucherMalformed")
          .withArgs(entry);
      }
    });

    it("when licenses do not strictly increase from above 0, reverts", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const [one, two] = FIRST["2"] ?? [];
      if (!one || !two) throw new Error("There are two steps.");
      for (const [steps, previous, licenseId] of [
        [[two, one], 2n, 1n],
        [[one, one], 1n, 1n],
        [[{ ...one, licenseId: 0n }], 0n, 0n],
      ] as const) {
        await expect(settle(grid, await unprovenSettlement(grid, { 2: [...steps] })))
          .to.be.revertedWithCustomError(grid.ledger, "BatchLicensesUnordered")
          .withArgs(previous, licenseId);
      }
    });

    it("when a license is another offer's, reverts", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      await expect(settle(grid, await unprovenSettlement(grid, { 2: lone(3n) })))
        .to.be.revertedWithCustomError(grid.licenses, "LicenseOfferMismatch")
        .withArgs(3n, 2n);
    });

    it("when a usage word is 0 or not a field element, reverts", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const settlement = await provenSettlement(grid, FIRST);
      const alias = BigInt(usageWord(1n, OPENINGS.one)) + PRIME;
      for (const word of [0n, PRIME, PRIME + 1n, alias, 2n ** 256n - 1n]) {
        const usage = ethers.toBeHex(word, 32);
        const signature = await signUsage(grid, grid.buyer, 1n, usage);
        await expect(settle(grid, withRow(settlement, { usage, ...signature })))
          .to.be.revertedWithCustomError(grid.ledger, "VoucherNotCommitment")
          .withArgs(1n, usage);
      }
    });

    it("when a cap is above the prepaid units, reverts", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const settlement = await provenSettlement(grid, {
        2: [{ ...(FIRST["2"]?.[0] ?? lone(1n)[0]), cap: PREPAID + 1n }],
      } as Steps);
      await expect(settle(grid, settlement))
        .to.be.revertedWithCustomError(grid.ledger, "ProvenCapExceedsPrepaid")
        .withArgs(1n, PREPAID + 1n, PREPAID);
    });

    it("when the signer did not sign this word, reverts", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const { ledger, buyer, stranger } = grid;
      const settlement = await provenSettlement(grid, FIRST);
      const usage = usageWord(1n, OPENINGS.one);
      const { r, vs } = await signUsage(grid, buyer, 1n, usage);
      const high = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n - BigInt(vs);
      for (const change of [
        await signUsage(grid, stranger, 1n, usage),
        await signUsage(grid, buyer, 2n, usage),
        await signUsage(grid, buyer, 1n, usageWord(1n, OPENINGS.two)),
        { r: ethers.ZeroHash, vs },
        { r, vs: ethers.toBeHex(high & (2n ** 256n - 1n), 32) },
      ]) {
        await expect(settle(grid, withRow(settlement, change)))
          .to.be.revertedWithCustomError(ledger, "VoucherSignatureInvalid")
          .withArgs(1n, buyer.address);
      }
    });

    it("when there is no proof, reverts", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      await expect(settle(grid, await unprovenSettlement(grid, FIRST))).to.be.revertedWithCustomError(
        grid.ledger,
        "ProofInvalid",
      );
    });

    it("when licenses settle for the first time, their words are stored and published", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const words = [
        [1n, usageWord(1n, OPENINGS.one)],
        [2n, usageWord(2n, OPENINGS.two)],
        [3n, usageWord(3n, OPENINGS.three)],
      ] as const;
      const totals = [2n | (150n << 64n), 3n | (7n << 64n)].map((word) => ethers.toBeHex(word, 32));
      const rows = ethers.concat(words.flatMap(([id, word]) => [ethers.toBeHex(id, 8), word]));
      await expect(settle(grid, await provenSettlement(grid, FIRST)))
        .to.emit(grid.ledger, "PrivateSettled")
        .withArgs(1n, totals, rows);
      for (const [id, word] of words) expect(await grid.ledger.usageOf(id)).to.equal(word);
    });

    it("when licenses advance, each offer's total is paid for, to the last unit", async () => {
      const grid = await networkHelpers.loadFixture(settledFixture);
      const { ledger, router, capsules, usd, payee, application } = grid;
      const version = await capsules.currentSharesVersion(1n);
      const paid = 150n * 25n + 7n * 3n;
      const held = await usd.balanceOf(router);
      const before = {
        compute: await router.withdrawable(payee, usd),
        application: await router.withdrawable(application, usd),
      };
      const settling = settle(grid, await provenSettlement(grid, SECOND));
      const first = legsBetween(paid, 900n * 25n);
      const second = legsBetween(paid + 900n * 25n, 1n * 3n);
      const bonus = [first, second].map(({ platform }) => (platform * 3_000n) / 10_000n) as [bigint, bigint];
      await expect(settling)
        .to.emit(router, "Released")
        .withArgs(2n, 1n, payee.address, version, 900n, 22_500n, first.compute, bonus[0], 0n);
      await expect(settling)
        .to.emit(router, "Released")
        .withArgs(3n, 1n, payee.address, version, 1n, 3n, second.compute, bonus[1], 0n);
      expect(await router.withdrawable(payee, usd)).to.equal(before.compute + first.compute + second.compute);
      expect(await router.withdrawable(application, usd)).to.equal(before.application + bonus[0] + bonus[1]);
      expect((await router.revenueOf(1n, version, usd)).total).to.equal(paid + 22_503n);
      expect((await router.escrowOf(2n)).balance).to.equal(2_000n * 25n - 150n * 25n - 22_500n);
      expect((await router.escrowOf(3n)).balance).to.equal(1_000n * 3n - 8n * 3n);
      expect(await usd.balanceOf(router)).to.equal(held);
      expect(await ledger.usageOf(2n)).to.equal(usageWord(2n, { ...OPENINGS.two, salt: 22n }));
    });

    it("when all rows are covers, words change and nothing is paid", async () => {
      const grid = await networkHelpers.loadFixture(settledFixture);
      const next = { ...OPENINGS.one, salt: 31n };
      const escrow = await grid.router.escrowOf(2n);
      await settle(
        grid,
        await provenSettlement(grid, { 2: [{ licenseId: 1n, by: "buyer", old: OPENINGS.one, next }] }),
      );
      expect(await grid.ledger.usageOf(1n)).to.equal(usageWord(1n, next));
      expect(await grid.router.escrowOf(2n)).to.deep.equal(escrow);
    });

    it("when use is free, it is counted and no money moves", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const { licenses, router, payee, buyer } = grid;
      const offerId = await addOffer(grid, { mode: Mode.Private, pricePerMillion: 0n });
      await licenses.connect(buyer).mint(mintParams(offerId, buyer, PREPAID, 0n), "0x");
      await expect(settle(grid, await provenSettlement(grid, { [`${offerId}`]: lone(5n) })))
        .to.emit(router, "Released")
        .withArgs(offerId, 1n, payee.address, 1n, OPENINGS.one.units, 0n, 0n, 0n, 0n);
      expect(await grid.ledger.usageOf(5n)).to.equal(usageWord(5n, OPENINGS.one));
    });
  });

  describe("instanceOf and instanceCount", () => {
    it("when there is no such instance, reverts", async () => {
      const { ledger } = await networkHelpers.loadFixture(privateFixture);
      await expect(ledger.instanceOf(2n))
        .to.be.revertedWithCustomError(ledger, "InstanceNonexistent")
        .withArgs(2n);
    });

    it("when deployed, there are a small and a big one", async () => {
      const { ledger } = await networkHelpers.loadFixture(privateFixture);
      expect(await ledger.instanceCount()).to.equal(2n);
      const [small, big] = [await ledger.instanceOf(0n), await ledger.instanceOf(1n)];
      expect([small.rows, small.offers, big.rows, big.offers]).to.deep.equal([16n, 4n, 128n, 16n]);
      expect(new Set([small.verifier, big.verifier, await ledger.RANGE_VERIFIER()])).to.have.lengthOf(3);
    });
  });
});
