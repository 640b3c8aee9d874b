import type { Address, AddressInput, EventArgs } from "../core/abi.ts";
import { checkAddress, checkObject, checkUint } from "../core/check.ts";

/** Neighboring earners of one shares version, in one token. Earner 0 is the platform, `i + 1` is share row `i`. */
export type ClaimRange = {
  readonly capsuleId: bigint;
  readonly sharesVersion: bigint;
  readonly token: AddressInput;
  readonly first: bigint;
  readonly count: bigint;
};

export function encodeClaim(name: string, range: ClaimRange) {
  const { capsuleId, sharesVersion, token, first, count } = checkObject(name, range);
  return {
    capsuleId: checkUint(`${name}.capsuleId`, capsuleId, 64),
    sharesVersion: checkUint(`${name}.sharesVersion`, sharesVersion, 32),
    token: checkAddress(`${name}.token`, token),
    first: checkUint(`${name}.first`, first, 16),
    count: checkUint(`${name}.count`, count, 16, 1n),
  };
}

/** One earner's amount in a shares version, in base units of a token. */
export type EarnerAmount = {
  readonly capsuleId: bigint;
  readonly sharesVersion: bigint;
  readonly token: Address;
  /** 0 is the platform, `i + 1` is share row `i`. */
  readonly earner: bigint;
  readonly amount: bigint;
};

/** The amounts of a `Claimed` event, without zeros. */
export function earnerAmounts({
  first,
  amounts,
  ...version
}: EventArgs<"SettlementRouter", "Claimed">): EarnerAmount[] {
  return amounts
    .map((amount, i) => ({ ...version, earner: first + BigInt(i), amount }))
    .filter(({ amount }) => amount !== 0n);
}

/** A range with a checked token. */
export type TokenRange = ClaimRange & { readonly token: Address };

/** Claims of these earners. Consecutive neighbors share a range. */
export function toRanges(earners: readonly Omit<EarnerAmount, "amount">[]): TokenRange[] {
  const ranges: TokenRange[] = [];
  for (const { capsuleId, sharesVersion, token, earner } of earners) {
    const last = ranges.at(-1);
    const isNeighbor =
      last?.capsuleId === capsuleId &&
      last.sharesVersion === sharesVersion &&
      last.token === token &&
      last.first + last.count === earner;
    if (last && isNeighbor) ranges[ranges.length - 1] = { ...last, count: last.count + 1n };
    else ranges.push({ capsuleId, sharesVersion, token, first: earner, count: 1n });
  }
  return ranges;
}
