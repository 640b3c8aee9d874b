"use client";

import type { UseQueryReturnType } from "wagmi/query";
import { type GetOfferParameters, type GetOfferReturnType, getOffer } from "../licenses/getOffer.ts";
import type { GridParameters } from "./grid.ts";
import { type Pending, type ReadQuery, useRead } from "./useRead.ts";

export type UseOfferParameters<Selected = GetOfferReturnType> = Pending<GetOfferParameters> &
  GridParameters &
  ReadQuery<GetOfferReturnType, Selected>;
export type UseOfferReturnType<Selected = GetOfferReturnType> = UseQueryReturnType<Selected, Error>;

/**
 * An offer. Waits for the id. See `getOffer`.
 *
 * @example
 * ```ts
 * const { data: price } = useOffer({ offerId, query: { select: (offer) => offer.pricePerMillion } });
 * ```
 */
export function useOffer<Selected = GetOfferReturnType>(
  parameters: UseOfferParameters<Selected>,
): UseOfferReturnType<Selected> {
  return useRead("offer", getOffer, ["offerId"], parameters);
}
