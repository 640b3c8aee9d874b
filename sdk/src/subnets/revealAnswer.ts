import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { type RevealedContent, revealArguments } from "./rounds.ts";

export type RevealAnswerParameters = RevealedContent;
export type RevealAnswerReturnType = Sent & { readonly epoch: bigint };

/**
 * Reveals the caller's answer, in the third phase of its epoch.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter
 * @throws {@link ContractRevertError} `SubnetNonexistent`, `SubnetPhaseMismatch`, `AnswerMismatch`
 * @example
 * ```ts
 * await revealAnswer(client, { subnetId: 1n, contentHash, uri: "ipfs://content", salt: secret });
 * ```
 */
export const revealAnswer = defineWrite({
  contract: "SubnetHub",
  method: "revealAnswer",
  args: (content: RevealAnswerParameters) => revealArguments(content),
  result: (events) => ({ epoch: one(events("SubnetHub", "AnswerRevealed")).epoch }),
});
