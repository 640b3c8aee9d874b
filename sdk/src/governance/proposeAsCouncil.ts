import { ZeroHash } from "ethers";
import type { Hex } from "../core/abi.ts";
import { checkHex } from "../core/check.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { type Call, checkCalls } from "./calls.ts";

export type ProposeAsCouncilParameters = {
  /** The timelock's calls, in this order, all or none. They send no ether. */
  readonly calls: readonly Omit<Call, "value">[];
  /** 32 bytes, to tell the same calls apart. @default zeros */
  readonly salt?: Hex;
};
export type ProposeAsCouncilReturnType = Sent & {
  /** The calls' id at the timelock. */
  readonly operationId: Hex;
  /** Last second for execution, since 1970. */
  readonly lapsesAt: bigint;
};

/**
 * Proposes calls as the guardian's council, to permitted functions only. Before votes start, or emergency calls alone
 * until the end of the council's term. After their delay at the timelock, anyone can execute them by
 * `executeCouncilCalls`.
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
