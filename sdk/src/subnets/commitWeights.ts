import { requireSigner } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { clockOf } from "./clock.ts";
import { type WeightsReveal, weightsCommitment } from "./weights.ts";

export type CommitWeightsParameters = WeightsReveal & {
  /** The epoch of the weights. @default the current one */
  readonly epoch?: bigint;
};
export type CommitWeightsReturnType = Sent & {
  /** The epoch of the transaction. If it is not the weights' epoch, commit them again. */
  readonly epoch: bigint;
  readonly commitment: Hex;
};

/**
 * Commits weights of the caller, in the first three phases of an epoch. They stay secret until `revealWeights` in the
 * fourth. Another commitment replaces the earlier one. Store all parameters before.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter, or without a signer
 * @throws {@link ContractRevertError} `SubnetNonexistent`, `SubnetIsRetired`, `WeightsCommitLate`, `ValidatorNotRegistered`
 * @example
 * ```ts
 * const { weights } = toWeights({ scores: [0.9, 0.45] });
 * const reveal = { subnetId: 1n, weights, evidenceHash: contentHash, uri: "ipfs://evidence", salt: secret };
 * const { epoch } = await commitWeights(client, reveal);
 * ```
 */
export const commitWeights = defineWrite({
  contract: "SubnetHub",
  method: "commitWeights",
  args: async ({ epoch, ...reveal }: CommitWeightsParameters, client) => {
    const subnetId = checkUint("subnetId", reveal.subnetId, 32);
    const validator = await requireSigner(client).getAddress();
    const current = epoch ?? (await clockOf(client, subnetId)).epoch;
    return [subnetId, weightsCommitment(client, { ...reveal, epoch: current, validator })];
  },
  result: (events) => {
    const { epoch, commitment } = one(events("SubnetHub", "WeightsCommitted"));
    return { epoch, commitment };
  },
});
