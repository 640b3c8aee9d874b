import type { Client } from "../client.ts";
import { checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetEscrowParameters = { readonly offerId: bigint };
export type GetEscrowReturnType = {
  /** Base units prepaid and neither released, refunded nor swept. */
  readonly balance: bigint;
  /** Remainder of all releases, millionths of a base unit. */
  readonly carry: bigint;
  /** Units prepaid by licenses that are not closed, used ones included. */
  readonly openUnits: bigint;
};

/**
 * The escrow behind an offer's licenses.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @example
 * ```ts
 * const { balance } = await getEscrow(client, { offerId });
 * ```
 */
export async function getEscrow(
  client: Client,
  { offerId }: GetEscrowParameters,
): Promise<GetEscrowReturnType> {
  return await read(client, "SettlementRouter", "escrowOf", [checkUint("offerId", offerId, 64)]);
}
