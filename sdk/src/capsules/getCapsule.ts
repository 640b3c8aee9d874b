import { type Client, checkCall } from "../client.ts";
import type { Address } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { nameAt } from "../core/names.ts";
import { read } from "../core/read.ts";
import { KINDS, type Kind } from "./registration.ts";

export type GetCapsuleParameters = { readonly capsuleId: bigint };
export type GetCapsuleReturnType = {
  readonly kind: Kind;
  readonly owner: Address;
  /** Number of content versions, counted from 1. */
  readonly versions: bigint;
  /** The shares version for new revenue, counted from 1. */
  readonly sharesVersion: bigint;
};

/**
 * A capsule's present state.
 *
 * @throws {@link ContractRevertError} `ERC721NonexistentToken`
 * @example
 * ```ts
 * const { kind, owner } = await getCapsule(client, { capsuleId });
 * ```
 */
export async function getCapsule(
  client: Client,
  parameters: GetCapsuleParameters,
): Promise<GetCapsuleReturnType> {
  const { capsuleId } = checkCall(client, parameters);
  checkUint("capsuleId", capsuleId, 64);
  const [{ kind, versions, sharesVersion }, owner] = await Promise.all([
    read(client, "CapsuleRegistry", "capsuleOf", [capsuleId]),
    read(client, "CapsuleRegistry", "ownerOf", [capsuleId]),
  ]);
  return { kind: nameAt(KINDS, kind), owner, versions, sharesVersion };
}
