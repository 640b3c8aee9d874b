import { type Client, checkCall } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { checkExists, read } from "../core/read.ts";

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
 * A programme's vault in one token.
 *
 * @throws {@link InvalidParameterError} for a malformed id or address
 * @throws {@link NotFoundError} for an unknown programme
 * @example
 * ```ts
 * const { balance, releasable } = await getVault(client, { programmeId: 1n, token });
 * ```
 */
export async function getVault(client: Client, parameters: GetVaultParameters): Promise<GetVaultReturnType> {
  const { programmeId, token } = checkCall(client, parameters);
  const place = [checkUint("programmeId", programmeId, 64), checkAddress("token", token)] as const;
  const [vault, releasable] = await Promise.all([
    read(client, "Commons", "vaultOf", place),
    read(client, "Commons", "releasable", place),
  ]);
  if (vault.balance === 0n) await checkExists(client, "programme", programmeId);
  return { ...vault, releasable };
}
