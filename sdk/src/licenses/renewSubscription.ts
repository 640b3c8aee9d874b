import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type RenewSubscriptionParameters = { readonly licenseId: bigint };
export type RenewSubscriptionReturnType = Sent & {
  /** New end of service, seconds since 1970. */
  readonly expiry: bigint;
  /** Base units of the currency that the holder paid into escrow. */
  readonly price: bigint;
};

/**
 * Renews a subscribed license at its holder's expense, once half of its term is over. Anyone may call. The new term
 * follows the last one, so an early call costs the holder no time.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link ContractRevertError} `LicenseNotSubscribed`, `LicenseRenewalEarly`, `LicenseEnded`, `LicenseWindowOver`,
 * `OfferNotForSale`, and the token's errors, such as `ERC20InsufficientAllowance`
 * @example
 * ```ts
 * const { expiry } = await renewSubscription(client, { licenseId });
 * ```
 */
export const renewSubscription = defineWrite({
  contract: "LicenseNFT",
  method: "renewSubscription",
  args: ({ licenseId }: RenewSubscriptionParameters) => [checkUint("licenseId", licenseId, 64)],
  result: (events) => {
    const { expiry } = one(events("LicenseNFT", "LicenseRenewed"));
    const { amount } = one(events("SettlementRouter", "Deposited"));
    return { expiry, price: amount };
  },
});
