// Proves one full batch of the largest circuit, alone in this process, and prints time and memory.
import { readFileSync } from "node:fs";
import { buildBn128 } from "ffjavascript";
import { type CircuitSignals, wtns } from "snarkjs";
import { type BatchInstance, batchInstances, builtFiles } from "../scripts/circuits/instances.ts";
import { stopThreads } from "../scripts/circuits/threads.ts";
import { isValidProof } from "../scripts/circuits/valid-proof.ts";
import { proveGroth16 } from "../sdk/src/proofs/groth16.ts";

const CAP = 1_000_000;

const [, { circuit, rows: ROWS, offers: OFFERS }] = batchInstances() as [BatchInstance, BatchInstance];
const files = builtFiles(circuit);
const witness = { type: "mem" as const, data: new Uint8Array() };

const started = performance.now();
await wtns.calculate(randomBatch(), files.wasm, witness);
const calculated = performance.now();
const key = readFileSync(files.zkey);
const { proof, publicSignals } = await proveGroth16(await buildBn128(), { key, witness: witness.data });
const proved = performance.now();

if (!(await isValidProof(circuit, publicSignals, proof))) throw new Error("The proof does not verify.");
await stopThreads();
console.log(
  JSON.stringify({
    witnessSeconds128: seconds(calculated - started),
    proveSeconds128: seconds(proved - calculated),
    peakMemoryMB128: Math.round((process.resourceUsage().maxRSS * 1_024) / 1_000_000),
  }),
);

/** Customers of all offers, settled before. The cost does not depend on r, so it is random here. */
function randomBatch(): CircuitSignals {
  const rows = Array.from({ length: ROWS }, (_, i) => {
    const oldUnits = random(CAP);
    return {
      enabled: 1,
      first: 0,
      licenseId: i + 1,
      index: i % OFFERS,
      cap: CAP,
      allowedContexts: 0b111,
      oldUnits,
      oldContexts: 0b001,
      oldSalt: randomSalt(),
      newUnits: oldUnits + random(CAP - oldUnits),
      newContexts: 0b011,
      newSalt: randomSalt(),
    };
  });
  const [row] = rows;
  const columns = Object.keys(row ?? {}) as (keyof (typeof rows)[number])[];
  return {
    r: randomSalt(),
    totals: Array.from({ length: OFFERS }, (_, k) =>
      rows.reduce((sum, row) => sum + (row.index === k ? row.newUnits - row.oldUnits : 0), 0),
    ),
    ...Object.fromEntries(columns.map((column) => [column, rows.map((each) => each[column])])),
  };
}

function random(limit: number): number {
  return Math.floor(Math.random() * (limit + 1));
}

function randomSalt(): bigint {
  return crypto.getRandomValues(new BigUint64Array(3)).reduce((salt, word) => (salt << 64n) | word, 0n);
}

function seconds(milliseconds: number): number {
  return Number((milliseconds / 1_000).toFixed(1));
}
