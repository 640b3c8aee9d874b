import { ZeroAddress } from "ethers";
import type { Address, AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { definePaid, encodeAuthorization, type Payment } from "../core/payment.ts";
import type { Sent } from "../core/write.ts";
import { checkSigner } from "./checkSigner.ts";

export type MintLicenseParameters = Payment & {
  readonly offerId: bigint;
  /** Receives the license. */
  readonly to: AddressInput;
  /** Account key to sign vouchers. Needed if the holder is a contract. @default the holder */
  readonly signer?: AddressInput;
  /** Metered units to prepay, above 0. */
  readonly units: bigint;
  /** Most base units of the currency to pay in all. 0 accepts only a free license. */
  readonly maxPrice: bigint;
};
export type MintLicenseReturnType = Sent & {
  readonly licenseId: bigint;
  /** End of service, seconds since 1970. */
  readonly expiry: bigint;
  /** Base units of the currency paid into escrow. */
  readonly price: bigint;
};

/**
 * Buys a license. Its price goes into the offer's escrow: see `priceOfUnits`.
 *
 * @throws {@link InvalidParameterError} for an invalid parameter, or a contract that would sign vouchers
 * @throws {@link PermitExpiredError} {@link PermitTooSmallError} for such an authorization
 * @throws {@link ContractRevertError} `OfferNotForSale`, `LicenseUnitsExceedTerms`, `LicensePriceExceedsMaximum`,
 * and the token's errors, such as `ERC20InsufficientAllowance`
 * @example
 * ```ts
 * const { licenseId } = await mintLicense(client, { offerId, to: buyer, units: 1_000n, maxPrice: 3_000n });
 * ```
 */
export const mintLicense = definePaid({
  contract: "LicenseNFT",
  method: "mint",
  args: ({ offerId, to, signer, units, maxPrice, ...payment }: MintLicenseParameters) => [
    {
      offerId: checkUint("offerId", offerId, 64),
      to: checkAddress("to", to),
      signer: checkAddress("signer", signer ?? (ZeroAddress as Address)),
      units: checkUint("units", units, 64, 1n),
      maxPrice: checkUint("maxPrice", maxPrice, 128),
    },
    encodeAuthorization(payment),
  ],
  check: async ({ to, signer }, client) => await checkSigner(client, signer ?? to, signer ? "signer" : "to"),
  result: (events) => {
    const { licenseId, expiry } = one(events("LicenseNFT", "LicenseMinted"));
    const { amount } = one(events("SettlementRouter", "Deposited"));
    return { licenseId, expiry, price: amount };
  },
});
