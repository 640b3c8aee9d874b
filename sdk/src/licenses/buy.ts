import { addressOf, type Client, checkCall, requireSigner } from "../client.ts";
import type { Address, AddressInput } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { type PaymentMethod, sendFunded } from "../core/funding.ts";
import { read } from "../core/read.ts";
import { InvalidParameterError, OfferNotForSaleError } from "../errors.ts";
import { type MintLicenseReturnType, mintLicense } from "./mintLicense.ts";
import { priceOfUnits } from "./priceOfUnits.ts";

export type BuyParameters = {
  readonly offerId: bigint;
  /** Metered units to prepay, above 0. */
  readonly units: bigint;
  /** Receives the license. @default the client's account */
  readonly to?: AddressInput;
  /** Account key to sign vouchers. Needed if the holder is a contract. @default the holder */
  readonly signer?: AddressInput;
  /** How to pay. @default the method that asks least of the user */
  readonly method?: PaymentMethod;
};
export type BuyReturnType = MintLicenseReturnType & {
  /** How the price was paid. */
  readonly method: PaymentMethod;
};

/**
 * Buys a license from a wallet. Reads the price, and pays by what token and wallet offer: an allowance, a batch of
 * approval and purchase (EIP-5792), a signature (ERC-3009, ERC-2612, Permit2), or an approval first. `mintLicense`
 * and the actions for approvals and signatures are the pieces.
 *
 * @throws {@link InvalidParameterError} for an invalid parameter, more units than the terms allow, or a contract that
 * would sign vouchers
 * @throws {@link OfferNotForSaleError} {@link InsufficientBalanceError} {@link NotTokenError} before anything is signed
 * @throws {@link UserRejectedError} {@link BatchFailedError} from the wallet
 * @throws {@link ContractRevertError} `OfferNonexistent`, and as `mintLicense`
 * @example
 * ```ts
 * const { licenseId, price, method } = await buy(client, { offerId, units: 1_000n });
 * ```
 */
export async function buy(client: Client, parameters: BuyParameters): Promise<BuyReturnType> {
  const { offerId, units, to, signer, method } = checkCall(client, parameters);
  checkUint("units", units, 64, 1n);
  const account = (await requireSigner(client).getAddress()) as Address;
  const { currency, pricePerMillion } = await offerFor(client, checkUint("offerId", offerId, 64), units);
  const maxPrice = priceOfUnits({ units, pricePerMillion });
  const order = { offerId, units, maxPrice, to: to ?? account, ...(signer !== undefined && { signer }) };
  const spender = addressOf(client, "SettlementRouter");
  const cost = { token: currency, amount: maxPrice, spender, takesAuthorization: true };
  return await sendFunded(client, mintLicense, order, cost, method);
}

/** An offer that sells this many units now. */
async function offerFor(client: Client, offerId: bigint, units: bigint) {
  const offer = await read(client, "TermsRegistry", "offerOf", [offerId]);
  const [isForSale, { maxUnits }] = await Promise.all([
    read(client, "TermsRegistry", "isForSale", [offerId]),
    read(client, "TermsRegistry", "conditionsOf", [offer.termsId]),
  ]);
  if (!isForSale) throw new OfferNotForSaleError(offerId);
  if (units <= maxUnits) return offer;
  const problem = `is ${units}, but the terms allow ${maxUnits} in a term`;
  throw new InvalidParameterError("units", problem, `Pass at most ${maxUnits}`);
}
