import { type Client, checkCall } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { checkHex } from "../core/check.ts";
import { read, timeAt } from "../core/read.ts";
import { type AttestedBenchmark, benchmarkOf, ZERO_UID } from "./benchmarks.ts";

export type GetBenchmarkParameters = { readonly uid: Hex };
/** Undefined if there is no such attestation. */
export type GetBenchmarkReturnType = AttestedBenchmark | undefined;

/**
 * An attested score, also a revoked or expired one: read its `status`.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @example
 * ```ts
 * const benchmark = await getBenchmark(client, { uid });
 * if (benchmark?.status === "valid") console.log(benchmark.metric, benchmark.score, benchmark.evaluator);
 * ```
 */
export async function getBenchmark(
  client: Client,
  parameters: GetBenchmarkParameters,
): Promise<GetBenchmarkReturnType> {
  const { uid } = checkCall(client, parameters);
  const [attestation, now] = await Promise.all([
    read(client, "BenchmarkAttestations", "getAttestation", [checkHex("uid", uid, 32)]),
    timeAt(client),
  ]);
  return attestation.uid === ZERO_UID ? undefined : benchmarkOf(attestation, now);
}
