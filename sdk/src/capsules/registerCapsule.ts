import type { AddressInput } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { encodeRegistration, type Registration } from "./registration.ts";

export type RegisterCapsuleParameters = Registration & {
  /** The creator. Receives the token. */
  readonly owner: AddressInput;
};
export type RegisterCapsuleReturnType = Sent & { readonly capsuleId: bigint };

/**
 * Registers a capsule with its first version and shares. Anyone may do so for anyone: neither owner nor DID proves
 * authorship. `publishCapsule` also creates an offer in the same transaction.
 *
 * @throws {@link InvalidParameterError} for an invalid parameter
 * @throws {@link ContractRevertError} `ContentHashZero`, `TextTooLong`, `RoyaltyTooHigh`, `SharesTooMany`,
 * `ShareBeneficiarySelf`, `ShareBeneficiaryNonexistent`
 * @example
 * ```ts
 * const { capsuleId } = await registerCapsule(client, {
 *   owner,
 *   kind: "data",
 *   contentHash: await hashContent(bytes),
 *   uri: "ipfs://dataset",
 *   shares: [{ role: "data", units: 1n, account: collector }],
 * });
 * ```
 */
export const registerCapsule = defineWrite({
  contract: "CapsuleRegistry",
  method: "register",
  args: ({ owner, ...registration }: RegisterCapsuleParameters) => [
    checkAddress("owner", owner),
    encodeRegistration(registration),
  ],
  result: (events) => {
    const { capsuleId } = one(events("CapsuleRegistry", "CapsuleRegistered"));
    return { capsuleId };
  },
});
