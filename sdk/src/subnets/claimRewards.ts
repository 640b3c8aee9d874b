import type { Address, AddressInput } from "../core/abi.ts";
import { checkAddress, checkNotEmpty } from "../core/check.ts";
import { sumOf } from "../core/lists.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { NotFoundError } from "../errors.ts";
import { getEpochRecord } from "./getEpochRecord.ts";
import { rewardsFor, wholeOf } from "./rewards.ts";

export type ClaimRewardsParameters = {
  readonly subnetId: bigint;
  readonly epoch: bigint;
  /** ERC-20 token. */
  readonly token: AddressInput;
  /** Who is paid. @default everybody with an unclaimed share */
  readonly accounts?: readonly AddressInput[];
};
export type ClaimRewardsReturnType = Sent & {
  readonly paid: readonly { readonly account: Address; readonly index: bigint; readonly amount: bigint }[];
  /** Base units in all. */
  readonly amount: bigint;
};

/**
 * Pays unclaimed shares of an epoch's pot, of everybody or of some accounts. Anyone may call for anyone. If the token
 * refuses one account, nobody is paid: name the others.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter
 * @throws {@link NotFoundError} if there is nothing to claim
 * @throws {@link ContractRevertError} `RecordNonexistent`, and the token's errors
 * @example
 * ```ts
 * const { amount } = await claimRewards(client, { subnetId: 1n, epoch: 1n, token });
 * ```
 */
export const claimRewards = defineWrite({
  contract: "SubnetHub",
  method: "claim",
  args: async ({ subnetId, epoch, token, accounts }: ClaimRewardsParameters, client) => {
    const place = checkAddress("token", token);
    const payees =
      accounts && checkNotEmpty("accounts", accounts).map((one, i) => checkAddress(`accounts[${i}]`, one));
    const { shares } = await getEpochRecord(client, { subnetId, epoch });
    const wanted = payees ? shares.filter(({ account }) => payees.includes(account)) : shares;
    const query = { subnetId, epoch, shares: wanted, whole: wholeOf(shares), tokens: [place] };
    const rewards = await rewardsFor(client, query);
    const due = rewards.filter(({ amount, isClaimed }) => amount > 0n && !isClaimed);
    if (due.length === 0) {
      const advice = "See `getRewards` for what is due";
      throw new NotFoundError(
        `unclaimed reward in token ${place}, subnet ${subnetId} and epoch`,
        epoch,
        advice,
      );
    }
    return [subnetId, epoch, place, due.map(({ index }) => index)];
  },
  result: (events) => {
    const paid = events("SubnetHub", "ShareClaimed").map(({ account, index, amount }) => ({
      account,
      index,
      amount,
    }));
    return { paid, amount: sumOf(paid, ({ amount }) => amount) };
  },
});
