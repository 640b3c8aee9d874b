import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkNotEmpty, checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { encodeRegistration, type Registration } from "./registration.ts";

export type RegisterDerivativeParameters = Registration & {
  /** The sending account. The creator, receives the token, and holds the licenses. */
  readonly owner: AddressInput;
  /** One license for each parent, at most 16. Their terms permit derivatives and set the parents' shares. */
  readonly licenseIds: readonly bigint[];
};
export type RegisterDerivativeReturnType = Sent & { readonly capsuleId: bigint };

/**
 * Registers a capsule derived from others. Each parent earns its license's share of the data and model revenue in every
 * shares version. `shares` divide the rest.
 *
 * @throws {@link InvalidParameterError} for an invalid parameter
 * @throws {@link ContractRevertError} as `registerCapsule`, and `DerivativeCallerNotOwner`, `ParentsCountInvalid`,
 * `ERC721NonexistentToken`, `LicenseEnded`, `LicenseDerivativesNotPermitted`, `ParentLicenseNotHeld`,
 * `ParentDuplicate`, `ParentsShareTooHigh`, `ShareUnitsTooMany`
 * @example
 * ```ts
 * const { capsuleId } = await registerDerivative(client, {
 *   owner,
 *   licenseIds: [licenseId],
 *   kind: "model",
 *   contentHash: await hashContent(bytes),
 *   uri: "ipfs://fine-tuned",
 * });
 * const parents = await getParents(client, { capsuleId });
 * ```
 */
export const registerDerivative = defineWrite({
  contract: "CapsuleRegistry",
  method: "registerDerivative",
  args: ({ owner, licenseIds, ...registration }: RegisterDerivativeParameters) => [
    checkAddress("owner", owner),
    encodeRegistration(registration),
    checkNotEmpty("licenseIds", licenseIds).map((id, i) => checkUint(`licenseIds[${i}]`, id, 64, 1n)),
  ],
  result: (events) => {
    const { capsuleId } = one(events("CapsuleRegistry", "CapsuleRegistered"));
    return { capsuleId };
  },
});
