import { type Client, checkCall } from "../client.ts";
import { checkUint } from "../core/check.ts";
import { checkExists, read } from "../core/read.ts";

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
 * @throws {@link NotFoundError} for an unknown offer
 * @example
 * ```ts
 * const { balance } = await getEscrow(client, { offerId });
 * ```
 */
export async function getEscrow(
  client: Client,
  parameters: GetEscrowParameters,
): Promise<GetEscrowReturnType> {
  const { offerId } = checkCall(client, parameters);
  const escrow = await read(client, "SettlementRouter", "escrowOf", [checkUint("offerId", offerId, 64)]);
  if (escrow.openUnits === 0n) await checkExists(client, "offer", offerId);
  return escrow;
}
