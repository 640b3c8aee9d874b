import { addressOf, type Client, requireSigner } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { explained } from "../core/failure.ts";
import { getOffer } from "../licenses/getOffer.ts";
import { type MintLicenseReturnType, mintLicense } from "../licenses/mintLicense.ts";
import { priceOfUnits } from "../licenses/priceOfUnits.ts";
import { approvePayment } from "../settlement/approvePayment.ts";
import { tokenAt } from "../settlement/token.ts";

export type BuyParameters = {
  readonly offerId: bigint;
  /** Metered units to prepay, above 0. */
  readonly units: bigint;
  /** Receives the license. @default the client's account */
  readonly to?: AddressInput;
  /** Account key to sign vouchers. @default the holder */
  readonly signer?: AddressInput;
};
export type BuyReturnType = MintLicenseReturnType;

/** Buys a license at the offer's price. Approves the router first if the allowance is too low. */
export async function buy(
  client: Client,
  { offerId, units, to, signer }: BuyParameters,
): Promise<BuyReturnType> {
  const account = await requireSigner(client).getAddress();
  const { currency, pricePerMillion } = await getOffer(client, { offerId });
  const maxPrice = priceOfUnits({ units, pricePerMillion });
  const router = addressOf(client, "SettlementRouter");
  const allowed = await explained(tokenAt(client, currency).allowance(account, router));
  if (allowed < maxPrice) await approvePayment(client, { token: currency, amount: maxPrice });
  const order = { offerId, units, maxPrice, to: to ?? account };
  return await mintLicense(client, signer === undefined ? order : { ...order, signer });
}
