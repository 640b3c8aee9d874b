import { expect } from "chai";
import { drawer, randomBatch, smallBatch } from "./batches.ts";
import { type Circuit, loadCircuit } from "./circuit.ts";
import { broken, inputWires, satisfies, signalsOf, wireOf, wiresOf } from "./constraints.ts";
import { BOUNDARIES, inverse, mod, P } from "./field.ts";
import { SMALL_BATCH, USAGE_BATCH } from "./mains.ts";
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
    bad: smallBatch([{}, {}, { enabled: 2n }], [0n, 9n]),
    good: smallBatch([{}, {}, { enabled: 1n }], [0n, 9n]),
  },
  "row 1: first is 0 or 1": { bad: smallBatch([{}, { first: 2n }]), good: smallBatch([{}, { first: 0n }]) },
  "row 2: first only if enabled": { bad: smallBatch([{}, {}, { first: 1n }]), good: smallBatch() },
  "row 0: license id has 64 bits": {
    bad: smallBatch([{ licenseId: MAX_64 + 1n }]),
    good: smallBatch([{ licenseId: MAX_64 }]),
  },
  "row 2: offer id has 64 bits": {
    bad: smallBatch([{}, {}, { licenseId: 1n, offerId: mod(-inverse(2n ** 64n)) }]),
    good: smallBatch(),
  },
  "row 0: cap has 64 bits": { bad: smallBatch([{ cap: MAX_64 + 1n }]), good: smallBatch([{ cap: MAX_64 }]) },
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
  "row 1: first has no old units": {
    bad: smallBatch([{}, { oldUnits: 1n }]),
    good: smallBatch([{}, { first: 0n }]),
  },
  "row 1: first has no old contexts": {
    bad: smallBatch([{}, { oldContexts: 0b100n }]),
    good: smallBatch([{}, { oldContexts: 0b100n, first: 0n }]),
  },
  "row 2: disabled has no static word": {
    bad: smallBatch([{}, {}, { licenseId: 1n }]),
    good: smallBatch([{}, {}, { licenseId: 1n, offerId: 9n, enabled: 1n }]),
  },
  "row 2: disabled has no increase": {
    bad: smallBatch([{}, {}, { oldUnits: P - 5n }], [0n, 9n]),
    good: smallBatch([{}, {}, {}], [0n, 9n]),
  },
  "row 0: enabled matches one total": {
    bad: smallBatch([{ offerId: 10n }]),
    good: smallBatch([{ offerId: 11n }]),
  },
  "total 1: offer id has 64 bits": {
    bad: smallBatch([], [9n, MAX_64 + 1n]),
    good: smallBatch([], [9n, MAX_64]),
  },
  "total 0: units have 64 bits": {
    bad: smallBatch([{ oldUnits: 0n, newUnits: MAX_64 - 19n, cap: MAX_64 }]),
    good: smallBatch([{ oldUnits: 0n, newUnits: MAX_64 - 20n, cap: MAX_64 }]),
  },
};

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
    it("when a total's offer id carries unused units, is refused", () => {
      expectRefused(circuit, smallBatch([], [9n, 11n + (1_000_000n << 64n)]), [
        "total 1: offer id has 64 bits",
      ]);
      expectRefused(
        circuit,
        smallBatch([{ offerId: 9n + (1_000_000n << 64n) }], [9n, 9n + (1_000_000n << 64n)]),
        ["row 0: offer id has 64 bits", "total 1: offer id has 64 bits"],
      );
    });

    it("when two totals are equal and each row counts twice, is refused", () => {
      const bad = smallBatch([], [9n, 9n]);
      expect(vector(bad).slice(0, 2)).to.deep.equal([9n + (25n << 64n), 9n + (25n << 64n)]);
      expectRefused(circuit, bad, ["row 0: enabled matches one total", "row 1: enabled matches one total"]);
    });

    it("when padding adds units to a total, is refused", () => {
      const bad = smallBatch([{}, {}, { offerId: 9n, oldUnits: P - 5n }]);
      expect(vector(bad)[0]).to.equal(9n + (30n << 64n));
      expectRefused(circuit, bad, ["row 2: disabled has no static word", "row 2: disabled has no increase"]);
    });

    const aliases: [string, Partial<Row>, string][] = [
      ["license id", { licenseId: 7n + (1n << 64n), offerId: 8n }, "row 0: license id has 64 bits"],
      ["offer id", { offerId: 9n + (1n << 64n), cap: 99n }, "row 0: offer id has 64 bits"],
      [
        "cap",
        { cap: 100n + (1n << 64n), allowedContexts: 0b110n, newContexts: 0b010n, oldContexts: 0b010n },
        "row 0: cap has 64 bits",
      ],
      [
        "allowed contexts",
        { licenseId: mod(7n - (1n << 224n)), allowedContexts: 0b111n + (1n << 32n) },
        "row 0: license id has 64 bits",
      ],
    ];
    for (const [field, changes, condition] of aliases) {
      it(`when ${field} overflows into the next field and leaves the static word as it was, is refused`, () => {
        const bad = smallBatch([changes], [9n, changes.offerId ?? 11n]);
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
    const twoOffers = smallBatch([{}, { offerId: 11n }]);
    const stranger = sponge([1n]);
    const forgeries: Record<string, { forced: Record<string, bigint>; words: Record<number, bigint> }> = {
      "a total is one unit too high": {
        forced: { "matches[0].increases[0]": 6n },
        words: { 0: 9n + (6n << 64n) },
      },
      "a total is one unit too low": {
        forced: { "matches[0].increases[0]": 4n },
        words: { 0: 9n + (4n << 64n) },
      },
      "the units of two totals are swapped": {
        forced: {
          "matches[0].increases[0]": 0n,
          "matches[0].increases[1]": 5n,
          "matches[1].increases[0]": 20n,
          "matches[1].increases[1]": 0n,
        },
        words: { 0: 9n + (20n << 64n), 1: 11n + (5n << 64n) },
      },
      "a row counts for another offer": {
        forced: { "matches[0].matches[0].out": 0n, "matches[0].matches[1].out": 1n },
        words: { 0: 9n, 1: 11n + (25n << 64n) },
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

    it("when r or an offer id has them, constraints and model agree", () => {
      for (const [name, value] of Object.entries(BOUNDARIES)) {
        expectAgreement(circuit, { ...smallBatch(), r: value }, `r = ${name}`);
        expectAgreement(circuit, smallBatch([], [value, 9n]), `offerIds[0] = ${name}`);
        expectAgreement(circuit, smallBatch([], [9n, value]), `offerIds[1] = ${name}`);
        expectAgreement(
          circuit,
          smallBatch([{ offerId: value }, { offerId: value }], [9n, value]),
          `offer ${name}`,
        );
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
      expect(new Set(batches[11]?.rows.map((row) => row.offerId)).size).to.equal(4);
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

    it("needs at most 1,350 constraints a row", () => {
      expect(instance.constraints.length / 16).to.be.at.most(1_350);
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
