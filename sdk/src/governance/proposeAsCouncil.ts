import { ZeroHash } from "ethers";
import type { Hex } from "../core/abi.ts";
import { checkHex } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { type Call, checkCalls } from "./calls.ts";

export type ProposeAsCouncilParameters = {
  /** What the timelock is to do, in this order, all or nothing. They carry no ether. */
  readonly calls: readonly Omit<Call, "value">[];
  /** Tells the same calls apart, 32 bytes; zeros unless given. */
  readonly salt?: Hex;
};
export type ProposeAsCouncilReturnType = Sent & {
  /** What the timelock knows them by. */
  readonly operationId: Hex;
  /** Last second in which they can be executed, since 1970. */
  readonly lapsesAt: bigint;
};

/**
 * Proposes calls as the guardian's council, which may do so until votes start, and only of permitted functions. They
 * wait at the timelock, and then anyone executes them: `executeCouncilCalls`.
 *
 * @throws {@link InvalidParameterError} for no calls or a malformed one
 * @throws {@link ContractRevertError} `GuardianTermOver`, `GuardianCallerNotCouncil`, `GuardianVotesStarted`,
 * `GuardianCallNotPermitted`, `TimelockUnexpectedOperationState` if the same calls wait with the same salt
 * @example
 * ```ts
 * const call = callToAdmitLedger(client, { ledger });
 * const { operationId } = await proposeAsCouncil(client, { calls: [call] });
 * ```
 */
export const proposeAsCouncil = defineWrite({
  contract: "Guardian",
  method: "propose",
  args: ({ calls, salt = ZeroHash as Hex }: ProposeAsCouncilParameters) => [
    checkCalls(calls).map(({ target, data }) => ({ target, data })),
    checkHex("salt", salt, 32),
  ],
  result: (events) => one(events("Guardian", "CallsProposed")),
});
