import { type Approval, defineApproval } from "../core/approval.ts";
import type { Sent } from "../core/write.ts";

export type ApprovePaymentParameters = Approval;
export type ApprovePaymentReturnType = Sent;

/**
 * Lets the router take payments from the caller, for actions without an `authorization`.
 *
 * @throws {@link InvalidParameterError} for a malformed address or amount
 * @throws {@link NotTokenError} for an address that is no token
 * @example
 * ```ts
 * await approvePayment(client, { token, amount: 25_000n });
 * ```
 */
export const approvePayment = defineApproval("SettlementRouter");
