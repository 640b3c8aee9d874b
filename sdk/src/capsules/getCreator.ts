import { type Client, checkCall } from "../client.ts";
import type { Address } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetCreatorParameters = { readonly capsuleId: bigint };
export type GetCreatorReturnType = {
  /** First owner, paid the royalty on sales of the token. */
  readonly account: Address;
  /** Decentralized identifier claimed at registration. May be empty. */
  readonly did: string;
};

/**
 * A capsule's creator.
 *
 * @throws {@link ContractRevertError} `ERC721NonexistentToken`
 * @example
 * ```ts
 * const { account, did } = await getCreator(client, { capsuleId });
 * ```
 */
export async function getCreator(
  client: Client,
  parameters: GetCreatorParameters,
): Promise<GetCreatorReturnType> {
  const { capsuleId } = checkCall(client, parameters);
  return await read(client, "CapsuleRegistry", "creatorOf", [checkUint("capsuleId", capsuleId, 64)]);
}
