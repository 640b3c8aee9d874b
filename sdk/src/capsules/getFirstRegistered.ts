import { type Client, checkCall } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { checkHex } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetFirstRegisteredParameters = {
  /** SHA-256 of the content, see `hashContent`. */
  readonly contentHash: Hex;
};
export type GetFirstRegisteredReturnType = {
  readonly capsuleId: bigint;
  readonly version: bigint;
  /** Block time of the revealed commitment, else of the publication, seconds since 1970. */
  readonly time: bigint;
};

/**
 * The earliest proven registration of a content. It shows who came first to this registry, not who made the content. A
 * reveal can still replace it by an earlier one.
 *
 * @throws {@link InvalidParameterError} for a malformed hash
 * @throws {@link ContractRevertError} `ContentUnregistered`
 * @example
 * ```ts
 * const { capsuleId, time } = await getFirstRegistered(client, { contentHash: await hashContent(bytes) });
 * ```
 */
export async function getFirstRegistered(
  client: Client,
  parameters: GetFirstRegisteredParameters,
): Promise<GetFirstRegisteredReturnType> {
  const { contentHash } = checkCall(client, parameters);
  return await read(client, "CapsuleRegistry", "firstRegistered", [checkHex("contentHash", contentHash, 32)]);
}
