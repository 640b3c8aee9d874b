import { ZeroAddress } from "ethers";
import type { Client } from "../client.ts";
import type { Address } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetMeterParameters = { readonly meterId: bigint };
export type GetMeterReturnType =
  | {
      /** Submits batches and manages the meter. */
      readonly operator: Address;
      /** Earns the compute part of the meter's settlements. */
      readonly payee: Address;
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
export async function getMeter(client: Client, { meterId }: GetMeterParameters): Promise<GetMeterReturnType> {
  const meter = await read(client, "UsageLedger", "meterOf", [checkUint("meterId", meterId, 32)]);
  return meter.operator === ZeroAddress ? undefined : meter;
}
