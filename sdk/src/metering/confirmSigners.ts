import { checkNotEmpty, checkUint } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type ConfirmSignersParameters = {
  readonly meterId: bigint;
  /** Licenses whose signer is changing, at least one. */
  readonly licenseIds: readonly bigint[];
};
export type ConfirmSignersReturnType = Sent;

/**
 * Tells that the old signers' last vouchers are settled, so that the new signers' settle from now on.
 *
 * @throws {@link InvalidParameterError} for an empty list
 * @throws {@link ContractRevertError} `CallerNotMeterOperator`, `OfferNotMetered`, `LicenseSignerNotChanging`
 * @example
 * ```ts
 * await confirmSigners(client, { meterId, licenseIds: [licenseId] });
 * ```
 */
export const confirmSigners = defineWrite({
  contract: "UsageLedger",
  method: "confirmSigners",
  args: ({ meterId, licenseIds }: ConfirmSignersParameters) => [
    checkUint("meterId", meterId, 32),
    checkNotEmpty("licenseIds", licenseIds).map((id, i) => checkUint(`licenseIds[${i}]`, id, 64)),
  ],
  result: () => ({}),
});
