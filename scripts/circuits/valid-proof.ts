import { readFileSync } from "node:fs";
import { groth16 } from "snarkjs";
import type { Proof } from "../../sdk/src/shared/proof.ts";
import { committedFiles } from "./manifest.ts";

/** Whether snarkjs accepts a proof, in the format of SDK and ledger, with the committed key. */
export async function isValidProof(
  circuit: string,
  signals: readonly bigint[],
  { a, b: [[x1, x0], [y1, y0]], c }: Proof,
): Promise<boolean> {
  const key = JSON.parse(readFileSync(committedFiles(circuit).vkey, "utf8"));
  const proof = {
    pi_a: [...a, 1n].map(String),
    pi_b: [[x0, x1].map(String), [y0, y1].map(String), ["1", "0"]],
    pi_c: [...c, 1n].map(String),
    protocol: "groth16",
    curve: "bn128",
  };
  return await groth16.verify(key, signals.map(String), proof);
}
