import type { Client } from "../client.ts";
import type { Address, AddressInput } from "../core/abi.ts";
import { checkAddress, checkNotEmpty } from "../core/check.ts";
import { inParts, sumOf } from "../core/lists.ts";
import type { BlockRange } from "../core/logs.ts";
import { toRanges } from "../settlement/claims.ts";
import { findEarners } from "../settlement/findEarners.ts";
import { getClaimable } from "../settlement/getClaimable.ts";

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
  /** Rows with an amount. */
  readonly rows: number;
}[];

/** What an account earned and did not claim yet, by token. */
export async function claimable(
  client: Client,
  { account, tokens, capsuleIds, ...range }: ClaimableParameters,
): Promise<ClaimableReturnType> {
  const wanted = checkAddress("account", account);
  const addresses = checkNotEmpty("tokens", tokens).map((token, i) => checkAddress(`tokens[${i}]`, token));
  const earners = await findEarners(client, range, capsuleIds);
  const own = earners.filter((earner) => earner.account === wanted);
  const ranges = addresses.flatMap((token) => toRanges(own.map((earner) => ({ ...earner, token }))));
  const found = await inParts(ranges, async (one) => {
    const rows = await getClaimable(client, one);
    return rows.filter(({ amount }) => amount > 0n).map(({ amount }) => ({ token: one.token, amount }));
  });
  return addresses.map((token) => {
    const rows = found.flat().filter((row) => row.token === token);
    return { token, amount: sumOf(rows, ({ amount }) => amount), rows: rows.length };
  });
}
