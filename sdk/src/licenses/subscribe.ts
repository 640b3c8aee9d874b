import { ZeroAddress } from "ethers";
import { checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { checkSigner } from "./checkSigner.ts";

export type SubscribeParameters = {
  readonly licenseId: bigint;
  /** Metered units of each term, above 0. */
  readonly units: bigint;
  /** Most base units of the currency to pay for each term. */
  readonly maxPrice: bigint;
};
export type SubscribeReturnType = Sent;

/**
 * Orders renewals of a license, or changes the order. In the second half of each term anyone may call
 * `renewSubscription`, and the holder's allowance for the router pays (`approvePayment`). Ends with `cancelSubscription`,
 * transfer and closing.
 *
 * @throws {@link InvalidParameterError} for an invalid parameter, or if the license's signer is a contract
 * @throws {@link ContractRevertError} `CallerNotLicenseHolder`, `LicenseEnded`, `LicenseWindowOver`, `OfferNotForSale`,
 * `LicensePriceExceedsMaximum`, `LicenseUnitsExceedTerms`
 * @example
 * ```ts
 * await subscribe(client, { licenseId, units: 1_000n, maxPrice: 3_000n });
 * ```
 */
export const subscribe = defineWrite({
  contract: "LicenseNFT",
  method: "subscribe",
  args: ({ licenseId, units, maxPrice }: SubscribeParameters) => [
    checkUint("licenseId", licenseId, 64),
    checkUint("units", units, 64, 1n),
    checkUint("maxPrice", maxPrice, 128),
  ],
  check: async ({ licenseId }, client) => {
    const [signer, { pending }] = await Promise.all([
      read(client, "LicenseNFT", "signerOf", [licenseId]),
      read(client, "LicenseNFT", "keysOf", [licenseId]),
    ]);
    await checkSigner(client, pending === ZeroAddress ? signer : pending, "licenseId");
  },
  result: () => ({}),
});
