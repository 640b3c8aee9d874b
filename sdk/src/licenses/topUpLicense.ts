import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { definePaid, encodeAuthorization, type Payment } from "../core/payment.ts";
import type { Sent } from "../core/write.ts";

export type TopUpLicenseParameters = Payment & {
  readonly licenseId: bigint;
  /** Metered units to add, above 0. */
  readonly units: bigint;
  /** Most base units of the currency to pay. 0 accepts only free units. */
  readonly maxPrice: bigint;
};
export type TopUpLicenseReturnType = Sent & {
  /** Base units of the currency paid into escrow. */
  readonly price: bigint;
};

/**
 * Adds units to a license. Anyone may pay. Only the holder may add free units.
 *
 * @throws {@link InvalidParameterError} for an invalid parameter
 * @throws {@link PermitExpiredError} {@link PermitTooSmallError} for such an authorization
 * @throws {@link ContractRevertError} `ERC721NonexistentToken`, `LicenseEnded`, `LicenseWindowOver`, `LicensePayerNotHolder`,
 * and as `mintLicense`
 * @example
 * ```ts
 * await topUpLicense(client, { licenseId, units: 500n, maxPrice: 1_500n });
 * ```
 */
export const topUpLicense = definePaid({
  contract: "LicenseNFT",
  method: "topUp",
  args: ({ licenseId, units, maxPrice, ...payment }: TopUpLicenseParameters) => [
    checkUint("licenseId", licenseId, 64),
    checkUint("units", units, 64, 1n),
    checkUint("maxPrice", maxPrice, 128),
    encodeAuthorization(payment),
  ],
  result: (events) => {
    const { amount } = one(events("SettlementRouter", "Deposited"));
    return { price: amount };
  },
});
