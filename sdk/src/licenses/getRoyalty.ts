import { type Client, checkCall } from "../client.ts";
import type { Address } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetRoyaltyParameters = {
  readonly licenseId: bigint;
  /** Price of the sale, base units of any currency. */
  readonly salePrice: bigint;
};
export type GetRoyaltyReturnType = {
  /** The licensed capsule's creator. */
  readonly receiver: Address;
  /** Base units of the same currency, rounded down. */
  readonly royalty: bigint;
};

/**
 * The royalty that a marketplace owes to the capsule's creator when a used license is sold (ERC-2981).
 *
 * @throws {@link InvalidParameterError} for an invalid parameter
 * @throws {@link ContractRevertError} `ERC721NonexistentToken`
 * @example
 * ```ts
 * const { receiver, royalty } = await getRoyalty(client, { licenseId, salePrice: 1_000_000n });
 * ```
 */
export async function getRoyalty(
  client: Client,
  parameters: GetRoyaltyParameters,
): Promise<GetRoyaltyReturnType> {
  const { licenseId, salePrice } = checkCall(client, parameters);
  const { receiver, royaltyAmount } = await read(client, "LicenseNFT", "royaltyInfo", [
    checkUint("licenseId", licenseId, 64),
    checkUint("salePrice", salePrice, 128),
  ]);
  return { receiver, royalty: royaltyAmount };
}
