import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { definePaid, encodeAuthorization, type Payment } from "../core/payment.ts";
import type { Sent } from "../core/write.ts";

export type RenewLicenseParameters = Payment & {
  readonly licenseId: bigint;
  /** How many metered units to add, above 0. */
  readonly units: bigint;
  /** Most base units of the currency to pay; 0 means only if it is free. */
  readonly maxPrice: bigint;
};
export type RenewLicenseReturnType = Sent & {
  /** When service ends now, seconds since 1970. */
  readonly expiry: bigint;
  /** Base units of the currency that went into escrow. */
  readonly price: bigint;
};

/**
 * Begins a new term: the license ends its terms' duration from now. The holder pays.
 *
 * @throws {@link InvalidParameterError} for what can never be valid
 * @throws {@link ContractRevertError} `LicensePayerNotHolder`, and as `topUpLicense`
 * @example
 * ```ts
 * const { expiry } = await renewLicense(client, { licenseId, units: 1_000n, maxPrice: 25_000n });
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
