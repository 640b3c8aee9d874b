import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { type RevealedContent, revealArguments } from "./rounds.ts";

export type RevealTestSetParameters = RevealedContent;
export type RevealTestSetReturnType = Sent & { readonly epoch: bigint };

/**
 * Reveals the caller's test set, in the third phase of its epoch.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter
 * @throws {@link ContractRevertError} `SubnetNonexistent`, `SubnetPhaseMismatch`, `TestSetMismatch`
 * @example
 * ```ts
 * await revealTestSet(client, { subnetId: 1n, contentHash, uri: "ipfs://content", salt: secret });
 * ```
 */
export const revealTestSet = defineWrite({
  contract: "SubnetHub",
  method: "revealTestSet",
  args: (content: RevealTestSetParameters) => revealArguments(content),
  result: (events) => ({ epoch: one(events("SubnetHub", "TestSetRevealed")).epoch }),
});
