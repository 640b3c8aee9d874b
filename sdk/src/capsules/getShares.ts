import { type Client, checkCall } from "../client.ts";
import type { Address } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";
import { decodeShare, type Share } from "../shared/shares.ts";

export type GetSharesParameters = {
  readonly capsuleId: bigint;
  /** The shares version. @default the current one */
  readonly sharesVersion?: bigint;
};
export type GetSharesReturnType = {
  readonly sharesVersion: bigint;
  /**
   * Owner at the end of the version, or the present owner of the current one. Earns by rows without an account or
   * capsule.
   */
  readonly owner: Address;
  /** Row `i` is earner `i + 1` of the router's claims. A derivative's begin with those of its parents, see `getParents`. */
  readonly shares: readonly Share[];
};

/**
 * A capsule's earners, with the owner's rows for otherwise empty roles.
 *
 * @throws {@link ContractRevertError} `ERC721NonexistentToken`, `SharesVersionNonexistent`
 * @example
 * ```ts
 * const { shares, owner } = await getShares(client, { capsuleId });
 * ```
 */
export async function getShares(
  client: Client,
  parameters: GetSharesParameters,
): Promise<GetSharesReturnType> {
  const { capsuleId, sharesVersion } = checkCall(client, parameters);
  const id = checkUint("capsuleId", capsuleId, 64);
  const version =
    sharesVersion === undefined
      ? await read(client, "CapsuleRegistry", "currentSharesVersion", [id])
      : checkUint("sharesVersion", sharesVersion, 32);
  const [rows, owner] = await Promise.all([
    read(client, "CapsuleRegistry", "sharesOf", [id, version]),
    read(client, "CapsuleRegistry", "sharesOwnerOf", [id, version]),
  ]);
  return { sharesVersion: version, owner, shares: rows.map(decodeShare) };
}
