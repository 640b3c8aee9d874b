import { type Client, checkCall } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { isOpening } from "../shared/opening.ts";
import { isSignedBy, type SignedPrivateVoucher } from "../shared/voucher.ts";

export type VerifyPrivateVoucherParameters = SignedPrivateVoucher & {
  /** The license's signer, see `getLicense`. */
  readonly signer: AddressInput;
};
export type VerifyPrivateVoucherReturnType = boolean;

/**
 * Whether this account signed the voucher for the client's chain and ledger, and its usage word matches its
 * numbers. For many vouchers, use `createVoucherVerifier` in `@benefit-grid/sdk/meter`.
 *
 * @throws {@link InvalidParameterError} for a malformed address
 * @example
 * ```ts
 * const isValid = verifyPrivateVoucher(client, { ...privateVoucher, signer });
 * ```
 */
export function verifyPrivateVoucher(
  client: Client,
  parameters: VerifyPrivateVoucherParameters,
): VerifyPrivateVoucherReturnType {
  const { signer, signature, usage, licenseId, ...opening } = checkCall(client, parameters);
  const account = checkAddress("signer", signer);
  return isOpening(usage, licenseId, opening) && isSignedBy(client, { licenseId, usage }, signature, account);
}
