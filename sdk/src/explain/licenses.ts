import type { Explanations } from "./explanation.ts";

/** Errors of terms, offers and licenses. */
export const LICENSES = {
  TermsDurationZero: ["The terms last no time.", "Pass a duration in seconds."],
  TermsMaxUnitsZero: ["The terms allow no units.", "Pass at least 1 as `maxUnits`."],
  TermsContextsEmpty: ["The terms allow no context.", "Allow at least one context of use."],
  TermsContextsUndefined: [
    "The terms name contexts that are not defined.",
    "Read the defined ones by `getContexts`. Governance adds others.",
  ],
  TermsDerivativesNotPermitted: [
    "The terms ask for a share of derivatives, but do not permit any.",
    "Set `derivatives` to true, or the share to 0.",
  ],
  TermsDerivativeShareTooHigh: [
    "The share of derivatives is too high.",
    "Lower it to `maximum` basis points.",
  ],
  TermsNonexistent: ["These terms are not registered.", "Register them first by `registerTerms`."],
  OfferCallerNotCapsuleOwner: [
    "The caller does not own the offer's capsule.",
    "Sign as the capsule's owner.",
  ],
  OfferLedgerNotAdmitted: [
    "The usage ledger is not admitted to new offers.",
    "Use the deployment's UsageLedger, or one that governance admitted.",
  ],
  OfferMeterNonexistent: ["The ledger has no such meter.", "Register a meter first by `registerMeter`."],
  OfferCurrencyNotContract: [
    "There is no token at the currency's address.",
    "Check the address and the chain.",
  ],
  OfferNonexistent: ["There is no offer with this id.", "Check the id and the chain."],
  OfferAlreadyRetired: ["The offer was retired before.", "Nothing is left to do."],
  OfferNotForSale: [
    "The offer is retired, or its ledger is.",
    "Choose another offer. Licenses bought before stay valid.",
  ],
  ContextsTooMany: ["All codes of contexts are taken.", "Use a defined context. No more than `maximum` fit."],
  ContextNameInvalid: [
    "The context's name is empty, too long, or has forbidden characters.",
    "Use lower-case letters, digits and hyphens.",
  ],
  ContextAlreadyDefined: ["A context of this name exists.", "Use that one, or choose another name."],
  ContextUndefined: ["No context has this code.", "Read the defined ones by `getContexts`."],
  LedgerNotContract: ["There is no contract at the ledger's address.", "Check the address and the chain."],
  LedgerStatusInvalid: [
    "The ledger is in the wrong status for this step.",
    "Admit a ledger once, and retire only an admitted one.",
  ],
  LicenseUnitsZero: ["The purchase has no units.", "Buy at least one unit."],
  LicenseRecipientsEmpty: ["Nobody would receive a license.", "Name at least one recipient."],
  LicenseNotSubscribed: [
    "The license has no subscription.",
    "Subscribe first. Canceling again changes nothing.",
  ],
  LicenseUnitsExceedTerms: [
    "More units than the terms allow in one term.",
    "Buy at most `maxUnits` in all, or renew for another term.",
  ],
  LicenseUnitsOverflow: ["The license cannot count this many units.", "Buy another license."],
  LicenseRenewalEarly: [
    "Less than half of the current term is over.",
    "Renew from the time `renewableFrom`, or top up now.",
  ],
  LicensePriceExceedsMaximum: [
    "The price is above your maximum.",
    "Read the price again by `priceOfUnits`. Pay it only if you agree.",
  ],
  LicenseNotTransferable: [
    "The terms forbid transfers and rentals.",
    "Ask for a license of the new holder's own.",
  ],
  LicenseEnded: ["The license has ended, or is closing.", "Buy another license."],
  LicenseOfferMismatch: ["The license is of another offer.", "Group each license under its own offer."],
  LicenseWindowOver: [
    "The time to settle or extend this license is over.",
    "Settle earlier next time. The holder can take the refund.",
  ],
  LicenseWindowOpen: ["The meter may still settle the use of this license.", "Close it after `windowEnd`."],
  LicenseUsedExceedsPrepaid: [
    "The used units are more than the prepaid ones.",
    "Check the opening or the count.",
  ],
  LicenseNotLapsed: [
    "The license has not lapsed.",
    "Wait until after `lapsesAfter`, or let its holder close it.",
  ],
  LicenseLapsedAlready: [
    "The license has lapsed: the time for a refund is over.",
    "Anyone can call `lapseLicense`. The units become revenue.",
  ],
  LicenseSignerZero: ["The signer is the zero address.", "Pass the address of the key that signs vouchers."],
  LicenseRentalOver: ["The rental would end in the past.", "Pass a later end."],
  LicenseIrrevocable: ["The terms exclude revocation.", "Let the license end."],
  LicenseDerivativesNotPermitted: [
    "The license does not permit derivatives.",
    "Buy a license of an offer that does.",
  ],
  LicensePayerNotHolder: [
    "Another account than the holder pays, where the holder must.",
    "Sign as the holder. Strangers may only add units that cost something.",
  ],
  CallerNotLicenseHolder: ["The caller does not hold the license.", "Sign as its holder."],
  CallerNotLicenseUser: [
    "The license is rented to another account.",
    "Sign as the renter, or wait for the end.",
  ],
  CallerNotLicensor: ["The caller does not own the licensed capsule.", "Sign as the capsule's owner."],
  CallerNotLicenseLedger: [
    "Only the offer's usage ledger may do this.",
    "Call the ledger: it calls the license contract.",
  ],
} as const satisfies Explanations;
