import { type Client, checkCall } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";
import type { Content } from "../shared/content.ts";
import { hashContent } from "./hashContent.ts";

export type VerifyContentParameters = { readonly capsuleId: bigint; readonly content: Content };
export type VerifyContentReturnType = {
  /** SHA-256 of the content. */
  readonly contentHash: Hex;
  /** The newest version with this content. Undefined if the capsule never had it. */
  readonly version: bigint | undefined;
};

/**
 * Finds the capsule's version with some content. One call a version, from the newest.
 *
 * @throws {@link ContractRevertError} `ERC721NonexistentToken`
 * @example
 * ```ts
 * const { version } = await verifyContent(client, { capsuleId, content: bytes });
 * if (version === undefined) throw new Error("This is not what was licensed.");
 * ```
 */
export async function verifyContent(
  client: Client,
  parameters: VerifyContentParameters,
): Promise<VerifyContentReturnType> {
  const { capsuleId, content } = checkCall(client, parameters);
  checkUint("capsuleId", capsuleId, 64);
  const contentHash = await hashContent(content);
  const { versions } = await read(client, "CapsuleRegistry", "capsuleOf", [capsuleId]);
  for (let version = versions; version > 0n; version -= 1n) {
    const found = await read(client, "CapsuleRegistry", "versionOf", [capsuleId, version]);
    if (found.contentHash === contentHash) return { contentHash, version };
  }
  return { contentHash, version: undefined };
}
