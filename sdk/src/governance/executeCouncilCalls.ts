import { ZeroHash } from "ethers";
import type { Hex } from "../core/abi.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { findOperation, type OperationReference } from "./operations.ts";

export type ExecuteCouncilCallsParameters = OperationReference;
export type ExecuteCouncilCallsReturnType = Sent;

/**
 * Executes the council's proposed calls through the timelock after their delay, all or none. Anyone may call.
 *
 * @throws {@link OperationNotFoundError} if the council never proposed it
 * @throws {@link ContractRevertError} `TimelockUnexpectedOperationState` if it is too early, done or canceled,
 * `GuardianVotesStarted`, `GuardianTermOver`, and the reverts of the calls themselves
 * @example
 * ```ts
 * const [ready] = (await listCouncilCalls(client)).filter(({ state }) => state === "Ready");
 * if (ready) await executeCouncilCalls(client, ready);
 * ```
 */
export const executeCouncilCalls = defineWrite({
  contract: "GridTimelock",
  method: "executeBatch",
  args: async (reference: ExecuteCouncilCallsParameters, client) => {
    const { calls, salt } = await findOperation(client, reference);
    return [
      calls.map(({ target }) => target),
      calls.map(({ value }) => value),
      calls.map(({ data }) => data),
      ZeroHash as Hex, // Depends on no other operation.
      salt,
    ] as const;
  },
  result: () => ({}),
});
