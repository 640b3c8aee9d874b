import type { AddressInput } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { encodeConsent, type PoolConsent } from "./poolConsent.ts";

export type LeavePoolForParameters = {
  readonly pool: AddressInput;
  /** From `signLeave`. */
  readonly consent: PoolConsent;
};
export type LeavePoolForReturnType = Sent;

/**
 * Submits a member's revocation from `signLeave`. Anyone may call and pays the gas.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter
 * @throws {@link ContractRevertError} `ConsentExpired`, `ConsentSignatureInvalid` (also for a revocation that counted
 * already), `MemberNotConsenting`
 * @example
 * ```ts
 * const consent = await signLeave(client, { pool, deadline });
 * await leavePoolFor(relayerClient, { pool, consent });
 * ```
 */
export const leavePoolFor = defineWrite({
  contract: "ContributionPool",
  method: "quitFor",
  target: ({ pool }: LeavePoolForParameters) => checkAddress("pool", pool),
  args: ({ consent }: LeavePoolForParameters) => encodeConsent(consent),
  result: () => ({}),
});
