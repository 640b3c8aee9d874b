import { checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { encodeShares, type Share } from "../shared/shares.ts";

export type SetSharesParameters = {
  readonly capsuleId: bigint;
  /** The earners from now on, at most 500 rows. A role without rows gets one for the owner. */
  readonly shares: readonly Share[];
};
export type SetSharesReturnType = Sent & { readonly sharesVersion: bigint };

/**
 * Starts a shares version with new rows. Earlier revenue stays with its earners. The parents of a derivative keep their
 * shares: `shares` divide the rest.
 *
 * @throws {@link InvalidParameterError} for an invalid row
 * @throws {@link ContractRevertError} `CallerNotCapsuleOwner`, `SharesTooMany`, `ShareBeneficiarySelf`,
 * `ShareBeneficiaryNonexistent`, `ShareUnitsTooMany`
 * @example
 * ```ts
 * await setShares(client, { capsuleId, shares: [{ role: "model", units: 1n, account: developer }] });
 * ```
 */
export const setShares = defineWrite({
  contract: "CapsuleRegistry",
  method: "setShares",
  args: ({ capsuleId, shares }: SetSharesParameters) => [
    checkUint("capsuleId", capsuleId, 64),
    encodeShares("shares", shares),
  ],
  result: (events) => {
    const { sharesVersion } = one(events("CapsuleRegistry", "SharesSet"));
    return { sharesVersion };
  },
});
