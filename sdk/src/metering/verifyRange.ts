import { Contract } from "ethers";
import { type Client, checkCall } from "../client.ts";
import { interfaceOf } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";
import type { Proof } from "../shared/proof.ts";
import { warnOfDevelopmentKeys } from "./warnOfDevelopmentKeys.ts";

export type VerifyRangeParameters = {
  readonly licenseId: bigint;
  /** Least metered units. */
  readonly min: bigint;
  /** Most metered units. */
  readonly max: bigint;
  /** The proof from `proveRange`. */
  readonly proof: Proof;
};
export type VerifyRangeReturnType = boolean;

/**
 * Whether a proof shows the license's settled private use to be from `min` to `max` units. Calls the ledger's own
 * verifier and sends nothing. The proof holds until the next settlement.
 *
 * @throws {@link InvalidParameterError} for numbers out of range
 * @example
 * ```ts
 * const isWithin = await verifyRange(client, { licenseId, min: 0n, max: 500n, proof });
 * ```
 */
export async function verifyRange(
  client: Client,
  parameters: VerifyRangeParameters,
): Promise<VerifyRangeReturnType> {
  const { licenseId, min, max, proof } = checkCall(client, parameters);
  const [usage, verifier] = await Promise.all([
    read(client, "UsageLedger", "usageOf", [checkUint("licenseId", licenseId, 64)]),
    read(client, "UsageLedger", "RANGE_VERIFIER", []),
  ]);
  await warnOfDevelopmentKeys(client);
  const signals = [usage, licenseId, checkUint("min", min, 64), checkUint("max", max, 64)];
  const verify = new Contract(verifier, interfaceOf("UsageRangeVerifier"), client.provider).getFunction(
    "verifyProof",
  );
  return await verify.staticCall(proof.a, proof.b, proof.c, signals);
}
