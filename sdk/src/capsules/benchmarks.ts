import { AbiCoder, formatUnits, parseUnits, toUtf8String, Utf8ErrorFuncs } from "ethers";
import type { Address, Hex } from "../core/abi.ts";
import { checkHex, checkUint } from "../core/check.ts";
import { InvalidParameterError } from "../errors.ts";

/** One score of a capsule's version. */
export type Benchmark = {
  readonly capsuleId: bigint;
  readonly version: bigint;
  /** SHA-256 of the dataset that the evaluator used, see `hashContent`. */
  readonly datasetHash: Hex;
  /** Name of the measure, 1 to 64 bytes, such as "accuracy". */
  readonly metric: string;
  /** Decimal number with up to 18 places, such as "0.88". */
  readonly score: string;
};

/** A score with the facts of its attestation. Times are seconds since 1970. */
export type AttestedBenchmark = Benchmark & {
  readonly uid: Hex;
  /** The account that attested. */
  readonly evaluator: Address;
  readonly status: "valid" | "expired" | "revoked";
  readonly attestedAt: bigint;
  /** Undefined if it never expires. */
  readonly expiresAt: bigint | undefined;
  /** Undefined if it was not revoked. */
  readonly revokedAt: bigint | undefined;
  readonly isRevocable: boolean;
  /** The attestation that this one refers to. Undefined if none. */
  readonly refersTo: Hex | undefined;
};

/** An attestation in the form of EAS. */
type Attestation = {
  readonly uid: Hex;
  readonly time: bigint;
  readonly expirationTime: bigint;
  readonly revocationTime: bigint;
  readonly refUID: Hex;
  readonly attester: Address;
  readonly revocable: boolean;
  readonly data: Hex;
};

export const ZERO_UID: Hex = `0x${"00".repeat(32)}`;

/** The fields of the schema, in order. */
const FIELDS = ["uint64", "uint32", "bytes32", "string", "uint256", "uint8"];
/** The same, with a metric of any bytes. */
const RAW_FIELDS = FIELDS.map((field) => (field === "string" ? "bytes" : field));

/**
 * A score as data of an attestation, here or at any EAS where the schema is registered.
 *
 * @throws {@link InvalidParameterError} for a malformed number, hash or score
 * @example
 * ```ts
 * const data = encodeBenchmark({ capsuleId, version: 1n, datasetHash: contentHash, metric: "accuracy", score: "0.88" });
 * ```
 */
export function encodeBenchmark({ capsuleId, version, datasetHash, metric, score }: Benchmark): Hex {
  if (!/^\d{1,50}(\.\d{1,18})?$/.test(score)) {
    throw new InvalidParameterError("score", `is ${String(score)}`, 'Pass a decimal number such as "0.88"');
  }
  const decimals = score.split(".")[1]?.length ?? 0;
  return AbiCoder.defaultAbiCoder().encode(FIELDS, [
    checkUint("capsuleId", capsuleId, 64),
    checkUint("version", version, 32),
    checkHex("datasetHash", datasetHash, 32),
    metric,
    parseUnits(score, decimals),
    decimals,
  ]) as Hex;
}

/**
 * The score in an attestation's data, from here or from any EAS. Bytes of the metric that are not UTF-8 become U+FFFD:
 * the chain does not check them, and one such attestation must not hide the others.
 *
 * @throws {@link InvalidParameterError} for data of another schema
 * @example
 * ```ts
 * const attestation = await client.contracts.BenchmarkAttestations.getAttestation(uid);
 * const { metric, score } = decodeBenchmark(attestation.data as `0x${string}`);
 * ```
 */
export function decodeBenchmark(data: Hex): Benchmark {
  checkHex("data", data);
  try {
    // Loose: Solidity does not ask for padding at the end.
    const decoded = AbiCoder.defaultAbiCoder().decode(RAW_FIELDS, data, true);
    const [capsuleId, version, datasetHash, bytes, score, decimals] = decoded;
    const metric = toUtf8String(bytes, Utf8ErrorFuncs.replace);
    return { capsuleId, version, datasetHash, metric, score: formatUnits(score, decimals) };
  } catch (error) {
    throw new InvalidParameterError(
      "data",
      "is not a benchmark",
      `Pass data of its schema: ${String(error)}`,
    );
  }
}

/** @param now time of the newest block */
export function benchmarkOf(attestation: Attestation, now: bigint): AttestedBenchmark {
  const { uid, time, expirationTime, revocationTime, refUID, attester, revocable, data } = attestation;
  const isExpired = expirationTime !== 0n && expirationTime <= now;
  return {
    ...decodeBenchmark(data),
    uid,
    evaluator: attester,
    status: revocationTime !== 0n ? "revoked" : isExpired ? "expired" : "valid",
    attestedAt: time,
    expiresAt: expirationTime || undefined,
    revokedAt: revocationTime || undefined,
    isRevocable: revocable,
    refersTo: refUID === ZERO_UID ? undefined : refUID,
  };
}
