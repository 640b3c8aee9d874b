import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type SetSignerParameters = {
  readonly licenseId: bigint;
  /** Account key, such as a session key. */
  readonly signer: AddressInput;
};
export type SetSignerReturnType = Sent & {
  /**
   * The new signer's vouchers settle after this time, seconds since 1970, or from the meter's earlier confirmation.
   * 0 if the named signer already signs: a pending change is dropped.
   */
  readonly changeAt: bigint;
  /** Number of this change, for the meter's `confirmSigners`. */
  readonly change: bigint;
};

/**
 * Sets a license's signer. Service to the old one stops at once. While the license is rented out, only its user may call.
 *
 * @throws {@link InvalidParameterError} for a malformed address
 * @throws {@link ContractRevertError} `CallerNotLicenseHolder`, `CallerNotLicenseUser`, `LicenseSignerZero`
 * @example
 * ```ts
 * const { changeAt } = await setSigner(client, { licenseId, signer: sessionKey.address });
 * ```
 */
export const setSigner = defineWrite({
  contract: "LicenseNFT",
  method: "setSigner",
  args: ({ licenseId, signer }: SetSignerParameters) => [
    checkUint("licenseId", licenseId, 64),
    checkAddress("signer", signer),
  ],
  result: (events) => {
    const { changeAt, change } = one(events("LicenseNFT", "SignerChangeStarted"));
    return { changeAt, change };
  },
});
