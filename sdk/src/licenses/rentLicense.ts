import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type RentLicenseParameters = {
  readonly licenseId: bigint;
  /** The user (ERC-4907) signs vouchers until `expires`, or names a session key by `setSigner`. */
  readonly user: AddressInput;
  /** End of the rental, seconds since 1970. */
  readonly expires: bigint;
};
export type RentLicenseReturnType = Sent & {
  /**
   * The start of the rental as a change of signer, see `setSigner`. Undefined if the user had the license before: only
   * the end changed.
   */
  readonly start: { readonly changeAt: bigint; readonly change: bigint } | undefined;
};

/**
 * Rents a license out, or changes the end of a rental. Service to the present signer stops at once. At `expires` service
 * to the user ends without a transaction, its vouchers settle for the window, and then the holder signs again. The holder
 * may end a rental at any time (`endRental`), and a transfer ends it.
 *
 * @throws {@link InvalidParameterError} for an invalid parameter
 * @throws {@link ContractRevertError} `ERC721InsufficientApproval`, `LicenseNotTransferable`, `LicenseRentalOver`
 * @example
 * ```ts
 * await rentLicense(client, { licenseId, user, expires: 1_800_000_000n });
 * ```
 */
export const rentLicense = defineWrite({
  contract: "LicenseNFT",
  method: "setUser",
  args: ({ licenseId, user, expires }: RentLicenseParameters) => [
    checkUint("licenseId", licenseId, 64),
    checkAddress("user", user),
    checkUint("expires", expires, 64, 1n),
  ],
  result: (events) => {
    const [started] = events("LicenseNFT", "SignerChangeStarted");
    return { start: started && { changeAt: started.changeAt, change: started.change } };
  },
});
