import { type Approval, defineApproval, PERMIT2 } from "../core/approval.ts";
import type { Sent } from "../core/write.ts";

export type ApprovePermit2Parameters = Approval;
export type ApprovePermit2ReturnType = Sent;

/**
 * Lets Permit2 take a token from the caller, for payments by `signPermit2`. Each payment needs a signature.
 *
 * @throws {@link InvalidParameterError} for a malformed address or amount
 * @throws {@link NotTokenError} for an address that is no token
 * @example
 * ```ts
 * await approvePermit2(client, { token, amount: 25_000n });
 * ```
 */
export const approvePermit2 = defineApproval({ address: PERMIT2 });
