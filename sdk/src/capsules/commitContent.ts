import { requireSigner } from "../client.ts";
import type { AddressInput, Hex } from "../core/abi.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { commitmentOf } from "./commitments.ts";
import { deriveSalt } from "./deriveSalt.ts";

export type CommitContentParameters = {
  /** SHA-256 of the content, see `hashContent`. It stays secret until the registration. */
  readonly contentHash: Hex;
  /** The account that will own the capsule and reveal. @default the client's account */
  readonly owner?: AddressInput;
  /** 32 random bytes. Needed again to reveal. @default `deriveSalt` of the client's signer */
  readonly salt?: Hex;
};
export type CommitContentReturnType = Sent;

/**
 * Stores the time of a secret content, before its registration. `revealContent` then shows that the owner had it at
 * that time, even if somebody copied the pending registration. The commitment names the owner: a copy helps nobody
 * else. A repeated commitment keeps its first time.
 *
 * Wait for the transaction before you register: only an earlier block counts.
 *
 * @throws {@link InvalidParameterError} for a malformed hash, owner or salt
 * @throws {@link SignatureNotRepeatableError} when the wallet cannot derive the salt again. Pass `salt`
 * @example
 * ```ts
 * const contentHash = await hashContent(bytes);
 * await commitContent(client, { contentHash });
 * const { capsuleId } = await registerCapsule(client, { owner, kind: "model", contentHash, uri: "ipfs://model" });
 * await revealContent(client, { capsuleId, version: 1n });
 * const { time } = await getFirstRegistered(client, { contentHash });
 * ```
 */
export const commitContent = defineWrite({
  contract: "CapsuleRegistry",
  method: "commit",
  args: async ({ contentHash, owner, salt }: CommitContentParameters, client) => [
    commitmentOf(client, {
      owner: owner ?? (await requireSigner(client).getAddress()),
      contentHash,
      salt: salt ?? (await deriveSalt(client, { contentHash })),
    }),
  ],
  result: () => ({}),
});
