import { ZeroAddress } from "ethers";
import type { Address } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type EndRentalParameters = { readonly licenseId: bigint };
export type EndRentalReturnType = Sent;

/**
 * Ends a rental now. The user's vouchers settle for the settlement window, then the holder signs. Does nothing if nobody
 * rents the license.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link ContractRevertError} `ERC721InsufficientApproval`
 * @example
 * ```ts
 * await endRental(client, { licenseId });
 * ```
 */
export const endRental = defineWrite({
  contract: "LicenseNFT",
  method: "setUser",
  args: ({ licenseId }: EndRentalParameters) => [
    checkUint("licenseId", licenseId, 64),
    ZeroAddress as Address,
    0n,
  ],
  result: () => ({}),
});
