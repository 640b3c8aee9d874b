import type { AddressInput } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type AcceptCuratorParameters = {
  readonly pool: AddressInput;
};
export type AcceptCuratorReturnType = Sent;

/**
 * Accepts the curator's role of a pool.
 *
 * @throws {@link InvalidParameterError} for a malformed address
 * @throws {@link ContractRevertError} `CallerNotPendingCurator`
 * @example
 * ```ts
 * await acceptCurator(client, { pool });
 * ```
 */
export const acceptCurator = defineWrite({
  contract: "ContributionPool",
  method: "acceptCurator",
  target: ({ pool }: AcceptCuratorParameters) => checkAddress("pool", pool),
  args: () => [],
  result: () => ({}),
});
