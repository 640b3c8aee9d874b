import type { AddressInput } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type LeavePoolParameters = { readonly pool: AddressInput };
export type LeavePoolReturnType = Sent;

/**
 * Revokes the caller's consent for the future: no more contributions can be credited. Credited units keep earning.
 *
 * @throws {@link InvalidParameterError} for a malformed address
 * @throws {@link ContractRevertError} `MemberNotConsenting`
 * @example
 * ```ts
 * await leavePool(client, { pool });
 * ```
 */
export const leavePool = defineWrite({
  contract: "ContributionPool",
  method: "quit",
  target: ({ pool }: LeavePoolParameters) => checkAddress("pool", pool),
  args: () => [],
  result: () => ({}),
});
