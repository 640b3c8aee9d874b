import { toBeHex } from "ethers";
import { type Client, checkCall } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { checkExists, read } from "../core/read.ts";

export type GetUsageParameters = { readonly licenseId: bigint };
export type GetUsageReturnType =
  | {
      /** Metered units settled over the license's life. */
      readonly units: bigint;
      /** Contexts settled, one bit each. */
      readonly contexts: bigint;
      readonly commitment: undefined;
    }
  | {
      readonly units: undefined;
      readonly contexts: undefined;
      /** The usage word in private mode. It reveals nothing without its opening. */
      readonly commitment: Hex;
    };

/**
 * A license's settled use: units and contexts, or the commitment to them in private mode. Zeros in both modes
 * before the first settlement.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link NotFoundError} for an id that no license ever had
 * @example
 * ```ts
 * const { units, commitment } = await getUsage(client, { licenseId });
 * console.log(commitment ? "private" : `${units} units`);
 * ```
 */
export async function getUsage(client: Client, parameters: GetUsageParameters): Promise<GetUsageReturnType> {
  const { licenseId } = checkCall(client, parameters);
  const usage = BigInt(await read(client, "UsageLedger", "usageOf", [checkUint("licenseId", licenseId, 64)]));
  if (usage === 0n) await checkExists(client, "license", licenseId);
  // Units and contexts take 96 bits. Nobody can find a commitment that short.
  if (usage >> 96n === 0n)
    return { units: BigInt.asUintN(64, usage), contexts: usage >> 64n, commitment: undefined };
  return { units: undefined, contexts: undefined, commitment: toBeHex(usage, 32) as Hex };
}
