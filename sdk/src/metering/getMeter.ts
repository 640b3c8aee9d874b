import { ZeroAddress } from "ethers";
import { type Client, checkCall } from "../client.ts";
import type { Address } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetMeterParameters = { readonly meterId: bigint };
export type GetMeterReturnType =
  | {
      /** Changes the meter's accounts and endpoint. */
      readonly owner: Address;
      /** Submits batches. */
      readonly operator: Address;
      /** Earns the compute part of the meter's settlements. */
      readonly payee: Address;
      /** The next owner, if it accepts. */
      readonly pendingOwner: Address | undefined;
    }
  | undefined;

/**
 * A meter, or undefined if the id is unknown.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @example
 * ```ts
 * const meter = await getMeter(client, { meterId });
 * ```
 */
export async function getMeter(client: Client, parameters: GetMeterParameters): Promise<GetMeterReturnType> {
  const { meterId } = checkCall(client, parameters);
  const meter = await read(client, "UsageLedger", "meterOf", [checkUint("meterId", meterId, 32)]);
  if (meter.owner === ZeroAddress) return undefined;
  return { ...meter, pendingOwner: meter.pendingOwner === ZeroAddress ? undefined : meter.pendingOwner };
}
