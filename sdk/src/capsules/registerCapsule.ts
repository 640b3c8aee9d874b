import type { AddressInput } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { encodeRegistration, type Registration } from "./registration.ts";

export type RegisterCapsuleParameters = Registration & {
  /** Becomes the creator and receives the token. */
  readonly owner: AddressInput;
};
export type RegisterCapsuleReturnType = Sent & { readonly capsuleId: bigint };

/**
 * Registers a capsule with its first version and shares. Anyone may, for anybody: neither owner nor DID proves who made the
 * content. To sell it too, `publishCapsule` takes one transaction.
 *
 * @throws {@link InvalidParameterError} for what can never be valid
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
