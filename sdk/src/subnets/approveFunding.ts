import { type Approval, defineApproval } from "../core/approval.ts";
import type { Sent } from "../core/write.ts";

export type ApproveFundingParameters = Approval;
export type ApproveFundingReturnType = Sent;

/**
 * Lets the subnet hub take a token from the caller, for `fundSubnet`.
 *
 * @throws {@link InvalidParameterError} for a malformed address or amount
 * @throws {@link NotTokenError} for an address that is no token
 * @example
 * ```ts
 * await approveFunding(client, { token: currency, amount: 5_000_000n });
 * ```
 */
export const approveFunding = defineApproval("SubnetHub");
