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
   * After when the new signer's vouchers settle, unless the meter confirms earlier; seconds since 1970. 0 if it is the
   * signer whose vouchers settle now: a change that was pending is over.
   */
  readonly changeAt: bigint;
};

/**
 * Names a new signer of a license. Service to the old one stops at once.
 *
 * @throws {@link InvalidParameterError} for a malformed address
 * @throws {@link ContractRevertError} `CallerNotLicenseHolder`, `LicenseSignerZero`
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
    const { changeAt } = one(events("LicenseNFT", "SignerChangeStarted"));
    return { changeAt };
  },
});
