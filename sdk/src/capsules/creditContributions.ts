import type { AddressInput, Hex } from "../core/abi.ts";
import { checkAddress, checkHex, checkNotEmpty, checkUint } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

/** An accepted contribution. */
export type Contribution = {
  readonly member: AddressInput;
  /** Weight of the contribution, above 0. */
  readonly units: bigint;
  /** Hash of what was contributed and why it was accepted. */
  readonly evidenceHash: Hex;
};

export type CreditContributionsParameters = {
  readonly pool: AddressInput;
  readonly contributions: readonly Contribution[];
  /** Tokens in which the new units earn at once. In others they earn after the member's next withdrawal. */
  readonly currencies: readonly AddressInput[];
};
export type CreditContributionsReturnType = Sent;

/**
 * Credits accepted contributions with units. They share only revenue that arrives later. Claim the pool's revenue at
 * the router before: what is not yet claimed has not arrived.
 *
 * @throws {@link InvalidParameterError} for an empty list or a malformed contribution
 * @throws {@link ContractRevertError} `CallerNotCurator`, `MemberNotConsenting`, `CurrencyNotContract`
 * @example
 * ```ts
 * const contributions = [{ member: collector, units: 3n, evidenceHash: contentHash }];
 * await creditContributions(client, { pool, contributions, currencies: [currency] });
 * ```
 */
export const creditContributions = defineWrite({
  contract: "ContributionPool",
  method: "credit",
  target: ({ pool }: CreditContributionsParameters) => checkAddress("pool", pool),
  args: ({ contributions, currencies }: CreditContributionsParameters) => [
    checkNotEmpty("contributions", contributions).map((each, i) => encode(`contributions[${i}]`, each)),
    currencies.map((currency, i) => checkAddress(`currencies[${i}]`, currency)),
  ],
  result: () => ({}),
});

function encode(name: string, { member, units, evidenceHash }: Contribution) {
  return {
    member: checkAddress(`${name}.member`, member),
    units: checkUint(`${name}.units`, units, 64, 1n),
    evidenceHash: checkHex(`${name}.evidenceHash`, evidenceHash, 32),
  };
}
