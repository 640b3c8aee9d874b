import { checkHex, checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { packWeights, type WeightsReveal } from "./weights.ts";

export type RevealWeightsParameters = WeightsReveal;
export type RevealWeightsReturnType = Sent & { readonly epoch: bigint };

/**
 * Reveals weights of the caller, in the last phase of the epoch of their commitment. Who does not reveal is paid nothing in
 * this epoch.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter
 * @throws {@link ContractRevertError} `SubnetNonexistent`, `SubnetIsRetired`, `SubnetPhaseMismatch`, `EpochPending` (see
 * `runEpoch`), `ValidatorNotRegistered`, `WeightsLengthInvalid`, `WeightsCommitmentMismatch`
 * @example
 * ```ts
 * const { weights } = toWeights({ scores: [0.9, 0.45] });
 * await revealWeights(client, {
 *   subnetId: 1n,
 *   weights,
 *   evidenceHash: contentHash,
 *   uri: "ipfs://evidence",
 *   salt: secret,
 * });
 * ```
 */
export const revealWeights = defineWrite({
  contract: "SubnetHub",
  method: "revealWeights",
  args: ({ subnetId, weights, evidenceHash, uri, salt }: RevealWeightsParameters) => [
    checkUint("subnetId", subnetId, 32),
    packWeights(weights),
    checkHex("evidenceHash", evidenceHash, 32),
    uri,
    checkHex("salt", salt, 32),
  ],
  result: (events) => ({ epoch: one(events("SubnetHub", "WeightsRevealed")).epoch }),
});
