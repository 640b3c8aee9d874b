import type { Hex } from "../core/abi.ts";
import { checkHex } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type CancelOperationParameters = {
  /** The calls' id at the timelock, 32 bytes. */
  readonly operationId: Hex;
};
export type CancelOperationReturnType = Sent;

/**
 * Cancels calls waiting at the timelock, the council's own or a proposal's. Only the guardian's council may call.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link ContractRevertError} `GuardianTermOver`, `GuardianCallerNotCouncil`, `TimelockUnexpectedOperationState`
 * @example
 * ```ts
 * const [newest] = await listCouncilCalls(client);
 * if (newest?.state === "Waiting") await cancelOperation(client, newest);
 * ```
 */
export const cancelOperation = defineWrite({
  contract: "Guardian",
  method: "cancel",
  args: ({ operationId }: CancelOperationParameters) => [checkHex("operationId", operationId, 32)],
  result: () => ({}),
});
