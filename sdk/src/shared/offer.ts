import { ZeroAddress } from "ethers";
import type { AddressInput, Inputs } from "../core/abi.ts";
import { checkAddress, checkObject, checkOneOf, checkUint } from "../core/check.ts";

/** The ledger stores counts (open) or commitments to them (private). The chain numbers modes in this order. */
export const MODES = ["open", "private"] as const;
export type Mode = (typeof MODES)[number];

/** An offer's settings besides capsule and terms. */
export type OfferTerms = {
  /** The ledger that counts and settles use, permanently. */
  readonly ledger: AddressInput;
  /** The meter's id at that ledger. */
  readonly meterId: bigint;
  /** ERC-20 token of the price. */
  readonly currency: AddressInput;
  /** Base units of the currency for 1,000,000 metered units. 0 means free. */
  readonly pricePerMillion: bigint;
  /** Number of the use's sector. @default 0 */
  readonly sector?: bigint;
  /** Account of the application. It earns a fraction of the platform's part. */
  readonly application?: AddressInput;
  /** "private" hides each license's use: the chain has commitments and each offer's total. @default "open" */
  readonly mode?: Mode;
};

export function encodeOffer(offer: OfferTerms): Inputs<"TermsRegistry", "createOffer">[2] {
  const {
    ledger,
    meterId,
    currency,
    pricePerMillion,
    sector = 0n,
    application = ZeroAddress,
    mode = "open",
  } = checkObject("offer", offer);
  return {
    ledger: checkAddress("ledger", ledger),
    meterId: checkUint("meterId", meterId, 32, 1n),
    currency: checkAddress("currency", currency),
    pricePerMillion: checkUint("pricePerMillion", pricePerMillion, 96),
    sector: checkUint("sector", sector, 16),
    application: checkAddress("application", application),
    mode: checkOneOf("mode", mode, MODES),
  };
}
