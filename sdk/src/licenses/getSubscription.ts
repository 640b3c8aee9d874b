import { type Client, checkCall } from "../client.ts";
import { checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetSubscriptionParameters = { readonly licenseId: bigint };
export type GetSubscriptionReturnType =
  | {
      /** Metered units of each term. */
      readonly units: bigint;
      /** Most base units of the currency to pay for each term. */
      readonly maxPrice: bigint;
    }
  | undefined;

/**
 * A license's subscription. Undefined without one, or if the license is closing.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link ContractRevertError} `ERC721NonexistentToken`
 * @example
 * ```ts
 * const subscription = await getSubscription(client, { licenseId });
 * ```
 */
export async function getSubscription(
  client: Client,
  parameters: GetSubscriptionParameters,
): Promise<GetSubscriptionReturnType> {
  const { licenseId } = checkCall(client, parameters);
  const plan = await read(client, "LicenseNFT", "subscriptionOf", [checkUint("licenseId", licenseId, 64)]);
  return plan.units === 0n ? undefined : plan;
}
