import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { definePaid, encodeAuthorization, type Payment } from "../core/payment.ts";
import type { Sent } from "../core/write.ts";

export type RenewLicenseParameters = Payment & {
  readonly licenseId: bigint;
  /** Metered units to add, above 0. */
  readonly units: bigint;
  /** Most base units of the currency to pay. 0 accepts only a free renewal. */
  readonly maxPrice: bigint;
};
export type RenewLicenseReturnType = Sent & {
  /** New end of service, seconds since 1970. */
  readonly expiry: bigint;
  /** Base units of the currency paid into escrow. */
  readonly price: bigint;
};

/**
 * Starts a new term, once half of the current one is over. The license ends after its terms' duration from now. The
 * terms' `maxUnits` counts anew, and unused units stay valid. Only the holder may pay.
 *
 * @throws {@link InvalidParameterError} for an invalid parameter
 * @throws {@link PermitExpiredError} {@link PermitTooSmallError} for such an authorization
 * @throws {@link ContractRevertError} `LicenseRenewalEarly`, `LicensePayerNotHolder`, and as `topUpLicense`
 * @example
 * ```ts
 * const { expiry } = await renewLicense(client, { licenseId, units: 1_000n, maxPrice: 3_000n });
 * ```
 */
export const renewLicense = definePaid({
  contract: "LicenseNFT",
  method: "renew",
  args: ({ licenseId, units, maxPrice, ...payment }: RenewLicenseParameters) => [
    checkUint("licenseId", licenseId, 64),
    checkUint("units", units, 64, 1n),
    checkUint("maxPrice", maxPrice, 128),
    encodeAuthorization(payment),
  ],
  result: (events) => {
    const { expiry } = one(events("LicenseNFT", "LicenseRenewed"));
    const { amount } = one(events("SettlementRouter", "Deposited"));
    return { expiry, price: amount };
  },
});
