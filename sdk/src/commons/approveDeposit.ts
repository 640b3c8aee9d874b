import { type Approval, defineApproval } from "../core/approval.ts";
import type { Sent } from "../core/write.ts";

export type ApproveDepositParameters = Approval;
export type ApproveDepositReturnType = Sent;

/**
 * Lets the Commons take deposits from the caller.
 *
 * @throws {@link InvalidParameterError} for a malformed address or amount
 * @throws {@link NotTokenError} for an address that is no token
 * @example
 * ```ts
 * await approveDeposit(client, { token, amount: 5_000_000n });
 * ```
 */
export const approveDeposit = defineApproval("Commons");
