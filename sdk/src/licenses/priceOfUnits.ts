import { checkParameters, checkUint } from "../core/check.ts";

export type PriceOfUnitsParameters = {
  /** Number of metered units. */
  readonly units: bigint;
  /** Base units of the currency for 1,000,000 metered units. */
  readonly pricePerMillion: bigint;
};

const MILLION = 1_000_000n;

/**
 * The price of units for a buyer: base units of the offer's currency, rounded up.
 *
 * @throws {@link InvalidParameterError} for more than 64 bits of units or 96 bits of price
 * @example
 * ```ts
 * const { pricePerMillion } = await getOffer(client, { offerId });
 * const maxPrice = priceOfUnits({ units: 1_000n, pricePerMillion });
 * ```
 */
export function priceOfUnits(parameters: PriceOfUnitsParameters): bigint {
  const { units, pricePerMillion } = checkParameters(parameters);
  const millionths = checkUint("units", units, 64) * checkUint("pricePerMillion", pricePerMillion, 96);
  return (millionths + MILLION - 1n) / MILLION;
}
