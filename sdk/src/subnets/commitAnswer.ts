import type { Hex } from "../core/abi.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { roundCommitment, type SecretContent } from "./rounds.ts";

export type CommitAnswerParameters = SecretContent;
export type CommitAnswerReturnType = Sent & {
  /** The epoch of the transaction. If it is not the content's epoch, commit it again. */
  readonly epoch: bigint;
  readonly commitment: Hex;
};

/**
 * Commits an answer of the caller, a miner, in the second phase of an epoch. Another commitment replaces the earlier one.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter, or without a signer
 * @throws {@link ContractRevertError} `SubnetNonexistent`, `SubnetIsRetired`, `SubnetPhaseMismatch`, `MinerNotRegistered`
 * @example
 * ```ts
 * const { epoch } = await commitAnswer(client, { subnetId: 1n, contentHash, salt: secret });
 * ```
 */
export const commitAnswer = defineWrite({
  contract: "SubnetHub",
  method: "commitAnswer",
  args: async (content: CommitAnswerParameters, client) => [
    content.subnetId,
    await roundCommitment(client, content),
  ],
  result: (events) => {
    const { epoch, hash } = one(events("SubnetHub", "AnswerCommitted"));
    return { epoch, commitment: hash };
  },
});
