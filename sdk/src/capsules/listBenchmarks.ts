import { toBeHex } from "ethers";
import { type Client, checkCall } from "../client.ts";
import type { AddressInput, Hex } from "../core/abi.ts";
import { checkAddress, checkHex, checkUint } from "../core/check.ts";
import { readLogs, type SearchRange } from "../core/logs.ts";
import { checkExists, read, timeAt } from "../core/read.ts";
import { type AttestedBenchmark, benchmarkOf } from "./benchmarks.ts";

export type ListBenchmarksParameters = SearchRange & {
  readonly capsuleId: bigint;
  /** Only of this version. */
  readonly version?: bigint;
  /** Only with this dataset. */
  readonly datasetHash?: Hex;
  /** Only by this account. */
  readonly evaluator?: AddressInput;
};
/** Oldest first, revoked and expired ones included. */
export type ListBenchmarksReturnType = readonly AttestedBenchmark[];

/**
 * The attested scores of a capsule, from the events since the deployment. Anyone can attest: look at evaluators that
 * you trust.
 *
 * @throws {@link InvalidParameterError} for a malformed number, hash, account or block range
 * @throws {@link NotFoundError} for an unknown capsule
 * @example
 * ```ts
 * const benchmarks = await listBenchmarks(client, { capsuleId });
 * const valid = benchmarks.filter(({ status }) => status === "valid");
 * ```
 */
export async function listBenchmarks(
  client: Client,
  parameters: ListBenchmarksParameters,
): Promise<ListBenchmarksReturnType> {
  const { capsuleId, version, datasetHash, evaluator, ...range } = checkCall(client, parameters);
  const indexed = [
    toBeHex(checkUint("capsuleId", capsuleId, 64), 32),
    version === undefined ? null : toBeHex(checkUint("version", version, 32), 32),
    datasetHash === undefined ? null : checkHex("datasetHash", datasetHash, 32),
  ];
  const account = evaluator === undefined ? undefined : checkAddress("evaluator", evaluator);
  const logs = await readLogs(client, "BenchmarkAttestations", ["BenchmarkAttested"], { ...range, indexed });
  if (logs.length === 0) await checkExists(client, "capsule", capsuleId);
  const made = logs.map(({ args }) => args.attestation);
  const chosen = made.filter(({ attester }) => account === undefined || attester === account);
  const now = await timeAt(client);
  return await Promise.all(
    // The event is older than a revocation.
    chosen.map(async ({ uid }) =>
      benchmarkOf(await read(client, "BenchmarkAttestations", "getAttestation", [uid]), now),
    ),
  );
}
