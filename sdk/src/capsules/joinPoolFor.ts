import type { AddressInput } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { encodeConsent, type PoolConsent } from "./poolConsent.ts";

export type JoinPoolForParameters = {
  readonly pool: AddressInput;
  /** From `signJoin`. */
  readonly consent: PoolConsent;
};
export type JoinPoolForReturnType = Sent;

/**
 * Submits a member's consent from `signJoin`. Anyone may call and pays the gas.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter
 * @throws {@link ContractRevertError} `ConsentExpired`, `ConsentSignatureInvalid` (also for a consent that counted already),
 * `MemberAlreadyJoined`
 * @example
 * ```ts
 * const consent = await signJoin(client, { pool, policyHash, deadline });
 * await joinPoolFor(relayerClient, { pool, consent });
 * ```
 */
export const joinPoolFor = defineWrite({
  contract: "ContributionPool",
  method: "joinFor",
  target: ({ pool }: JoinPoolForParameters) => checkAddress("pool", pool),
  args: ({ consent }: JoinPoolForParameters) => encodeConsent(consent),
  result: () => ({}),
});
