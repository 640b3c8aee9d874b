import type { Client } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetVaultParameters = {
  readonly programmeId: bigint;
  /** ERC-20 token. */
  readonly token: AddressInput;
};
/** Base units. Everything ever received is the sum of both. */
export type GetVaultReturnType = {
  /** Waits for milestones. */
  readonly balance: bigint;
  /** Paid for milestones so far. */
  readonly released: bigint;
};

/**
 * A programme's vault in one token. Zeros for an unknown programme.
 *
 * @throws {@link InvalidParameterError} for a malformed id or address
 * @example
 * ```ts
 * const { balance, released } = await getVault(client, { programmeId: 1n, token });
 * ```
 */
export async function getVault(
  client: Client,
  { programmeId, token }: GetVaultParameters,
): Promise<GetVaultReturnType> {
  const place = [checkUint("programmeId", programmeId, 64), checkAddress("token", token)] as const;
  return await read(client, "Commons", "vaultOf", place);
}
