import type { Hex } from "../core/abi.ts";
import { checkHex, checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { read } from "../core/read.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { deriveSalt } from "./deriveSalt.ts";

export type RevealContentParameters = {
  readonly capsuleId: bigint;
  /** The version with the committed content. */
  readonly version: bigint;
  /** The commitment's salt. @default `deriveSalt` of the client's signer */
  readonly salt?: Hex;
};
export type RevealContentReturnType = Sent & {
  readonly contentHash: Hex;
  /** Block time of the commitment, now the content's first registration, seconds since 1970. */
  readonly committedAt: bigint;
};

/**
 * Proves by an earlier commitment that the capsule's owner had a version's content first. Only the owner can: reveal
 * before you sell the capsule.
 *
 * @throws {@link InvalidParameterError} for a malformed id or salt
 * @throws {@link ContractRevertError} `CallerNotCapsuleOwner`, `VersionNonexistent`, `CommitmentNonexistent`,
 * `CommitmentNotEarlier`
 * @example
 * ```ts
 * const { committedAt } = await revealContent(client, { capsuleId, version: 1n });
 * ```
 */
export const revealContent = defineWrite({
  contract: "CapsuleRegistry",
  method: "reveal",
  args: async ({ capsuleId, version, salt }: RevealContentParameters, client) => {
    const id = checkUint("capsuleId", capsuleId, 64);
    const number = checkUint("version", version, 32);
    if (salt !== undefined) return [id, number, checkHex("salt", salt, 32)];
    const { contentHash } = await read(client, "CapsuleRegistry", "versionOf", [id, number]);
    return [id, number, await deriveSalt(client, { contentHash, compare: false })];
  },
  result: (events) => {
    const { contentHash, committedAt } = one(events("CapsuleRegistry", "ContentRevealed"));
    return { contentHash, committedAt };
  },
});
