// Proofs by snarkjs, from inputs built by the tests. Proofs are cached.
import { type CircuitSignals, type Groth16Proof, groth16 } from "snarkjs";
import { type BatchInstance, batchInstances, builtFiles } from "../../scripts/circuits/instances.ts";
import { provenOnce } from "../proofs.ts";
import { type OfferMoves, type Opening, type Place, type Room, signalsOf, unitsOf } from "./statement.ts";

export { stopThreads } from "../../scripts/circuits/threads.ts";

/** As the ledger expects it: the coordinates of the second point are swapped. */
export type LedgerProof = {
  a: [bigint, bigint];
  b: [[bigint, bigint], [bigint, bigint]];
  c: [bigint, bigint];
};
export type Proven = { proof: LedgerProof; signals: bigint[] };

const [small] = batchInstances() as [BatchInstance];
export const SMALL = { ...small, instance: BigInt(small.index) };
export const NO_PROOF: LedgerProof = {
  a: [0n, 0n],
  b: [
    [0n, 0n],
    [0n, 0n],
  ],
  c: [0n, 0n],
};

/** A proof for the offers' licenses, for a ledger, meter and chain. */
export async function proveBatch(offers: readonly OfferMoves[], place: Place): Promise<Proven> {
  const { r } = signalsOf(offers, SMALL, place);
  return await prove(SMALL.circuit, { r, ...batchInput(offers, SMALL) });
}

export async function proveRange(
  licenseId: bigint,
  opening: Opening,
  usage: bigint,
  [min, max]: readonly [bigint, bigint],
): Promise<Proven> {
  return await prove("usage-range", { usage, licenseId, min, max, ...opening });
}

async function prove(name: string, input: CircuitSignals): Promise<Proven> {
  return await provenOnce(name, input, () => proveNow(name, input));
}

async function proveNow(name: string, input: CircuitSignals): Promise<Proven> {
  const { wasm, zkey } = builtFiles(name);
  const { proof, publicSignals } = await groth16.fullProve(input, wasm, zkey);
  return { proof: ledgerProof(proof), signals: publicSignals.map(BigInt) };
}

/** snarkjs's proof in the format of on-chain verifiers. */
export function ledgerProof({ pi_a, pi_b, pi_c }: Groth16Proof): LedgerProof {
  const pair = (values: readonly unknown[] | undefined): [bigint, bigint] => {
    const [first, second] = (values ?? []).map((value) => BigInt(String(value)));
    if (first === undefined || second === undefined) throw new Error("A point has two coordinates.");
    return [first, second];
  };
  const swapped = (values: readonly unknown[] | undefined) => pair(values).reverse() as [bigint, bigint];
  return { a: pair(pi_a), b: [swapped(pi_b[0]), swapped(pi_b[1])], c: pair(pi_c) };
}

/** Rows beyond the batch's are zero. */
function batchInput(offers: readonly OfferMoves[], room: Room): CircuitSignals {
  const rows = offers.flatMap(({ moves }, index) =>
    moves.map(({ licenseId, cap, allowed, old, next }) => ({
      enabled: 1n,
      first: old ? 0n : 1n,
      licenseId,
      index: BigInt(index),
      cap,
      allowedContexts: allowed,
      oldUnits: old?.units ?? 0n,
      oldContexts: old?.contexts ?? 0n,
      oldSalt: old?.salt ?? 0n,
      newUnits: next.units,
      newContexts: next.contexts,
      newSalt: next.salt,
    })),
  );
  const columns = Object.keys(rows[0] ?? {}) as (keyof (typeof rows)[number])[];
  const padded = (values: bigint[], length: number) => Array.from({ length }, (_, i) => values[i] ?? 0n);
  return {
    totals: padded(offers.map(unitsOf), room.offers),
    ...Object.fromEntries(
      columns.map((column) => [
        column,
        padded(
          rows.map((row) => row[column]),
          room.rows,
        ),
      ]),
    ),
  };
}
