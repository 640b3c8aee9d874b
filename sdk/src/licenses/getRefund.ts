import { type Client, checkCall } from "../client.ts";
import { checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetRefundParameters = {
  readonly licenseId: bigint;
  /** Metered units to count as used. */
  readonly used: bigint;
};
/** Base units of the offer's currency. */
export type GetRefundReturnType = bigint;

/**
 * What closing a license would refund to its holder. 0 once the license lapsed.
 *
 * @throws {@link InvalidParameterError} for a malformed id or number
 * @throws {@link ContractRevertError} `LicenseUsedExceedsPrepaid`, `ERC721NonexistentToken`
 * @example
 * ```ts
 * const refund = await getRefund(client, { licenseId, used: 1_234n });
 * ```
 */
export async function getRefund(
  client: Client,
  parameters: GetRefundParameters,
): Promise<GetRefundReturnType> {
  const { licenseId, used } = checkCall(client, parameters);
  const args = [checkUint("licenseId", licenseId, 64), checkUint("used", used, 64)] as const;
  return await read(client, "LicenseNFT", "refundOf", args);
}
