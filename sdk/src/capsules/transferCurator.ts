import type { AddressInput } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type TransferCuratorParameters = {
  readonly pool: AddressInput;
  /** The successor. It calls `acceptCurator`. */
  readonly curator: AddressInput;
};
export type TransferCuratorReturnType = Sent;

/**
 * Offers the curator's role of a pool to another account.
 *
 * @throws {@link InvalidParameterError} for a malformed address
 * @throws {@link ContractRevertError} `CallerNotCurator`
 * @example
 * ```ts
 * await transferCurator(client, { pool, curator: operator });
 * ```
 */
export const transferCurator = defineWrite({
  contract: "ContributionPool",
  method: "transferCurator",
  target: ({ pool }: TransferCuratorParameters) => checkAddress("pool", pool),
  args: ({ curator }: TransferCuratorParameters) => [checkAddress("curator", curator)],
  result: () => ({}),
});
