import type { Address } from "../core/abi.ts";
import { checkHex, checkUint } from "../core/check.ts";
import { type EventReader, one } from "../core/events.ts";
import { chooseWrite, defineWrite, type Sent } from "../core/write.ts";
import { checkOpening, type Opening } from "../shared/opening.ts";
import type { Proof } from "../shared/proof.ts";
import type { CloseConsent } from "./signCloseConsent.ts";
import { warnOfDevelopmentKeys } from "./warnOfDevelopmentKeys.ts";

export type ClosePrivateLicenseParameters = { readonly licenseId: bigint } & (
  | {
      /** Opening of the usage word. Publishes the license's lifetime use. */
      readonly opening: Opening;
    }
  | {
      /** Metered units to count as used. */
      readonly maxUnits: bigint;
      /** The proof from `proveRange`, from 0 to `maxUnits`. */
      readonly proof: Proof;
      /** The holder's consent if another account sends, see `signCloseConsent`. */
      readonly consent?: CloseConsent;
    }
);
export type ClosePrivateLicenseReturnType = Sent & {
  readonly holder: Address;
  /** Metered units counted as used. */
  readonly used: bigint;
  /** Base units for the holder to withdraw. */
  readonly refund: bigint;
};

/**
 * Burns a private license after its settlement window. The holder can withdraw the unused part of its price. Anyone
 * may show the opening. A proof of a bound needs the holder or its consent.
 *
 * @throws {@link InvalidParameterError} for numbers out of range
 * @throws {@link ContractRevertError} `LicenseWindowOpen`, `LicenseLapsedAlready`, `LicenseUsedExceedsPrepaid`,
 * `ERC721NonexistentToken`; `OpeningInvalid` with an opening; `OfferModeMismatch`, `CloseConsentExpired`,
 * `CloseConsentInvalid`, `LedgerNotAdmitted`, `ProofInvalid` with a bound
 * @example
 * ```ts
 * const opening = await recoverOpening(client, { licenseId, secret, vouchers: [privateVoucher] });
 * if (opening) await closePrivateLicense(client, { licenseId, opening });
 * ```
 */
export const closePrivateLicense = chooseWrite((parameters: ClosePrivateLicenseParameters) =>
  "opening" in parameters ? closeOpened : closeWithin,
);

type Opened = Extract<ClosePrivateLicenseParameters, { opening: Opening }>;
type Within = Extract<ClosePrivateLicenseParameters, { proof: Proof }>;

const closeOpened = defineWrite({
  contract: "UsageLedger",
  method: "closeOpened",
  args: (parameters: ClosePrivateLicenseParameters) => {
    const { licenseId, opening } = parameters as Opened;
    return [checkUint("licenseId", licenseId, 64), checkOpening("opening", opening)];
  },
  result: resultOf,
});

/** The holder itself needs no consent. For another account the ledger refuses this one. */
const NONE: CloseConsent = { deadline: 2n ** 256n - 1n, signature: "0x" };

const closeWithin = defineWrite({
  contract: "UsageLedger",
  method: "closeWithin",
  args: async (parameters: ClosePrivateLicenseParameters, client) => {
    await warnOfDevelopmentKeys(client);
    const { licenseId, maxUnits, proof, consent = NONE } = parameters as Within;
    return [
      checkUint("licenseId", licenseId, 64),
      checkUint("maxUnits", maxUnits, 64),
      proof,
      checkUint("consent.deadline", consent.deadline, 256),
      checkHex("consent.signature", consent.signature),
    ];
  },
  result: resultOf,
});

function resultOf(events: EventReader) {
  const { holder, used, refund } = one(events("LicenseNFT", "LicenseClosed"));
  return { holder, used, refund };
}
