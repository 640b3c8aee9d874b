import { type Client, checkCall } from "../client.ts";
import type { Address, AddressInput } from "../core/abi.ts";
import { checkAddress, checkCount, checkNotEmpty } from "../core/check.ts";
import { sumOf } from "../core/lists.ts";
import type { BlockRange } from "../core/logs.ts";
import { amountsDue, checkCapsules } from "./due.ts";
import { findEarners } from "./findEarners.ts";

export type ClaimableParameters = BlockRange & {
  readonly account: AddressInput;
  /** ERC-20 tokens. At least one. */
  readonly tokens: readonly AddressInput[];
  /** Only these capsules. @default all */
  readonly capsuleIds?: readonly bigint[] | undefined;
};
/** In the order of `tokens`. */
export type ClaimableReturnType = readonly {
  readonly token: Address;
  /** Base units of all rows together. */
  readonly amount: bigint;
  /** Rows with an amount. `claim` costs gas for each. */
  readonly rows: number;
}[];

/**
 * What an account earned and did not claim yet, by token, in all its rows. `claimAll` claims it. Revenue that waits at
 * capsules in between is not included until `passOn`; refunds are `getWithdrawable`.
 *
 * The reads grow with the rows, see `claimAll`.
 *
 * @throws {@link InvalidParameterError} for a malformed address, an empty list or a malformed block range
 * @throws {@link NotFoundError} for an unknown capsule
 * @example
 * ```ts
 * const [earned] = await claimable(client, { account, tokens: [token] });
 * if (earned && earned.amount > 0n) await claimAll(client, { account, tokens: [token] });
 * ```
 */
export async function claimable(
  client: Client,
  parameters: ClaimableParameters,
): Promise<ClaimableReturnType> {
  const { capsuleIds, blockRange } = checkCall(client, parameters);
  const account = checkAddress("account", parameters.account);
  const tokens = checkNotEmpty("tokens", parameters.tokens).map((token, i) =>
    checkAddress(`tokens[${i}]`, token),
  );
  await checkCapsules(client, capsuleIds && checkNotEmpty("capsuleIds", capsuleIds));
  if (blockRange !== undefined) checkCount("blockRange", blockRange, 1);
  const earners = await findEarners(client, parameters, capsuleIds);
  const own = earners.filter((earner) => earner.account === account);
  const due = await amountsDue(client, own, tokens);
  return tokens.map((token) => {
    const rows = due.filter((row) => row.token === token);
    return { token, amount: sumOf(rows, ({ amount }) => amount), rows: rows.length };
  });
}
