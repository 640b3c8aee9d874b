import type { Access } from "@benefit-grid/sdk";
import { USED_HEADER, type VoucherDue, voucherDueToMessage } from "@benefit-grid/sdk/http";
import type { Refusal as VoucherRefusal } from "@benefit-grid/sdk/meter";
import { problem } from "../problem.ts";
import type { Account } from "../store/store.ts";

/** Why a request was not served. */
export type RefusalReason =
  | VoucherRefusal
  | Exclude<Access, "Allowed" | "LicenseNonexistent" | "UserNotSigner" | "ContextNotAllowed">
  | "MessageMalformed"
  | "VoucherMissing"
  | "VoucherDue"
  | "ContextNotDeclared"
  | "OpeningUnknown"
  | "LicenseUnitsSpent"
  | "MethodNotAllowed"
  | "ReceiptUnknown"
  | "TooManyCalls"
  | "Busy"
  | "ChainUnreachable"
  | "StoreFailed"
  | "ServiceFailed"
  | "ShuttingDown";

/** A refused request: nothing was counted. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly reason: RefusalReason;
  readonly status: number;
  readonly due: VoucherDue | undefined;

  constructor(reason: RefusalReason, message: string, due?: VoucherDue) {
    super(message);
    this.reason = reason;
    this.status = STATUSES[reason] ?? 403;
    this.due = due;
  }
}

/** The account's voucher covers too little. */
export function voucherDue({ licenseId, used, voucher }: Account): Refusal {
  const due = { licenseId, used, ...(voucher && { voucher }) };
  return new Refusal("VoucherDue", `License ${licenseId} used ${used} units. Sign a voucher for them.`, due);
}

/** All others are 403: the request is understood and will not be served. */
const STATUSES: Partial<Record<RefusalReason, number>> = {
  MessageMalformed: 400,
  VoucherMissing: 401,
  VoucherSignatureInvalid: 401,
  VoucherOpeningInvalid: 401,
  VoucherDue: 402,
  ReceiptUnknown: 404,
  MethodNotAllowed: 405,
  TooManyCalls: 429,
  ServiceFailed: 500,
  Busy: 503,
  ChainUnreachable: 503,
  StoreFailed: 503,
  ShuttingDown: 503,
};

/** Seconds after which a client may try again. */
const RETRY_AFTER = "1";

/** The answer to a refused request: problem details (RFC 9457), or a `VoucherDue` with status 402. */
export function responseTo({ reason, status, message, due }: Refusal): Response {
  if (due) {
    return Response.json(voucherDueToMessage(due), {
      status,
      headers: { [USED_HEADER]: due.used.toString() },
    });
  }
  const headers = {
    ...((status === 429 || status === 503) && { "retry-after": RETRY_AFTER }),
    ...(status === 401 && { "www-authenticate": "Benefit-Grid-Voucher" }),
  };
  return problem(status, reason, message, headers);
}
