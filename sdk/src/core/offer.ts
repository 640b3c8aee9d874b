import { ZeroAddress } from "ethers";
import type { Address, AddressInput, Inputs } from "./abi.ts";
import { checkAddress, checkUint } from "./check.ts";

/** What a new offer says besides capsule and terms. */
export type OfferTerms = {
  /** Where use is counted and settled, for ever. */
  readonly ledger: AddressInput;
  /** Who counts it, by its id at that ledger. */
  readonly meterId: bigint;
  /** ERC-20 token of the price. */
  readonly currency: AddressInput;
  /** Base units of the currency for one metered unit; 0 means free. */
  readonly unitPrice: bigint;
  /** Number of the sector that the use belongs to; 0 unless given. */
  readonly sector?: bigint;
  /** Account that earns a fraction of the platform's part. */
  readonly application?: AddressInput;
};

export function encodeOffer(offer: OfferTerms): Inputs<"TermsRegistry", "createOffer">[2] {
  const { ledger, meterId, currency, unitPrice, sector = 0n, application = ZeroAddress as Address } = offer;
  return {
    ledger: checkAddress("ledger", ledger),
    meterId: checkUint("meterId", meterId, 32, 1n),
    currency: checkAddress("currency", currency),
    unitPrice: checkUint("unitPrice", unitPrice, 96),
    sector: checkUint("sector", sector, 16),
    application: checkAddress("application", application),
  };
}
