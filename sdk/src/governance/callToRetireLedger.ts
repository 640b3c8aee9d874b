import { addressOf, type Client, checkCall } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { type ReadyCall, readyCall } from "./calls.ts";

export type CallToRetireLedgerParameters = {
  /** An admitted ledger. */
  readonly ledger: AddressInput;
};
export type CallToRetireLedgerReturnType = ReadyCall;

/**
 * Builds a call to end new licenses and proofs at a ledger permanently, for a proposal.
 *
 * @throws {@link InvalidParameterError} for a malformed address
 * @example
 * ```ts
 * const call = callToRetireLedger(client, { ledger });
 * ```
 */
export function callToRetireLedger(
  client: Client,
  parameters: CallToRetireLedgerParameters,
): CallToRetireLedgerReturnType {
  const { ledger } = checkCall(client, parameters);
  const address = checkAddress("ledger", ledger);
  const summary = `Retire the ledger ${address} permanently`;
  return readyCall(addressOf(client, "TermsRegistry"), "TermsRegistry", "retireLedger", [address], summary);
}
