import { expect } from "chai";
import { readManifest } from "../../scripts/circuits/manifest.ts";
import { drawer, randomBatch, smallBatch } from "./batches.ts";
import { type Circuit, loadCircuit } from "./circuit.ts";
import { broken, inputWires, satisfies, signalsOf, wireOf, wiresOf } from "./constraints.ts";
import { BOUNDARIES, inverse, mod, P } from "./field.ts";
import { SMALL_BATCH, twin, USAGE_BATCH } from "./mains.ts";
import {
  type Batch,
  CONDITIONS,
  evaluate,
  inputsOf,
  PADDING,
  type Row,
  sponge,
  vector,
  violations,
} from "./model.ts";
import { solve } from "./solve.ts";

const MAX_64 = 2n ** 64n - 1n;
const MAX_32 = 2n ** 32n - 1n;

// For each condition: a batch that breaks only it, and the most similar valid batch.
const CASES: Record<string, { bad: Batch; good: Batch }> = {
  "row 2: enabled is 0 or 1": {
    bad: smallBatch([{}, {}, { enabled: 2n }]),
    good: smallBatch([{}, {}, { enabled: 1n }]),
  },
  "row 1: first is 0 or enabled": {
    bad: smallBatch([{}, { first: 2n }]),
    good: smallBatch([{}, { first: 0n }]),
  },
  "row 0: license id has 64 bits": {
    bad: smallBatch([{ licenseId: MAX_64 + 1n }]),
    good: smallBatch([{ licenseId: MAX_64 }]),
  },
  // With r = 1 every power is 1. Otherwise the power would be broken, too.
  "row 0: index has 4 bits": {
    bad: { ...smallBatch([{ index: 16n }]), r: 1n },
    good: smallBatch([{ index: 15n, oldUnits: 8n }]),
  },
  "row 0: allowed contexts have 32 bits": {
    bad: smallBatch([{ allowedContexts: MAX_32 + 1n + 7n }]),
    good: smallBatch([{ allowedContexts: MAX_32 }]),
  },
  "row 0: old contexts have 32 bits": {
    bad: smallBatch([{ oldContexts: MAX_32 + 1n, newContexts: MAX_32, allowedContexts: MAX_32 }]),
    good: smallBatch([{ oldContexts: MAX_32, newContexts: MAX_32, allowedContexts: MAX_32 }]),
  },
  "row 0: new contexts have 32 bits": {
    bad: smallBatch([{ newContexts: MAX_32 + 2n, allowedContexts: MAX_32 }]),
    good: smallBatch([{ newContexts: MAX_32, allowedContexts: MAX_32 }]),
  },
  "row 0: old contexts are among new": {
    bad: smallBatch([{ oldContexts: 0b100n, newContexts: 0b011n }]),
    good: smallBatch([{ oldContexts: 0b011n, newContexts: 0b011n }]),
  },
  "row 0: new contexts are among allowed": {
    bad: smallBatch([{ newContexts: 0b011n, allowedContexts: 0b101n }]),
    good: smallBatch([{ newContexts: 0b011n, allowedContexts: 0b011n }]),
  },
  "row 0: increase has 64 bits": {
    bad: smallBatch([{ oldUnits: 9n }]),
    good: smallBatch([{ oldUnits: 8n }]),
  },
  "row 0: new units have 64 bits": {
    bad: smallBatch([{ cap: 5n, oldUnits: P - 2n, newUnits: P - 1n }]),
    good: smallBatch([{ cap: 5n, oldUnits: 0n, newUnits: 1n }]),
  },
  "row 0: cap minus new units has 64 bits": {
    bad: smallBatch([{ cap: 7n }]),
    good: smallBatch([{ cap: 8n }]),
  },
  "row 1: first has no old use": {
    bad: smallBatch([{}, { oldUnits: 1n }]),
    good: smallBatch([{}, { first: 0n, oldUnits: 1n }]),
  },
  "row 2: disabled has no static word": {
    bad: smallBatch([{}, {}, { licenseId: 1n }]),
    good: smallBatch([{}, {}, { licenseId: 1n, enabled: 1n }]),
  },
  "row 2: disabled has no increase": {
    bad: smallBatch([{}, {}, { oldUnits: P - 5n }]),
    good: smallBatch([{}, {}, {}]),
  },
  "total 0: units have 64 bits": {
    bad: smallBatch([{ oldUnits: 0n, newUnits: MAX_64 - 19n, cap: MAX_64 }]),
    good: smallBatch([{ oldUnits: 0n, newUnits: MAX_64 - 20n, cap: MAX_64 }]),
  },
  "batch: increases add up to the totals": {
    bad: smallBatch([{}, { index: 1n }], [6n, 20n]),
    good: smallBatch([{}, { index: 1n }], [5n, 20n]),
  },
};

// The same words, with some units moved from `units` to the 32 bits of contexts below.
const BORROWED = inverse(2n ** 32n);

describe("UsageBatch", () => {
  let circuit: Circuit;

  before(async () => {
    circuit = await loadCircuit(SMALL_BATCH);
  });

  describe("given a batch that breaks one condition", () => {
    for (const [condition, { bad, good }] of Object.entries(CASES)) {
      it(`when not "${condition}", one constraint refuses it`, () => {
        const constraints = expectRefused(circuit, bad, [condition]);
        expect(constraints).to.have.length(1);
        expectAccepted(circuit, good);
      });
    }

    it("each condition has its case, and constraints of its own", () => {
      const names = Object.keys(CASES).map((name) => name.replace(/ \d+:/, ":"));
      expect(names).to.have.members(CONDITIONS);
      const constraints = Object.values(CASES).flatMap(({ bad }) => {
        return broken(circuit, circuit.calculateAnyway(inputsOf(bad)));
      });
      expect(constraints).to.have.length(CONDITIONS.length);
      expect(new Set(constraints).size).to.equal(CONDITIONS.length);
    });
  });

  describe("given an attack", () => {
    it("when a row names an offer beyond the totals, is refused", () => {
      for (const index of [2n, 15n])
        expectRefused(circuit, smallBatch([{ index }]), ["batch: increases add up to the totals"]);
    });

    it("when padding is the first of its license, is refused", () => {
      expectRefused(circuit, smallBatch([{}, {}, { first: 1n }]), ["row 2: first is 0 or enabled"]);
    });

    it("when a first row has old contexts, is refused", () => {
      expectRefused(circuit, smallBatch([{}, { oldContexts: 0b100n }]), ["row 1: first has no old use"]);
      expectAccepted(circuit, smallBatch([{}, { oldContexts: 0b100n, first: 0n }]));
    });

    it("when padding adds units to a total, is refused", () => {
      const bad = smallBatch([{}, {}, { oldUnits: P - 5n }]);
      expect(bad.totals).to.deep.equal([30n, 0n]);
      expectRefused(circuit, bad, ["row 2: disabled has no increase"]);
    });

    it("when totals were chosen for a known r, wrong ones are accepted: r has to come after them", () => {
      const rigged = { ...smallBatch([], [20n, 1n]), r: 5n };
      expectAccepted(circuit, rigged);
      expectRefused(circuit, { ...rigged, r: 6n }, ["batch: increases add up to the totals"]);
    });

    it("when units and cap shift into contexts to forge the subsets, new units refuse it", () => {
      const forbidden = smallBatch([{ allowedContexts: 0b100n, oldContexts: 0b001n, newContexts: 0b011n }]);
      const [row] = forbidden.rows as [Row];
      const shifted = {
        allowedContexts: row.allowedContexts - 1n,
        oldContexts: row.oldContexts - 1n,
        newContexts: row.newContexts - 1n,
        cap: mod(row.cap + BORROWED),
        oldUnits: mod(row.oldUnits + BORROWED),
        newUnits: mod(row.newUnits + BORROWED),
      };
      const forged = smallBatch([shifted]);
      expect(vector(forged)).to.deep.equal(vector(forbidden));
      expect(violations(forbidden)).to.deep.equal(["row 0: new contexts are among allowed"]);
      expect(expectRefused(circuit, forged, ["row 0: new units have 64 bits"])).to.have.length(1);
    });

    describe("when an old voucher is settled again, its license's old word opened with negative units,", () => {
      const stored = { oldUnits: 50n, oldContexts: 0b001n };
      const again = { newUnits: 8n, newContexts: 0b011n };

      it("is refused, as nothing is above the units", () => {
        const opened = { ...again, oldUnits: 8n, oldContexts: stored.oldContexts + (42n << 32n) };
        const bad = smallBatch([opened]);
        expect(vector(bad)[3]).to.equal(vector(smallBatch([stored]))[3]);
        expectRefused(circuit, bad, ["row 0: old contexts have 32 bits"]);
        const negative = smallBatch([{ ...again, oldUnits: 50n - 2n ** 64n, oldContexts: 0b010n }]);
        expect(vector(negative)[3]).to.not.equal(vector(smallBatch([stored]))[3]);
      });

      it("a circuit with units below contexts pays for almost 2^64 units", async () => {
        const low = await loadCircuit(twin("UnitsBelowContexts"));
        const { cap, allowedContexts, licenseId, oldSalt, newSalt } = smallBatch().rows[0] as Row;
        const terms = { cap, allowedContexts, licenseId, oldSalt, newSalt };
        const honest = low.calculate({ ...terms, ...stored, newUnits: 51n, newContexts: 0b011n });
        expect(() => low.calculate({ ...terms, ...stored, ...again })).to.throw("An assertion failed.");
        const opened = { ...terms, ...again, oldUnits: mod(50n - 2n ** 64n), oldContexts: 0b010n };
        const forged = low.calculate(opened);
        expect(broken(low, forged)).to.deep.equal([]);
        const [oldWord, increase] = [wireOf(low, "oldWord"), wireOf(low, "increase")];
        expect(forged[oldWord]).to.equal(honest[oldWord]);
        expect(forged[increase]).to.equal(2n ** 64n - 42n);
      });
    });

    const aliases: [string, Partial<Row>, string][] = [
      ["license id", { licenseId: mod(7n - (1n << 64n)), index: 1n }, "row 0: license id has 64 bits"],
      [
        "index",
        { index: 16n, allowedContexts: 0b110n, newContexts: 0b010n, oldContexts: 0b010n },
        "row 0: index has 4 bits",
      ],
      [
        "allowed contexts",
        { allowedContexts: 0b111n + (1n << 32n), cap: 99n },
        "row 0: allowed contexts have 32 bits",
      ],
      [
        "cap",
        { cap: 100n + BORROWED, allowedContexts: 0b110n, newContexts: 0b010n, oldContexts: 0b010n },
        "row 0: cap minus new units has 64 bits",
      ],
      [
        "cap, from the license id,",
        { licenseId: mod(7n - (1n << 100n)), cap: 101n },
        "row 0: license id has 64 bits",
      ],
    ];
    for (const [field, changes, condition] of aliases) {
      it(`when ${field} overflows into the next field and leaves the static word as it was, is refused`, () => {
        const bad = smallBatch([changes]);
        expect(vector(bad)[2]).to.equal(vector(smallBatch())[2]);
        expect(violations(bad)).to.include(condition);
        expectRefused(circuit, bad, violations(bad));
      });
    }

    it("when used contexts are dropped, or contexts are not allowed, is refused", () => {
      expectRefused(circuit, smallBatch([{ newContexts: 0b010n }]), ["row 0: old contexts are among new"]);
      expectRefused(circuit, smallBatch([{ newContexts: 0b1001n }]), [
        "row 0: new contexts are among allowed",
      ]);
    });

    it("when units decrease, in the field an increase of almost p, is refused", () => {
      expectRefused(circuit, smallBatch([{ newUnits: 2n }]), ["row 0: increase has 64 bits"]);
    });

    it("when units exceed the cap, is refused", () => {
      expectRefused(circuit, smallBatch([{ newUnits: 101n }]), ["row 0: cap minus new units has 64 bits"]);
    });
  });

  // The prover forces these wires and computes all others honestly, so only the origin of these wires refuses.
  describe("given words different from the rows'", () => {
    const twoOffers = smallBatch([{}, { index: 1n }]);
    const stranger = sponge([1n]);
    const forgeries: Record<string, { forced: Record<string, bigint>; words: Record<number, bigint> }> = {
      "a total is one unit too high": { forced: { "totals[0]": 6n }, words: { 0: 6n } },
      "a total is one unit too low": { forced: { "totals[0]": 4n }, words: { 0: 4n } },
      "the units of two totals are swapped": {
        forced: { "totals[0]": 20n, "totals[1]": 5n },
        words: { 0: 20n, 1: 5n },
      },
      "a row counts for another offer": {
        forced: { "totals[0]": 0n, "totals[1]": 25n, "sums.terms[0]": 5n * twoOffers.r },
        words: { 0: 0n, 1: 25n },
      },
      "a first row has an old word": { forced: { "v[6]": stranger }, words: { 6: stranger } },
      "a row that is not first has none": { forced: { "v[3]": 0n }, words: { 3: 0n } },
      "the new word is another": { forced: { "v[4]": stranger }, words: { 4: stranger } },
      "padding has an old word": { forced: { "v[9]": stranger }, words: { 9: stranger } },
      "padding has a new word": { forced: { "v[10]": stranger }, words: { 10: stranger } },
    };
    for (const [name, { forced, words }] of Object.entries(forgeries)) {
      it(`when ${name}, is refused`, () => {
        const wires = new Map(
          Object.entries(forced).map(([signal, value]) => [wireOf(circuit, signal), value]),
        );
        const forged = forge(circuit, circuit.calculate(inputsOf(twoOffers)), wires);
        const v = Object.assign(vector(twoOffers), words);
        expect(forged.slice(1, 3)).to.deep.equal([sponge(v), evaluate(v, twoOffers.r)]);
        const constraints = broken(circuit, forged);
        expect(constraints).to.not.deep.equal([]);
        for (const index of constraints) {
          expect(signalsOf(circuit, index)).to.satisfy((names: string[]) =>
            names.some((each) => each in forced),
          );
        }
      });
    }
  });

  describe("given another value of one input", () => {
    const unused = { "a row": [], "a first row": ["oldSalt"], padding: ["oldSalt", "newSalt"] };
    for (const [index, [kind, salts]] of Object.entries(unused).entries()) {
      it(`when it is of ${kind}, leaves the words as they are only if it is ${salts.join(" or ") || "none"}`, () => {
        const words = circuit.calculate(inputsOf(smallBatch())).slice(1, 4);
        const free = Object.keys(PADDING).filter((field) => {
          const batch = smallBatch();
          const row = batch.rows[index] ?? PADDING;
          batch.rows[index] = { ...row, [field]: row[field as keyof Row] + 1n };
          const witness = circuit.calculateAnyway(inputsOf(batch));
          return satisfies(circuit, witness) && words.every((word, wire) => word === witness[wire + 1]);
        });
        expect(free).to.deep.equal(salts);
      });
    }
  });

  describe("given boundary values", () => {
    const rows = { "a row": 0, "a first row": 1, padding: 2 };
    for (const [kind, index] of Object.entries(rows)) {
      it(`when an input of ${kind} has them, constraints and model agree`, () => {
        for (const field of Object.keys(PADDING)) {
          for (const [name, value] of Object.entries(BOUNDARIES)) {
            const changes: Partial<Row>[] = [{}, {}, {}];
            changes[index] = { [field]: value };
            expectAgreement(circuit, smallBatch(changes), `${field} = ${name}`);
          }
        }
      });
    }

    it("when r or a total has them, constraints and model agree", () => {
      for (const [name, value] of Object.entries(BOUNDARIES)) {
        expectAgreement(circuit, { ...smallBatch(), r: value }, `r = ${name}`);
        expectAgreement(circuit, smallBatch([], [value, 0n]), `totals[0] = ${name}`);
        expectAgreement(circuit, smallBatch([], [25n, value]), `totals[1] = ${name}`);
      }
    });
  });

  describe("given 16 rows and 4 offers", () => {
    let instance: Circuit;
    const COUNTS = [0, 1, 2, 3, 5, 8, 11, 13, 15, 16, 16, 16];

    before(async () => {
      instance = await loadCircuit(USAGE_BATCH);
    });

    it("when batches are random, c and y are the model's", () => {
      const draw = drawer(3);
      const batches = COUNTS.map((count) => randomBatch(draw, count));
      for (const batch of batches) expectAccepted(instance, batch);

      const rows = batches.flatMap((batch) => batch.rows).filter((row) => row.enabled === 1n);
      expect(rows.filter((row) => row.first === 1n)).to.not.deep.equal([]);
      expect(rows.filter((row) => row.first === 0n && row.newUnits === row.oldUnits)).to.not.deep.equal([]);
      expect(new Set(batches[11]?.rows.map((row) => row.index)).size).to.equal(4);
    });

    it("when an input of a random batch is another, constraints and model agree", () => {
      const draw = drawer(5);
      const values = [...Object.values(BOUNDARIES), draw.bits(16), draw.bits(64), draw.element()];
      const fields = Object.keys(PADDING);
      const verdicts = Array.from({ length: 16 }, (_, round) => {
        const batch = randomBatch(draw, COUNTS[round % COUNTS.length] ?? 0);
        const field = fields[Number(draw.upTo(11n))] ?? "";
        const value = values[Number(draw.upTo(10n))] ?? 0n;
        Object.assign(batch.rows[Number(draw.upTo(15n))] ?? {}, { [field]: value });
        return expectAgreement(instance, batch, `${field} = ${value} in round ${round}`);
      });
      expect(verdicts).to.include.members([true, false]);
    });

    it("needs at most 1,024 constraints a row, and for 128 rows a domain of 2^17", () => {
      expect(instance.constraints.length / 16).to.be.at.most(1_024);
      const large = readManifest().instances["usage-batch-128x16"];
      expect(large?.constraints).to.be.at.most(131_068);
    });
  });
});

function expectAccepted(circuit: Circuit, batch: Batch) {
  expect(violations(batch)).to.deep.equal([]);
  const witness = circuit.calculate(inputsOf(batch));
  expect(broken(circuit, witness)).to.deep.equal([]);
  const v = vector(batch);
  expect(witness.slice(1, 4)).to.deep.equal([sponge(v), evaluate(v, batch.r), mod(batch.r)]);
}

/** The broken constraints. The generator computes the witness although its own assertions fail. */
function expectRefused(circuit: Circuit, batch: Batch, conditions: string[]): number[] {
  expect(violations(batch)).to.deep.equal(conditions);
  expect(() => circuit.calculate(inputsOf(batch))).to.throw("An assertion failed.");
  const constraints = broken(circuit, circuit.calculateAnyway(inputsOf(batch)));
  expect(constraints).to.not.deep.equal([]);
  return constraints;
}

/** Whether the batch is accepted: by the model, the generator's assertions and the constraints alike. */
function expectAgreement(circuit: Circuit, batch: Batch, message: string): boolean {
  const inputs = inputsOf(batch);
  const witness = circuit.calculateAnyway(inputs);
  const isAccepted = violations(batch).length === 0;
  expect(satisfies(circuit, witness), message).to.equal(isAccepted);
  if (!isAccepted) {
    expect(() => circuit.calculate(inputs), message).to.throw("An assertion failed.");
    return false;
  }
  const v = vector(batch);
  expect(witness.slice(1, 3), message).to.deep.equal([sponge(v), evaluate(v, mod(batch.r))]);
  return true;
}

/** The witness with forced values of some wires, and new values of all wires that follow from them. */
function forge(circuit: Circuit, honest: bigint[], forced: ReadonlyMap<number, bigint>): bigint[] {
  const about = circuit.constraints.flatMap((constraint, index) =>
    [...wiresOf(constraint)].some((wire) => forced.has(wire)) ? [index] : [],
  );
  const before = solve(circuit, inputWires(circuit, honest), new Set(about));
  const known = before.flatMap((value, wire): [number, bigint][] =>
    value === undefined ? [] : [[wire, value]],
  );
  const forged = solve(circuit, new Map([...known, ...forced]));
  return forged.map((value, wire) => value ?? honest[wire] ?? 0n);
}
