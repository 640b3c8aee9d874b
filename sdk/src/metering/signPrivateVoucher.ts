import type { Signer } from "ethers";
import { type Client, checkCall } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { usageOf } from "../shared/opening.ts";
import { type SignedPrivateVoucher, VOUCHER_TYPES, type Voucher } from "../shared/voucher.ts";
import { saltOf } from "./secret.ts";
import { signForLedger } from "./signForLedger.ts";

export type SignPrivateVoucherParameters = Voucher & {
  /** Number of this cover: 1 for the first voucher with unchanged use, then 2. @default 0n */
  readonly cover?: bigint;
  /** 32 bytes, see `deriveUsageSecret`. */
  readonly secret: Hex;
  /** The license's signer, such as a session key. Needs no provider. @default the client's signer */
  readonly signer?: Signer;
};
export type SignPrivateVoucherReturnType = SignedPrivateVoucher;

/**
 * Signs cumulative use of a license in private mode. Free and off chain: send the voucher to the meter. The chain
 * will see only a commitment.
 *
 * A voucher with the last voucher's units is a cover: nobody can tell its row in a batch from others. It needs a
 * number of its own. The same use with the same number is the same voucher again.
 *
 * @throws {@link InvalidParameterError} for numbers out of range, a malformed secret, or without a signer
 * @example
 * ```ts
 * const secret = await deriveUsageSecret(client, { licenseId });
 * const contexts = encodeContexts(["education"]);
 * const voucher = await signPrivateVoucher(client, { licenseId, units: 120n, contexts, secret });
 * ```
 */
export async function signPrivateVoucher(
  client: Client,
  parameters: SignPrivateVoucherParameters,
): Promise<SignPrivateVoucherReturnType> {
  checkCall(client, parameters);
  const { signer, secret, licenseId, units, contexts, cover = 0n } = parameters;
  const salt = saltOf("voucher", secret, { licenseId, units, contexts, cover });
  const usage = usageOf("voucher", licenseId, { units, contexts, salt });
  const signature = await signForLedger(client, signer, VOUCHER_TYPES, { licenseId, usage });
  return { licenseId, units, contexts, salt, usage, signature };
}
