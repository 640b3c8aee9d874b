import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkList, checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { definePaid, encodeAuthorization, type Payment } from "../core/payment.ts";
import type { Sent } from "../core/write.ts";
import { checkSigner } from "./checkSigner.ts";

export type MintLicensesParameters = Payment & {
  readonly offerId: bigint;
  /** The recipients. Each gets a license and signs its vouchers. At least one. */
  readonly to: readonly AddressInput[];
  /** Metered units to prepay for each license, above 0. */
  readonly units: bigint;
  /** Most base units of the currency to pay in all: `to.length` times `priceOfUnits`. */
  readonly maxPrice: bigint;
};
export type MintLicensesReturnType = Sent & {
  /** In the order of the recipients. */
  readonly licenseIds: readonly bigint[];
  /** End of service, seconds since 1970. */
  readonly expiry: bigint;
  /** Base units of the currency paid into escrow. */
  readonly price: bigint;
};

/**
 * Buys a license for each of several recipients, with one payment. Each license's price is rounded up.
 *
 * @throws {@link InvalidParameterError} for an invalid parameter, or a recipient that is a contract
 * @throws {@link PermitExpiredError} {@link PermitTooSmallError} for such an authorization
 * @throws {@link ContractRevertError} `LicenseRecipientsEmpty`, and as `mintLicense`
 * @example
 * ```ts
 * const { licenseIds } = await mintLicenses(client, { offerId, to: [buyer, user], units: 1_000n, maxPrice: 6_000n });
 * ```
 */
export const mintLicenses = definePaid({
  contract: "LicenseNFT",
  method: "mintBatch",
  args: ({ offerId, to, units, maxPrice, ...payment }: MintLicensesParameters) => [
    {
      offerId: checkUint("offerId", offerId, 64),
      units: checkUint("units", units, 64, 1n),
      maxPrice: checkUint("maxPrice", maxPrice, 128),
      to: checkList("to", to).map((account) => checkAddress("to", account)),
    },
    encodeAuthorization(payment),
  ],
  check: async ({ to }, client) => {
    await Promise.all(to.map((account, i) => checkSigner(client, account, `to[${i}]`)));
  },
  result: (events) => {
    const minted = events("LicenseNFT", "LicenseMinted");
    const { amount } = one(events("SettlementRouter", "Deposited"));
    const licenseIds = minted.map(({ licenseId }) => licenseId);
    return { licenseIds, expiry: one(minted).expiry, price: amount };
  },
});
