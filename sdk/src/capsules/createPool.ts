import type { Address, AddressInput, Hex } from "../core/abi.ts";
import { checkAddress, checkHex } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type CreatePoolParameters = {
  /** Credits contributions. */
  readonly curator: AddressInput;
  /** Keccak-256 of the policy that contributors consent to. It never changes. */
  readonly policyHash: Hex;
};
export type CreatePoolReturnType = Sent & {
  /** Name it as `account` of a share, so that the pool earns. */
  readonly pool: Address;
};

/**
 * Creates a contribution pool: one beneficiary of share rows whose members divide its revenue by their units. It works
 * with any number of members.
 *
 * @throws {@link InvalidParameterError} for a malformed address or hash
 * @throws {@link ContractRevertError} `PoolCuratorZero`, `PoolPolicyZero`
 * @example
 * ```ts
 * const { pool } = await createPool(client, { curator: owner, policyHash });
 * const row = { role: "data", units: 1n, account: pool } as const; // for `publishCapsule` or `setShares`
 * ```
 */
export const createPool = defineWrite({
  contract: "ContributionPoolFactory",
  method: "create",
  args: ({ curator, policyHash }: CreatePoolParameters) => [
    checkAddress("curator", curator),
    checkHex("policyHash", policyHash, 32),
  ],
  result: (events) => {
    const { pool } = one(events("ContributionPoolFactory", "PoolCreated"));
    return { pool };
  },
});
