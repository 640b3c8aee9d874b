import { addressOf } from "../client.ts";
import type { AddressInput, Hex } from "../core/abi.ts";
import { checkAddress, checkHex, checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { read } from "../core/read.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { type Benchmark, encodeBenchmark, ZERO_UID } from "./benchmarks.ts";

export type AttestBenchmarkParameters = Benchmark & {
  /** End of validity, seconds since 1970. @default none */
  readonly expiresAt?: bigint;
  /** Whether you can revoke it. @default true */
  readonly isRevocable?: boolean;
  /** An earlier attestation, such as the one that this one corrects. @default none */
  readonly refersTo?: Hex;
  /** EAS' subject of the attestation. @default the capsule registry, which gives the capsule's number its meaning */
  readonly recipient?: AddressInput;
};
export type AttestBenchmarkReturnType = Sent & { readonly uid: Hex };

/**
 * Attests a score that you measured on a capsule's version. You are the evaluator: readers decide whether they trust
 * you. With the dataset's hash they can repeat the measurement.
 *
 * @throws {@link InvalidParameterError} for a malformed number, hash, score or account
 * @throws {@link ContractRevertError} `VersionNonexistent`, `DatasetHashZero`, `MetricLengthOutOfRange`,
 * `AttestationExpirationPast`, `AttestationNonexistent`, `AttestationExists`
 * @example
 * ```ts
 * const datasetHash = await hashContent(bytes);
 * const score = { metric: "detection rate", score: "0.88" };
 * const { uid } = await attestBenchmark(client, { capsuleId, version: 1n, datasetHash, ...score });
 * ```
 */
export const attestBenchmark = defineWrite({
  contract: "BenchmarkAttestations",
  method: "attest",
  args: async (parameters: AttestBenchmarkParameters, client) => {
    const { expiresAt = 0n, isRevocable = true, refersTo = ZERO_UID, recipient } = parameters;
    return [
      {
        schema: await read(client, "BenchmarkAttestations", "SCHEMA_UID", []),
        data: {
          recipient: checkAddress("recipient", recipient ?? addressOf(client, "CapsuleRegistry")),
          expirationTime: checkUint("expiresAt", expiresAt, 64),
          revocable: isRevocable,
          refUID: checkHex("refersTo", refersTo, 32),
          data: encodeBenchmark(parameters),
          value: 0n,
        },
      },
    ];
  },
  result: (events) => {
    const { uid } = one(events("BenchmarkAttestations", "Attested"));
    return { uid };
  },
});
