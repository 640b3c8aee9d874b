import { checkUint } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type CancelSubscriptionParameters = { readonly licenseId: bigint };
export type CancelSubscriptionReturnType = Sent;

/**
 * Ends a license's subscription. The current term and its units stay.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link ContractRevertError} `CallerNotLicenseHolder`, `LicenseNotSubscribed`
 * @example
 * ```ts
 * await cancelSubscription(client, { licenseId });
 * ```
 */
export const cancelSubscription = defineWrite({
  contract: "LicenseNFT",
  method: "cancelSubscription",
  args: ({ licenseId }: CancelSubscriptionParameters) => [checkUint("licenseId", licenseId, 64)],
  result: () => ({}),
});
