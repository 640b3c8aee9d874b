import type { Address } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type LapseLicenseParameters = { readonly licenseId: bigint };
export type LapseLicenseReturnType = Sent & { readonly holder: Address };

/**
 * Burns a license long after its settlement window if nobody closed it. All its units count as used. Anyone may
 * call.
 *
 * @throws {@link ContractRevertError} `LicenseNotLapsed`, `ERC721NonexistentToken`
 * @example
 * ```ts
 * await lapseLicense(client, { licenseId });
 * ```
 */
export const lapseLicense = defineWrite({
  contract: "LicenseNFT",
  method: "lapse",
  args: ({ licenseId }: LapseLicenseParameters) => [checkUint("licenseId", licenseId, 64)],
  result: (events) => {
    const { holder } = one(events("LicenseNFT", "LicenseLapsed"));
    return { holder };
  },
});
