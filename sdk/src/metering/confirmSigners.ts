import { checkNotEmpty, checkUint } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type ConfirmSignersParameters = {
  readonly meterId: bigint;
  /** Licenses and their signer changes (`nextSigner.changeAt`). At least one. */
  readonly changes: readonly { readonly licenseId: bigint; readonly changeAt: bigint }[];
};
export type ConfirmSignersReturnType = Sent;

/**
 * Confirms that the old signers' last vouchers are settled. From now on, the new signers' vouchers settle.
 *
 * @throws {@link InvalidParameterError} for an empty list
 * @throws {@link ContractRevertError} `CallerNotMeterOperator`, `OfferNotMetered`, `LicenseSignerNotChanging`
 * @example
 * ```ts
 * const { nextSigner } = await getLicense(client, { licenseId });
 * if (nextSigner) await confirmSigners(client, { meterId, changes: [{ licenseId, changeAt: nextSigner.changeAt }] });
 * ```
 */
export const confirmSigners = defineWrite({
  contract: "UsageLedger",
  method: "confirmSigners",
  args: ({ meterId, changes }: ConfirmSignersParameters) => [
    checkUint("meterId", meterId, 32),
    checkNotEmpty("changes", changes).map(({ licenseId, changeAt }, i) => ({
      licenseId: checkUint(`changes[${i}].licenseId`, licenseId, 64),
      changeAt: checkUint(`changes[${i}].changeAt`, changeAt, 40),
    })),
  ],
  result: () => ({}),
});
