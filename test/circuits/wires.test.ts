import { expect } from "chai";
import { drawer, randomBatch, smallBatch } from "./batches.ts";
import { type Circuit, loadCircuit } from "./circuit.ts";
import { broken } from "./constraints.ts";
import { twin, USAGE_BATCH, USAGE_RANGE, USAGE_ROW } from "./mains.ts";
import { commitment, inputsOf, totalsOf } from "./model.ts";
import { changeable, undetermined } from "./wires.ts";

describe("wires", () => {
  describe("UsageRow", () => {
    const rows = { "a row": 0, "a first row": 1, padding: 2 };
    let circuit: Circuit;

    before(async () => {
      circuit = await loadCircuit(USAGE_ROW);
    });

    for (const [kind, index] of Object.entries(rows)) {
      it(`given ${kind}, determines every wire, and none can change alone`, () => {
        const witness = circuit.calculate({ ...smallBatch().rows[index] });
        expect(undetermined(circuit, witness)).to.deep.equal([]);
        expect(changeable(circuit, witness, 2n ** 200n + 1n)).to.deep.equal([]);
      });
    }
  });

  describe("UsageBatch", () => {
    let circuit: Circuit;

    before(async () => {
      circuit = await loadCircuit(USAGE_BATCH);
    });

    for (const count of [0, 9, 16]) {
      it(`given ${count} of 16 rows, determines every wire, and none can change alone`, () => {
        const batch = randomBatch(drawer(count), count);
        const witness = circuit.calculate(inputsOf(batch));
        expect(undetermined(circuit, witness)).to.deep.equal([]);
        // A zero vector has the same value at r and at -r. The ledger chooses r.
        const changing = count === 0 ? ["r"] : [];
        expect(changeable(circuit, witness, 2n ** 200n + 1n)).to.deep.equal(changing);
      });
    }

    it("given fewer offers than totals, determines every wire, and none can change alone", () => {
      const random = randomBatch(drawer(7), 7);
      const rows = random.rows.map((row) => ({ ...row, index: 0n }));
      const witness = circuit.calculate(inputsOf({ ...random, rows, totals: totalsOf(rows, 4) }));
      expect(undetermined(circuit, witness)).to.deep.equal([]);
      expect(changeable(circuit, witness, 2n ** 200n + 1n)).to.deep.equal([]);
    });
  });

  it("given a range, all are determined, and none can change alone", async () => {
    const circuit = await loadCircuit(USAGE_RANGE);
    const usage = commitment(7n, 15n, 3n, 1_001n);
    const inputs = { usage, licenseId: 7n, min: 10n, max: 20n, units: 15n, contexts: 3n, salt: 1_001n };
    const witness = circuit.calculate(inputs);
    expect(undetermined(circuit, witness)).to.deep.equal([]);
    expect(changeable(circuit, witness, 2n ** 200n + 1n)).to.deep.equal([]);
  });

  describe("given a template with a hole", () => {
    it("when bits are of no number, finds them", async () => {
      const circuit = await loadCircuit(twin("LooseBits"));
      const witness = circuit.calculate({ in: 2n });
      expect(undetermined(circuit, witness)).to.deep.equal(["bits[0]", "bits[1]"]);
      expect(changeable(circuit, witness, 5n)).to.deep.equal(["bits[0]", "bits[1]"]);
    });

    it("when a root has two signs, finds it", async () => {
      const circuit = await loadCircuit(twin("Root"));
      const witness = circuit.calculate({ square: 9n });
      expect(undetermined(circuit, witness)).to.deep.equal(["root"]);
      expect(changeable(circuit, witness, 5n)).to.deep.equal(["root"]);
    });

    it("when wires can change only together, finds them", async () => {
      const circuit = await loadCircuit(twin("Twice"));
      const witness = circuit.calculate({ sum: 5n });
      expect(undetermined(circuit, witness)).to.deep.equal(["a", "b"]);
      expect(changeable(circuit, witness, 5n)).to.deep.equal([]);
    });

    it("when constraints determine wires only together, finds none", async () => {
      const circuit = await loadCircuit(twin("Together"));
      expect(undetermined(circuit, circuit.calculate({ x: 5n }))).to.deep.equal([]);
    });

    it("when a number has bits enough to be written twice, finds them", async () => {
      const circuit = await loadCircuit(twin("AliasedBits"));
      expect(undetermined(circuit, circuit.calculate({ in: 5n }))).to.have.length(254);
    });

    it("when a witness breaks a constraint, says so", async () => {
      const circuit = await loadCircuit(twin("Root"));
      expect(broken(circuit, circuit.calculateAnyway({ square: 4n }))).to.deep.equal([0]);
      expect(() => changeable(circuit, circuit.calculateAnyway({ square: 4n }), 5n)).to.throw(
        "breaks constraints",
      );
    });
  });
});
