import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type RollOverPotParameters = {
  readonly subnetId: bigint;
  /** ERC-20 token. */
  readonly token: AddressInput;
  /** A past epoch that paid nobody. */
  readonly epoch: bigint;
};
export type RollOverPotReturnType = Sent & {
  /** Base units moved. */
  readonly amount: bigint;
  /** The current epoch, or the next one from the score phase on. */
  readonly toEpoch: bigint;
};

/**
 * Moves the pot of a past epoch that paid nobody to the current epoch, or to the next one from the score phase on. Anyone
 * may call. Its sponsors cannot reclaim that money later.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter
 * @throws {@link ContractRevertError} `SubnetNonexistent`, `SubnetIsRetired`, `PotNotDead`, `PotEmpty`
 * @example
 * ```ts
 * const { amount } = await rollOverPot(client, { subnetId: 1n, token, epoch: 1n });
 * ```
 */
export const rollOverPot = defineWrite({
  contract: "SubnetHub",
  method: "rollOver",
  args: ({ subnetId, token, epoch }: RollOverPotParameters) => [
    checkUint("subnetId", subnetId, 32),
    checkAddress("token", token),
    checkUint("epoch", epoch, 32),
  ],
  result: (events) => {
    const { amount, toEpoch } = one(events("SubnetHub", "PotRolledOver"));
    return { amount, toEpoch };
  },
});
