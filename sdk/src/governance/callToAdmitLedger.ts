import { addressOf, type Client, checkCall } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { type ReadyCall, readyCall } from "./calls.ts";

export type CallToAdmitLedgerParameters = {
  /** Must be a contract nobody can replace or change. */
  readonly ledger: AddressInput;
};
export type CallToAdmitLedgerReturnType = ReadyCall;

/**
 * Builds a call to admit a ledger for new offers, for a proposal.
 *
 * @throws {@link InvalidParameterError} for a malformed address
 * @example
 * ```ts
 * const call = callToAdmitLedger(client, { ledger });
 * ```
 */
export function callToAdmitLedger(
  client: Client,
  parameters: CallToAdmitLedgerParameters,
): CallToAdmitLedgerReturnType {
  const { ledger } = checkCall(client, parameters);
  const address = checkAddress("ledger", ledger);
  const summary = `Admit the ledger ${address}`;
  return readyCall(addressOf(client, "TermsRegistry"), "TermsRegistry", "admitLedger", [address], summary);
}
