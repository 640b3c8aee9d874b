import type { Signer } from "ethers";
import { addressOf, type Client, signerOf } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { InvalidParameterError } from "../errors.ts";
import {
  type SignedVoucher,
  VOUCHER_TYPES,
  type Voucher,
  voucherDomain,
  voucherMessage,
} from "../shared/voucher.ts";

export type SignVoucherParameters = Voucher & {
  /** The license's signer if it is not the client's, such as a session key. Needs no provider. */
  readonly signer?: Signer;
};
export type SignVoucherReturnType = SignedVoucher;

/**
 * Signs cumulative use of a license. Costs nothing and sends nothing: the voucher goes to the meter.
 *
 * @throws {@link InvalidParameterError} for numbers out of range, or without a signer
 * @example
 * ```ts
 * const voucher = await signVoucher(client, { licenseId, units: 120n, contexts: encodeContexts(["education"]) });
 * ```
 */
export async function signVoucher(
  client: Client,
  { signer = signerOf(client), licenseId, units, contexts }: SignVoucherParameters,
): Promise<SignVoucherReturnType> {
  if (!signer) throw new InvalidParameterError("signer", "is missing", "Pass one, the client has none");
  const voucher = { licenseId, units, contexts };
  const domain = voucherDomain(client.chainId, addressOf(client, "UsageLedger"));
  const signature = await signer.signTypedData(domain, VOUCHER_TYPES, voucherMessage("voucher", voucher));
  return { ...voucher, signature: signature as Hex };
}
