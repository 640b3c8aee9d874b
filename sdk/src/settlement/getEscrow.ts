import type { Client } from "../client.ts";
import { checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetEscrowParameters = { readonly offerId: bigint };
export type GetEscrowReturnType = {
  /** Prepaid base units, neither released nor refunded. */
  readonly balance: bigint;
  /** Number of unclosed licenses. */
  readonly licenses: bigint;
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
