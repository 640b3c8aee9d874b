import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type RequestCloseParameters = { readonly licenseId: bigint };
export type RequestCloseReturnType = Sent & {
  /** End of service, seconds since 1970. */
  readonly expiry: bigint;
};

/**
 * Ends service now. After the settlement window, `closeLicense` pays the refund.
 *
 * @throws {@link ContractRevertError} `CallerNotLicenseHolder`, `LicenseEnded`
 * @example
 * ```ts
 * const { expiry } = await requestClose(client, { licenseId });
 * ```
 */
export const requestClose = defineWrite({
  contract: "LicenseNFT",
  method: "requestClose",
  args: ({ licenseId }: RequestCloseParameters) => [checkUint("licenseId", licenseId, 64)],
  result: (events) => {
    const { expiry } = one(events("LicenseNFT", "CloseRequested"));
    return { expiry };
  },
});
