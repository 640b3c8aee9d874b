import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type RevokeLicenseParameters = { readonly licenseId: bigint };
export type RevokeLicenseReturnType = Sent & {
  /** End of service, seconds since 1970. */
  readonly expiry: bigint;
};

/**
 * Ends service after the terms' notice, or at expiry if that is earlier. Only the capsule's owner may call.
 *
 * @throws {@link ContractRevertError} `CallerNotLicensor`, `LicenseIrrevocable`, `LicenseEnded`
 * @example
 * ```ts
 * const { expiry } = await revokeLicense(client, { licenseId });
 * ```
 */
export const revokeLicense = defineWrite({
  contract: "LicenseNFT",
  method: "revoke",
  args: ({ licenseId }: RevokeLicenseParameters) => [checkUint("licenseId", licenseId, 64)],
  result: (events) => {
    const { expiry } = one(events("LicenseNFT", "LicenseRevoked"));
    return { expiry };
  },
});
