import { readFileSync } from "node:fs";
import { expect } from "chai";
import { buildBn128 } from "ffjavascript";
import { groth16, wtns } from "snarkjs";
import { builtFiles } from "../../../scripts/circuits/instances.ts";
import { stopThreads } from "../../../scripts/circuits/threads.ts";
import { isValidProof } from "../../../scripts/circuits/valid-proof.ts";
import { proveGroth16 } from "../../../sdk/src/proofs/groth16.ts";
import { commitment } from "./support.ts";

const CIRCUIT = "usage-range";
const OPENING = { units: 120n, contexts: 3n, salt: 77n };
const files = builtFiles(CIRCUIT);
const key = readFileSync(files.zkey);

async function witnessOf(): Promise<Uint8Array> {
  const output = { type: "mem" as const, data: new Uint8Array() };
  const input = { usage: commitment(9n, OPENING), licenseId: 9n, min: 100n, max: 200n, ...OPENING };
  await wtns.calculate(input, files.wasm, output);
  return output.data;
}

describe("proveGroth16", () => {
  after(stopThreads);

  it("proves for snarkjs to verify, with the same signals", async () => {
    const witness = await witnessOf();
    const { proof, publicSignals } = await proveGroth16(await buildBn128(), { key, witness });
    expect(await isValidProof(CIRCUIT, publicSignals, proof)).to.equal(true);
    const theirs = await groth16.prove(files.zkey, witness);
    expect(publicSignals.map(String)).to.deep.equal(theirs.publicSignals);
  });

  it("given the same witness twice, makes two proofs with nothing in common", async () => {
    const witness = await witnessOf();
    const curve = await buildBn128();
    const [one, two] = [
      await proveGroth16(curve, { key, witness }),
      await proveGroth16(curve, { key, witness }),
    ];
    expect(await isValidProof(CIRCUIT, one.publicSignals, one.proof)).to.equal(true);
    expect(await isValidProof(CIRCUIT, two.publicSignals, two.proof)).to.equal(true);
    const numbers = (proof: typeof one.proof) => [proof.a, proof.b, proof.c].flat(2);
    expect(numbers(one.proof).filter((number) => numbers(two.proof).includes(number))).to.deep.equal([]);
  });

  it("given a witness against a constraint, makes no valid proof", async () => {
    const witness = Uint8Array.from(await witnessOf());
    witness[witness.length - 32] = (witness[witness.length - 32] ?? 0) ^ 1;
    const { proof, publicSignals } = await proveGroth16(await buildBn128(), { key, witness });
    expect(await isValidProof(CIRCUIT, publicSignals, proof)).to.equal(false);
  });

  it("tells how far it is, up to the end", async () => {
    const heard: number[] = [];
    const onProgress = (fraction: number) => heard.push(fraction);
    await proveGroth16(await buildBn128(), { key, witness: await witnessOf(), onProgress });
    expect(heard).to.have.lengthOf(7);
    expect(heard).to.deep.equal(heard.toSorted((a, b) => a - b));
    expect(heard.at(-1)).to.equal(1);
  });
});
