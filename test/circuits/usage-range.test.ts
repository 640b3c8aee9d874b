import { expect } from "chai";
import { type Circuit, loadCircuit } from "./circuit.ts";
import { broken, satisfies } from "./constraints.ts";
import { BOUNDARIES, mod } from "./field.ts";
import { USAGE_RANGE } from "./mains.ts";
import { commitment, type Range, rangeViolations } from "./model.ts";

const MAX_64 = 2n ** 64n - 1n;
const MAX_32 = 2n ** 32n - 1n;
const HONEST = { licenseId: 7n, min: 10n, max: 20n, units: 15n, contexts: 3n, salt: 1_001n };

/** For each condition: a range that breaks it, and the most similar valid range. */
const CASES: { name: string; broken: string[]; bad: Range; good: Range }[] = [
  {
    name: "the word is another",
    broken: ["usage opens"],
    bad: { ...range(), usage: range().usage + 1n },
    good: range(),
  },
  {
    name: "the salt is another",
    broken: ["usage opens"],
    bad: range({}, { salt: 1_002n }),
    good: range({ salt: 1_002n }),
  },
  {
    name: "the license id has 65 bits",
    broken: ["license id has 64 bits"],
    bad: range({ licenseId: MAX_64 + 1n }),
    good: range({ licenseId: MAX_64 }),
  },
  {
    name: "contexts have 33 bits",
    broken: ["contexts have 32 bits"],
    bad: range({ contexts: MAX_32 + 1n }),
    good: range({ contexts: MAX_32 }),
  },
  {
    name: "min is negative",
    broken: ["min has 64 bits"],
    bad: range({ min: -1n, units: 0n }),
    good: range({ min: 0n, units: 0n }),
  },
  {
    name: "max has 65 bits",
    broken: ["max has 64 bits"],
    bad: range({ max: MAX_64 + 1n }),
    good: range({ max: MAX_64 }),
  },
  {
    name: "units are below min",
    broken: ["units minus min has 64 bits"],
    bad: range({ min: 16n }),
    good: range({ min: 15n }),
  },
  {
    name: "units are above max",
    broken: ["max minus units has 64 bits"],
    bad: range({ max: 14n }),
    good: range({ max: 15n }),
  },
  // Units between two 64-bit numbers have 64 bits, so this condition never breaks alone.
  {
    name: "units have 65 bits",
    broken: ["units have 64 bits", "max has 64 bits"],
    bad: range({ units: MAX_64 + 1n, max: MAX_64 + 1n }),
    good: range({ units: MAX_64, max: MAX_64 }),
  },
];

describe("UsageRange", () => {
  let circuit: Circuit;

  before(async () => {
    circuit = await loadCircuit(USAGE_RANGE);
  });

  for (const { name, broken: conditions, bad, good } of CASES) {
    it(`when ${name}, ${conditions.length === 1 ? "one constraint refuses" : "two constraints refuse"} it`, () => {
      expect(rangeViolations(bad)).to.deep.equal(conditions);
      expect(() => circuit.calculate(bad)).to.throw("An assertion failed.");
      expect(broken(circuit, circuit.calculateAnyway(bad))).to.have.length(conditions.length);

      expect(rangeViolations(good)).to.deep.equal([]);
      const { usage, licenseId, min, max } = good;
      const witness = circuit.calculate(good);
      expect(broken(circuit, witness)).to.deep.equal([]);
      expect(witness.slice(1, 5)).to.deep.equal([usage, licenseId, min, max]);
    });
  }

  it("when inputs are boundary values, constraints and model agree", () => {
    for (const field of Object.keys(HONEST)) {
      for (const [name, value] of Object.entries(BOUNDARIES)) {
        expectAgreement(circuit, range({ [field]: value }), `${field} = ${name}`);
        expectAgreement(
          circuit,
          range({ min: 0n, max: MAX_64, [field]: value }),
          `${field} = ${name}, any units`,
        );
      }
    }
    for (const [name, usage] of Object.entries(BOUNDARIES)) {
      expectAgreement(circuit, { ...range(), usage }, `usage = ${name}`);
    }
  });

  it("publishes usage, license id and both bounds, and has no output", () => {
    const { outputs, publicInputs, privateInputs, names } = circuit;
    expect({ outputs, publicInputs, privateInputs }).to.deep.equal({
      outputs: 0,
      publicInputs: 4,
      privateInputs: 3,
    });
    expect(names.slice(1, 5)).to.deep.equal(["usage", "licenseId", "min", "max"]);
  });
});

/** A range with its usage word. The word commits to the inputs, changed by `opening`. */
function range(changes: Partial<Range> = {}, opening: Partial<Range> = {}): Range {
  const inputs = { ...HONEST, ...changes };
  const { licenseId, units, contexts, salt } = { ...inputs, ...opening };
  return { ...inputs, usage: commitment(mod(licenseId), mod(units), mod(contexts), mod(salt)) };
}

function expectAgreement(circuit: Circuit, inputs: Range, message: string) {
  const isAccepted = rangeViolations(inputs).length === 0;
  expect(satisfies(circuit, circuit.calculateAnyway(inputs)), message).to.equal(isAccepted);
  if (isAccepted) circuit.calculate(inputs);
  else expect(() => circuit.calculate(inputs), message).to.throw("An assertion failed.");
}
