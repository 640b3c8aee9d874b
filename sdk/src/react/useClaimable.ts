"use client";

import type { UseQueryReturnType } from "wagmi/query";
import { type ClaimableParameters, type ClaimableReturnType, claimable } from "../settlement/claimable.ts";
import type { GridParameters } from "./grid.ts";
import { type Pending, type ReadQuery, useRead } from "./useRead.ts";

export type UseClaimableParameters<Selected = ClaimableReturnType> = Pending<ClaimableParameters> &
  GridParameters &
  ReadQuery<ClaimableReturnType, Selected>;
export type UseClaimableReturnType<Selected = ClaimableReturnType> = UseQueryReturnType<Selected, Error>;

/**
 * What an account earned and did not claim yet, by token. Waits for account and tokens.
 *
 * @example
 * ```ts
 * const { data: earned } = useClaimable({ account, tokens: [token] });
 * ```
 */
export function useClaimable<Selected = ClaimableReturnType>(
  parameters: UseClaimableParameters<Selected>,
): UseClaimableReturnType<Selected> {
  return useRead("claimable", claimable, ["account", "tokens"], parameters);
}
