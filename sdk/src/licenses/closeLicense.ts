import type { Address } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type CloseLicenseParameters = { readonly licenseId: bigint };
export type CloseLicenseReturnType = Sent & {
  readonly holder: Address;
  /** Metered units settled. */
  readonly used: bigint;
  /** Base units for the holder to withdraw. */
  readonly refund: bigint;
};

/**
 * Burns a license after its settlement window. The holder can withdraw the unused part of its price. Anyone may
 * call.
 *
 * @throws {@link ContractRevertError} `LicenseWindowOpen`, `LicenseLapsedAlready`, `ERC721NonexistentToken`; `OpeningNeeded`
 * for a license with private use, see `closePrivateLicense`
 * @example
 * ```ts
 * const { holder, refund } = await closeLicense(client, { licenseId });
 * ```
 */
export const closeLicense = defineWrite({
  contract: "UsageLedger",
  method: "close",
  args: ({ licenseId }: CloseLicenseParameters) => [checkUint("licenseId", licenseId, 64)],
  result: (events) => {
    const { holder, used, refund } = one(events("LicenseNFT", "LicenseClosed"));
    return { holder, used, refund };
  },
});
