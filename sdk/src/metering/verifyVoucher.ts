import { type Client, checkCall } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { isSignedBy, type SignedVoucher, voucherMessage } from "../shared/voucher.ts";

export type VerifyVoucherParameters = SignedVoucher & {
  /** The license's signer, see `getLicense`. */
  readonly signer: AddressInput;
};
export type VerifyVoucherReturnType = boolean;

/**
 * Whether this account signed the voucher for the client's chain and ledger. For many vouchers, use
 * `createVoucherVerifier` in `@benefit-grid/sdk/meter`.
 *
 * @throws {@link InvalidParameterError} for numbers out of range or a malformed address
 * @example
 * ```ts
 * const isValid = verifyVoucher(client, { ...voucher, signer });
 * ```
 */
export function verifyVoucher(client: Client, parameters: VerifyVoucherParameters): VerifyVoucherReturnType {
  checkCall(client, parameters);
  const signer = checkAddress("signer", parameters.signer);
  const message = voucherMessage("voucher", parameters);
  return isSignedBy(client, message, parameters.signature, signer);
}
