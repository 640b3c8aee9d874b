import type { Explanations } from "./explanation.ts";

/** Errors of payments, claims and escrow. */
export const SETTLEMENT = {
  PaymentZero: ["The payment is zero.", "Pay at least one base unit."],
  PaymentTokenNotContract: ["There is no token at this address.", "Check the address and the chain."],
  AuthorizationMalformed: [
    "The payment's authorization cannot be read.",
    "Use the bytes of `signPermit`, `signPaymentAuthorization` or `signPermit2` unchanged.",
  ],
  TransferAmountMismatch: [
    "The token moved another amount than asked, as with a fee on transfers.",
    "Use a token that transfers exact amounts.",
  ],
  CallerNotLicenses: [
    "Only the license contract may do this.",
    "Buy by `mintLicense`, `topUpLicense` or `renewLicense`.",
  ],
  CallerNotOfferLedger: ["Only the offer's usage ledger may release its escrow.", "Settle at the ledger."],
  EscrowInsufficientBalance: [
    "The escrow holds less than this release needs.",
    "Report it: a sound ledger never releases more than was paid.",
  ],
  EscrowOfferForSale: ["The offer is still for sale.", "Retire it first."],
  EscrowNothingToSweep: [
    "The escrow holds only what open licenses may still use or get back.",
    "Try again after more licenses are closed.",
  ],
  ApplicationShareTooHigh: [
    "The applications' part of the platform's share is too high.",
    "Lower it to `maximum` basis points.",
  ],
  SectorShareTooHigh: [
    "The sector's part of the platform's share is too high.",
    "Lower it to `maximum` basis points.",
  ],
  SectorShareAccountInvalid: [
    "Nobody can get the sector's part from this account.",
    "Name an account that is neither zero nor the router.",
  ],
  LicensesAlreadySet: ["The license contract was set before.", "Nothing is left to do: it is final."],
  LicensesZero: ["The address of the license contract is zero.", "Pass the deployed LicenseNFT."],
} as const satisfies Explanations;
