import type { Explanations } from "./explanation.ts";

/** Errors of the usage ledger. */
export const METERING = {
  MeterAccountZero: ["A meter needs an operator and a payee.", "Pass both addresses."],
  MeterPayeeRouter: ["The payee is the settlement router.", "Pass an account that can withdraw."],
  CallerNotMeterOwner: ["The caller does not own the meter.", "Sign as its owner."],
  CallerNotMeterPendingOwner: [
    "Nobody offered the meter to the caller.",
    "Ask the owner to name you by `transferMeter`.",
  ],
  CallerNotMeterOperator: ["The caller does not operate the meter.", "Sign as its operator."],
  SettlementPaused: [
    "The guardian has paused settlement.",
    "Settle after the time `until`. Windows are extended by the pause.",
  ],
  OfferNotMetered: [
    "Another meter or ledger serves this offer.",
    "Settle at the offer's ledger, as the offer's meter.",
  ],
  OfferModeMismatch: [
    "The offer counts use in the other mode.",
    "Use `settleOpen` for open offers, and `settleBatch` for private ones.",
  ],
  BatchEmpty: ["The batch has no rows, or an offer in it has none.", "Leave that offer out."],
  BatchExceedsInstance: [
    "The circuit is too small for this batch.",
    "Split the batch, or choose a larger circuit.",
  ],
  BatchOffersUnordered: ["Offers are not in rising order.", "Sort by offer id, each offer once."],
  BatchLicensesUnordered: ["Licenses are not in rising order.", "Sort by license id, each license once."],
  VoucherMalformed: ["A row has bits where zeros belong.", "Encode rows by the SDK."],
  VoucherNotNewer: [
    "The voucher counts no more units than the chain does.",
    "Leave this license out, or settle a newer voucher.",
  ],
  VoucherExceedsPrepaid: [
    "The voucher counts more units than are prepaid.",
    "Serve no more than the prepaid units, or ask for a top-up first.",
  ],
  VoucherContextsDropped: [
    "The voucher omits a context that was settled before.",
    "Ask for a voucher with all contexts since the purchase.",
  ],
  VoucherContextsNotAllowed: [
    "The voucher has a context that the terms do not allow.",
    "Refuse such calls before you serve them.",
  ],
  VoucherSignatureInvalid: [
    "The license's signer did not sign this voucher.",
    "Check signer, chain, ledger and license id. The signer may have changed.",
  ],
  VoucherNotCommitment: [
    "The usage word is not a commitment.",
    "Use the word of a private voucher: `signPrivateVoucher` computes it.",
  ],
  ProvenCapExceedsPrepaid: [
    "The proven maximum of units is more than is prepaid.",
    "Prove with the present prepaid units.",
  ],
  InstanceNonexistent: [
    "The ledger has no circuit of this number.",
    "Read them in the package's `INSTANCES`.",
  ],
  InstanceOffersOutOfRange: ["A circuit takes too many offers.", "Deploy a circuit with at most 16 offers."],
  ProofInvalid: [
    "The proof does not show this statement.",
    "Build the batch again from the present state of the chain, with this deployment's keys.",
  ],
  LedgerNotAdmitted: [
    "The ledger is retired and takes no proofs.",
    "Settle by `settleRetired`, with openings.",
  ],
  LedgerNotRetired: ["The ledger is in service.", "Settle by `settleBatch`, with a proof."],
  OpeningInvalid: [
    "Units, contexts and salt do not open this commitment.",
    "Use the opening of the last settled voucher: `recoverOpening` finds it.",
  ],
  OpeningNeeded: ["The license's count is private.", "Close it by `closePrivateLicense`, with the opening."],
  ReleaseFailed: [
    "The router refused the payment of an offer, with this reason.",
    "Decode `reason`. Settle the other offers without this one.",
  ],
  CloseConsentExpired: [
    "The holder's consent has expired.",
    "Ask for a new signature with a later deadline.",
  ],
  CloseConsentInvalid: [
    "The holder did not sign this consent.",
    "Ask the license's present holder to sign by `signCloseConsent`.",
  ],
} as const satisfies Explanations;
