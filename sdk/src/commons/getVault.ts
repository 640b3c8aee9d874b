import type { Client } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetVaultParameters = {
  readonly programmeId: bigint;
  /** ERC-20 token. */
  readonly token: AddressInput;
};
/** Base units. Everything ever received is the sum of `balance` and `released`. */
export type GetVaultReturnType = {
  /** Waits for milestones. */
  readonly balance: bigint;
  /** Paid for milestones so far. */
  readonly released: bigint;
  /** Milestones can take this part of the balance now. */
  readonly releasable: bigint;
};

/**
 * A programme's vault in one token. Zeros for an unknown programme.
 *
 * @throws {@link InvalidParameterError} for a malformed id or address
 * @example
 * ```ts
 * const { balance, releasable } = await getVault(client, { programmeId: 1n, token });
 * ```
 */
export async function getVault(
  client: Client,
  { programmeId, token }: GetVaultParameters,
): Promise<GetVaultReturnType> {
  const place = [checkUint("programmeId", programmeId, 64), checkAddress("token", token)] as const;
  const [vault, releasable] = await Promise.all([
    read(client, "Commons", "vaultOf", place),
    read(client, "Commons", "releasable", place),
  ]);
  return { ...vault, releasable };
}
