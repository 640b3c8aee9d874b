import type { Signer } from "ethers";
import { type Client, checkCall } from "../client.ts";
import { type SignedVoucher, VOUCHER_TYPES, type Voucher, voucherMessage } from "../shared/voucher.ts";
import { signForLedger } from "./signForLedger.ts";

export type SignVoucherParameters = Voucher & {
  /** The license's signer, such as a session key. Needs no provider. @default the client's signer */
  readonly signer?: Signer;
};
export type SignVoucherReturnType = SignedVoucher;

/**
 * Signs cumulative use of a license. Free and off chain: send the voucher to the meter.
 *
 * @throws {@link InvalidParameterError} for numbers out of range, or without a signer
 * @example
 * ```ts
 * const voucher = await signVoucher(client, { licenseId, units: 120n, contexts: encodeContexts(["education"]) });
 * ```
 */
export async function signVoucher(
  client: Client,
  parameters: SignVoucherParameters,
): Promise<SignVoucherReturnType> {
  const { signer, licenseId, units, contexts } = checkCall(client, parameters);
  const voucher = { licenseId, units, contexts };
  const signature = await signForLedger(client, signer, VOUCHER_TYPES, voucherMessage("voucher", voucher));
  return { ...voucher, signature };
}
