import type { Hex } from "../core/abi.ts";
import { checkHex, checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type PublishVersionParameters = {
  readonly capsuleId: bigint;
  /** SHA-256 of the content, see `hashContent`. */
  readonly contentHash: Hex;
  /** Address of the content or its description, at most 2,048 bytes. */
  readonly uri: string;
};
export type PublishVersionReturnType = Sent & { readonly version: bigint };

/**
 * Appends a version to a capsule. Earlier ones stay.
 *
 * @throws {@link InvalidParameterError} for a malformed id or hash
 * @throws {@link ContractRevertError} `CallerNotCapsuleOwner`, `ContentHashZero`, `TextTooLong`
 * @example
 * ```ts
 * const { version } = await publishVersion(client, { capsuleId, contentHash, uri: "ipfs://dataset-2" });
 * ```
 */
export const publishVersion = defineWrite({
  contract: "CapsuleRegistry",
  method: "publishVersion",
  args: ({ capsuleId, contentHash, uri }: PublishVersionParameters) => [
    checkUint("capsuleId", capsuleId, 64),
    checkHex("contentHash", contentHash, 32),
    uri,
  ],
  result: (events) => {
    const { version } = one(events("CapsuleRegistry", "VersionPublished"));
    return { version };
  },
});
