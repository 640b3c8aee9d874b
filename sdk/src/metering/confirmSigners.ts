import type { Address } from "../core/abi.ts";
import { checkNotEmpty, checkUint } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type ConfirmSignersParameters = {
  readonly meterId: bigint;
  /** Licenses and their signer changes (`nextSigner.change`). At least one. */
  readonly changes: readonly SignerChange[];
};
export type ConfirmSignersReturnType = Sent & {
  /** The new signers. Only they may be served: see `markConfirmed` of a meter. */
  readonly confirmed: readonly ConfirmedSigner[];
  /** Changes that are no longer pending: another replaced them, or the license is closed. */
  readonly skipped: readonly SignerChange[];
};

/** A license's signer change, by its number. */
export type SignerChange = { readonly licenseId: bigint; readonly change: bigint };
/** A license's new signer: its vouchers settle. */
export type ConfirmedSigner = { readonly licenseId: bigint; readonly signer: Address };

/**
 * Confirms that the old signers' last vouchers are settled. From now on, the confirmed signers' vouchers settle. A
 * holder can replace a change at any time, so serve only the signers in `confirmed`.
 *
 * @throws {@link InvalidParameterError} for an empty list
 * @throws {@link ContractRevertError} `CallerNotMeterOperator`, `OfferNotMetered`, `CallerNotLicenseLedger`
 * @example
 * ```ts
 * const { nextSigner } = await getLicense(client, { licenseId });
 * if (nextSigner) {
 *   const changes = [{ licenseId, change: nextSigner.change }];
 *   const { confirmed } = await confirmSigners(client, { meterId, changes });
 *   books.markConfirmed(confirmed);
 * }
 * ```
 */
export const confirmSigners = defineWrite({
  contract: "UsageLedger",
  method: "confirmSigners",
  args: ({ meterId, changes }: ConfirmSignersParameters) => [
    checkUint("meterId", meterId, 32),
    checkNotEmpty("changes", changes).map(({ licenseId, change }, i) => ({
      licenseId: checkUint(`changes[${i}].licenseId`, licenseId, 64),
      change: checkUint(`changes[${i}].change`, change, 56),
    })),
  ],
  result: (events) => ({
    confirmed: events("LicenseNFT", "SignerChangeConfirmed").map(({ licenseId, signer }) => ({
      licenseId,
      signer,
    })),
    skipped: events("UsageLedger", "SignerChangeSkipped").map(({ licenseId, change }) => ({
      licenseId,
      change,
    })),
  }),
});
