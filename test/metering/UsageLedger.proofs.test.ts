import { expect } from "chai";
// @ts-expect-error: ffjavascript has no types
import { getCurveFromName } from "ffjavascript";
import { deployLedger, ethers, impersonate, networkHelpers } from "../grid.ts";
import {
  FIRST,
  movesOf,
  type PrivateBatch,
  placeOf,
  privateFixture,
  provenSettlement,
  SECOND,
  type Settlement,
  settle,
  settledFixture,
} from "./private.ts";
import { type LedgerProof, proveBatch, proveRange, SMALL, stopThreads } from "./proving.ts";
import { commitmentOf, PRIME, signalsOf } from "./statement.ts";

type Grid = Awaited<ReturnType<typeof privateFixture>>;

async function expectRefused(grid: Grid, settlement: Settlement, message?: string) {
  await expect(settle(grid, settlement), message).to.be.revertedWithCustomError(grid.ledger, "ProofInvalid");
}

function twoBatches({ batches }: Settlement): [PrivateBatch, PrivateBatch] {
  const [two, three] = batches;
  if (!two || !three) throw new Error("There are two offers.");
  return [two, three];
}

async function verifierOf({ ledger }: Grid) {
  const { verifier } = await ledger.instanceOf(SMALL.instance);
  return await ethers.getContractAt("UsageBatch16x4Verifier", verifier);
}

/** Another proof of the same statement, made from the proof alone: a times a factor, b times its inverse. */
async function randomized({ a, b, c }: LedgerProof): Promise<LedgerProof> {
  const { G1, G2, Fr } = await getCurveFromName("bn128");
  const factor = Fr.e(1_234_567n);
  const one = G1.fromObject([...a, 1n]);
  const two = G2.fromObject([...b.map((pair) => [...pair].reverse()), [1n, 0n]]);
  const [ax, ay] = G1.toObject(G1.toAffine(G1.timesFr(one, factor)));
  const [bx, by] = G2.toObject(G2.toAffine(G2.timesFr(two, Fr.inv(factor))));
  return { a: [ax, ay], b: [bx.reverse(), by.reverse()], c };
}

describe("UsageLedger: the purpose of a proof", () => {
  after(stopThreads);

  describe("given other rows or totals than were proved", () => {
    it("when rows are dropped, is refused", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const settlement = await provenSettlement(grid, FIRST);
      const [two, three] = twoBatches(settlement);
      for (const rows of [two.rows.slice(0, 1), two.rows.slice(1)]) {
        await expectRefused(grid, { ...settlement, batches: [{ ...two, rows }, three] });
      }
      await expectRefused(grid, { ...settlement, batches: [two] });
      await expectRefused(grid, { ...settlement, batches: [three] });
      await expectRefused(grid, { ...settlement, batches: [] });
    });

    it("when a row is another of the same license, is refused", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const settlement = await provenSettlement(grid, FIRST);
      const other = await provenSettlement(grid, {
        ...FIRST,
        3: [{ licenseId: 3n, by: "buyer", next: { units: 8n, contexts: 1n, salt: 13n } }],
      });
      await expectRefused(grid, {
        ...settlement,
        batches: [twoBatches(settlement)[0], twoBatches(other)[1]],
      });
      await expectRefused(grid, { ...settlement, proof: other.proof });
      await expectRefused(grid, { ...settlement, commitment: other.commitment });
    });

    it("when a row has another cap, is refused", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const settlement = await provenSettlement(grid, FIRST);
      const [two, three] = twoBatches(settlement);
      const rows = two.rows.map((row) => ({ ...row, entry: ethers.toBeHex(BigInt(row.entry) - 1n, 32) }));
      await expectRefused(grid, { ...settlement, batches: [{ ...two, rows }, three] });
    });

    it("when totals are swapped, duplicated or untrue, is refused", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const settlement = await provenSettlement(grid, FIRST);
      const [two, three] = twoBatches(settlement);
      for (const [first, second] of [
        [three.units, two.units],
        [two.units, two.units],
        [three.units, three.units],
        [two.units - 1n, three.units],
        [two.units + 1n, three.units],
        [two.units, 0n],
        [2n ** 64n - 1n, three.units],
      ] as const) {
        const batches = [
          { ...two, units: first },
          { ...three, units: second },
        ];
        await expectRefused(grid, { ...settlement, batches }, `${first} and ${second}`);
      }
    });

    it("when the same rows were settled already, is refused", async () => {
      const grid = await networkHelpers.loadFixture(settledFixture);
      await expectRefused(grid, await provenSettlement(grid, FIRST));
      const second = await provenSettlement(grid, SECOND);
      await settle(grid, second);
      await expectRefused(grid, second);
    });

    it("when the proved voucher is not the next one, is refused", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      await expectRefused(grid, await provenSettlement(grid, SECOND));
    });
  });

  describe("given another place than it was proved for", () => {
    it("when meter, ledger, chain, instance or number of rows are others, is refused", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      await expectRefused(grid, await provenSettlement(grid, FIRST, { chainId: 1n }));
      const [verifier, place] = [await verifierOf(grid), await placeOf(grid)];
      const { proof, signals } = await proveBatch(movesOf(FIRST), place);
      for (const other of [
        {},
        { meterId: 2n },
        { ledger: await grid.router.getAddress() },
        { chainId: 1n },
        { instance: 1n },
        { rowCount: 2n },
        { rowCount: 4n },
      ]) {
        const { c, y, r } = signalsOf(movesOf(FIRST), SMALL, { ...place, ...other });
        const isSame = Object.keys(other).length === 0;
        expect([c, y, r].every((signal, i) => signal === signals[i])).to.equal(isSame);
        expect(await verifier.verifyProof(proof.a, proof.b, proof.c, [c, y, r])).to.equal(isSame);
      }
    });

    it("when it was proved by the other circuit, is refused", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      await expectRefused(grid, { ...(await provenSettlement(grid, FIRST)), instance: 1n });
    });

    it("when another ledger has the same circuit at another number, is refused there", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const verifier = await (await verifierOf(grid)).getAddress();
      const instance = { rows: BigInt(SMALL.rows), offers: BigInt(SMALL.offers), verifier };
      const ledger = await deployLedger(grid, [instance, instance]);
      await ledger.connect(grid.meter).registerMeter(grid.meter, grid.meter, "");
      await grid.terms.connect(await impersonate(grid.timelock)).admitLedger(ledger);
      // No offer can move to another ledger, so the test computes this one's own signals.
      const place = { ...(await placeOf({ ledger })), instance: 0n };
      const { proof, signals } = await proveBatch(movesOf(FIRST), place);
      const check = await verifierOf(grid);
      expect(await check.verifyProof(proof.a, proof.b, proof.c, triple(signals))).to.equal(true);
      for (const other of [{ ...place, instance: 1n }, await placeOf(grid)]) {
        const { c, y, r } = signalsOf(movesOf(FIRST), SMALL, other);
        expect(await check.verifyProof(proof.a, proof.b, proof.c, [c, y, r])).to.equal(false);
      }
    });
  });

  describe("given signals outside the field", () => {
    it("when the commitment is written in another way, the ledger refuses", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const settlement = await provenSettlement(grid, FIRST);
      for (let alias = settlement.commitment + PRIME; alias < 2n ** 256n; alias += PRIME) {
        await expectRefused(grid, { ...settlement, commitment: alias });
      }
      await expectRefused(grid, { ...settlement, commitment: 0n });
    });

    it("when any signal is written in another way, the verifiers refuse", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const verifier = await verifierOf(grid);
      const { proof, signals } = await proveBatch(movesOf(FIRST), await placeOf(grid));
      expect(await verifier.verifyProof(proof.a, proof.b, proof.c, triple(signals))).to.equal(true);
      for (const i of [0, 1, 2]) {
        for (const change of [PRIME, 2n * PRIME, 1n]) {
          const changed = triple(signals.map((signal, j) => (i === j ? signal + change : signal)));
          expect(await verifier.verifyProof(proof.a, proof.b, proof.c, changed), `${i}`).to.equal(false);
        }
      }
      const range = await ethers.getContractAt("UsageRangeVerifier", await grid.ledger.RANGE_VERIFIER());
      const opening = { units: 5n, contexts: 1n, salt: 9n };
      const shown = await proveRange(1n, opening, commitmentOf(1n, opening), [0n, 5n]);
      const { a, b, c } = shown.proof;
      expect(await range.verifyProof(a, b, c, quadruple(shown.signals))).to.equal(true);
      for (const i of [0, 1, 2, 3]) {
        const alias = quadruple(shown.signals.map((signal, j) => (i === j ? signal + PRIME : signal)));
        expect(await range.verifyProof(a, b, c, alias), `range ${i}`).to.equal(false);
      }
    });
  });

  describe("given another proof of the same", () => {
    it("when somebody re-randomized it, it verifies: nothing may depend on a proof's bytes", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const settlement = await provenSettlement(grid, FIRST);
      const proof = await randomized(settlement.proof);
      expect(proof).not.to.deep.equal(settlement.proof);
      await settle(grid, { ...settlement, proof });
      await expectRefused(grid, settlement);
    });

    it("when a coordinate is changed, is refused", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const settlement = await provenSettlement(grid, FIRST);
      const { a, b, c } = settlement.proof;
      for (const proof of [
        { a: [a[0], a[1] + 1n], b, c },
        { a: c, b, c: a },
        { a, b: [b[1], b[0]], c },
        { a, b, c: [0n, 0n] },
      ] as LedgerProof[]) {
        await expectRefused(grid, { ...settlement, proof });
      }
    });
  });
});

function triple([a = 0n, b = 0n, c = 0n]: readonly bigint[]): [bigint, bigint, bigint] {
  return [a, b, c];
}

function quadruple([a = 0n, b = 0n, c = 0n, d = 0n]: readonly bigint[]): [bigint, bigint, bigint, bigint] {
  return [a, b, c, d];
}
