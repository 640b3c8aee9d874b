import type { AddressInput, Hex } from "../core/abi.ts";
import { checkAddress, checkHex } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type JoinPoolParameters = {
  readonly pool: AddressInput;
  /** Keccak-256 of the policy that the caller read. */
  readonly policyHash: Hex;
};
export type JoinPoolReturnType = Sent;

/**
 * Consents to a pool's policy, so that the caller's contributions can be credited. `joinPoolFor` does it for an
 * account without money for gas.
 *
 * @throws {@link InvalidParameterError} for a malformed address or hash
 * @throws {@link ContractRevertError} `PoolPolicyMismatch`, `MemberAlreadyJoined`
 * @example
 * ```ts
 * await joinPool(client, { pool, policyHash });
 * ```
 */
export const joinPool = defineWrite({
  contract: "ContributionPool",
  method: "join",
  target: ({ pool }: JoinPoolParameters) => checkAddress("pool", pool),
  args: ({ policyHash }: JoinPoolParameters) => [checkHex("policyHash", policyHash, 32)],
  result: () => ({}),
});
