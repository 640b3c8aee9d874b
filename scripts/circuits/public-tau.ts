import { createHash } from "node:crypto";
import { buildBn128, ChaCha } from "ffjavascript";

/**
 * The hash of Bitcoin's first block: public, and not chosen by this project. Both phases of the development set-up
 * take their randomness from it, so everybody knows tau and gets the same keys.
 */
export const BEACON = {
  hash: "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f",
  /** 2^iterationsExp rounds of SHA-256: the minimum of snarkjs. */
  iterationsExp: 10,
} as const;

export const BEACON_NAME = "dev-insecure: a public beacon alone";

export type Tau = { tau: bigint; alpha: bigint; beta: bigint };

/** The secrets of a phase 1 with a beacon as its only contribution, drawn as `snarkjs powersoftau beacon` does. */
export async function publicTau(hash: string = BEACON.hash): Promise<Tau> {
  const { Fr } = await buildBn128(true);
  const rng = new ChaCha(beaconSeed(hash));
  const [tau, alpha, beta] = [0, 1, 2].map(() => Fr.toObject(Fr.fromRng(rng))) as [bigint, bigint, bigint];
  return { tau, alpha, beta };
}

function beaconSeed(beacon: string): number[] {
  let hash = Buffer.from(beacon, "hex");
  for (let i = 0; i < 2 ** BEACON.iterationsExp; i++) hash = createHash("sha256").update(hash).digest();
  return Array.from({ length: 8 }, (_, i) => hash.readUInt32BE(4 * i));
}
