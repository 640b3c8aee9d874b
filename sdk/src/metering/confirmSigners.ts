import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkNotEmpty, checkUint } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type ConfirmSignersParameters = {
  readonly meterId: bigint;
  /** Licenses and the signers that they are changing to, at least one. */
  readonly changes: readonly { readonly licenseId: bigint; readonly signer: AddressInput }[];
};
export type ConfirmSignersReturnType = Sent;

/**
 * Tells that the old signers' last vouchers are settled, so that the new signers' settle from now on.
 *
 * @throws {@link InvalidParameterError} for an empty list
 * @throws {@link ContractRevertError} `CallerNotMeterOperator`, `OfferNotMetered`, `LicenseSignerNotPending`
 * @example
 * ```ts
 * const { nextSigner } = await getLicense(client, { licenseId });
 * if (nextSigner) await confirmSigners(client, { meterId, changes: [{ licenseId, signer: nextSigner.signer }] });
 * ```
 */
export const confirmSigners = defineWrite({
  contract: "UsageLedger",
  method: "confirmSigners",
  args: ({ meterId, changes }: ConfirmSignersParameters) => [
    checkUint("meterId", meterId, 32),
    checkNotEmpty("changes", changes).map(({ licenseId, signer }, i) => ({
      licenseId: checkUint(`changes[${i}].licenseId`, licenseId, 64),
      signer: checkAddress(`changes[${i}].signer`, signer),
    })),
  ],
  result: () => ({}),
});
