import { type Client, checkCall } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { readAt } from "../core/read.ts";

export type GetMemberParameters = {
  readonly pool: AddressInput;
  readonly member: AddressInput;
  /** Tokens of the returned earnings. */
  readonly currencies: readonly AddressInput[];
};
export type GetMemberReturnType = {
  /** When the member consented, seconds since 1970. Undefined without present consent. */
  readonly consentedAt: bigint | undefined;
  /** Credited units. They stay after the member left. */
  readonly units: bigint;
  /** What `withdrawContribution` would pay, base units, in the order of `currencies`. 0 if a token is not open. */
  readonly withdrawable: readonly bigint[];
};

/**
 * A member's consent, units and earnings.
 *
 * @throws {@link InvalidParameterError} for a malformed address
 * @example
 * ```ts
 * const { units, withdrawable } = await getMember(client, { pool, member: collector, currencies: [currency] });
 * ```
 */
export async function getMember(
  client: Client,
  parameters: GetMemberParameters,
): Promise<GetMemberReturnType> {
  const { pool, member, currencies } = checkCall(client, parameters);
  const address = checkAddress("pool", pool);
  const account = checkAddress("member", member);
  const tokens = currencies.map((currency, i) => checkAddress(`currencies[${i}]`, currency));
  const [{ consentedAt, units }, withdrawable] = await Promise.all([
    readAt(client, "ContributionPool", address, "memberOf", [account]),
    Promise.all(
      tokens.map((token) => readAt(client, "ContributionPool", address, "withdrawable", [account, token])),
    ),
  ]);
  return { consentedAt: consentedAt === 0n ? undefined : consentedAt, units, withdrawable };
}
