import type { Hex } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { roundCommitment, type SecretContent } from "./rounds.ts";

export type CommitTestSetParameters = SecretContent & {
  /** Capsule of the dataset that the test set extends. @default none */
  readonly capsuleId?: bigint;
  /** Version of that capsule. @default 0n */
  readonly version?: bigint;
};
export type CommitTestSetReturnType = Sent & {
  /** The epoch of the transaction. If it is not the content's epoch, commit it again. */
  readonly epoch: bigint;
  readonly commitment: Hex;
};

/**
 * Commits a held-out test set of the caller, a validator, in the first phase of an epoch. Another commitment replaces the
 * earlier one.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter, or without a signer
 * @throws {@link ContractRevertError} `SubnetNonexistent`, `SubnetIsRetired`, `SubnetPhaseMismatch`,
 * `ValidatorNotRegistered`
 * @example
 * ```ts
 * const { epoch } = await commitTestSet(client, { subnetId: 1n, contentHash, salt: secret, capsuleId, version: 1n });
 * ```
 */
export const commitTestSet = defineWrite({
  contract: "SubnetHub",
  method: "commitTestSet",
  args: async ({ capsuleId = 0n, version = 0n, ...content }: CommitTestSetParameters, client) => {
    const dataset = [checkUint("capsuleId", capsuleId, 64), checkUint("version", version, 32)] as const;
    return [content.subnetId, await roundCommitment(client, content), ...dataset];
  },
  result: (events) => {
    const { epoch, hash } = one(events("SubnetHub", "TestSetCommitted"));
    return { epoch, commitment: hash };
  },
});
