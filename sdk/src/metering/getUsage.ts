import type { Client } from "../client.ts";
import { checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetUsageParameters = { readonly licenseId: bigint };
export type GetUsageReturnType = {
  /** Metered units settled, ever. */
  readonly units: bigint;
  /** Contexts settled, one bit each. */
  readonly contexts: bigint;
};

/**
 * What is settled of a license; zeros before anything is.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @example
 * ```ts
 * const { units } = await getUsage(client, { licenseId });
 * ```
 */
export async function getUsage(
  client: Client,
  { licenseId }: GetUsageParameters,
): Promise<GetUsageReturnType> {
  const usage = BigInt(await read(client, "UsageLedger", "usageOf", [checkUint("licenseId", licenseId, 64)]));
  return { units: BigInt.asUintN(64, usage), contexts: usage >> 64n };
}
