import type { Citation } from "../answers/retrieval.ts";

/**
 * `POST /ask`, JSON both ways, integers as decimal texts. Without a voucher for the answer the meter states its price
 * (402). The same request with the voucher gets the answer (200). Other requests are refused with a reason.
 */
export type AskRequest = {
  readonly licenseId: string;
  readonly contexts: string;
  readonly question: string;
  readonly voucher?: VoucherMessage;
};

/** A private voucher. The chain will see `usage` and `signature`; only the meter sees the rest. */
export type VoucherMessage = {
  readonly units: string;
  readonly salt: string;
  /** 32 bytes in hexadecimal: the commitment to license id, contexts, units and salt. */
  readonly usage: string;
  /** 65 bytes in hexadecimal, over license id and `usage`. */
  readonly signature: string;
};

/** 402: sign a voucher for `units` in total; `answerUnits` of them are for this answer. */
export type VoucherDue = { readonly units: string; readonly answerUnits: string };

/** 200. */
export type AskResponse = {
  readonly text: string;
  readonly citations: readonly Citation[];
  readonly answerUnits: string;
};

/** 400, 403, 404 or 413. */
export type Refusal = { readonly error: string };
