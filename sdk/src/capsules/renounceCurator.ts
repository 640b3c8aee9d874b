import type { AddressInput } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type RenounceCuratorParameters = {
  readonly pool: AddressInput;
};
export type RenounceCuratorReturnType = Sent;

/**
 * Gives up the curator's role of a pool, permanently: units never change again.
 *
 * @throws {@link InvalidParameterError} for a malformed address
 * @throws {@link ContractRevertError} `CallerNotCurator`, `PoolHasNoUnits`
 * @example
 * ```ts
 * await renounceCurator(client, { pool });
 * ```
 */
export const renounceCurator = defineWrite({
  contract: "ContributionPool",
  method: "renounceCurator",
  target: ({ pool }: RenounceCuratorParameters) => checkAddress("pool", pool),
  args: () => [],
  result: () => ({}),
});
