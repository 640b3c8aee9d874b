import { type Approval, defineApproval } from "../core/approval.ts";
import type { Sent } from "../core/write.ts";

export type ApproveContributionParameters = Approval;
export type ApproveContributionReturnType = Sent;

/**
 * Lets the sale take contributions from the caller.
 *
 * @throws {@link InvalidParameterError} for a malformed address or amount
 * @throws {@link NotTokenError} for an address that is no token
 * @example
 * ```ts
 * await approveContribution(client, { token: currency, amount: 5_000_000n });
 * ```
 */
export const approveContribution = defineApproval("CoinSale");
