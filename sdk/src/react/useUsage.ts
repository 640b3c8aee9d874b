"use client";

import type { UseQueryReturnType } from "wagmi/query";
import { type GetUsageParameters, type GetUsageReturnType, getUsage } from "../metering/getUsage.ts";
import type { GridParameters } from "./grid.ts";
import { type Pending, type ReadQuery, useRead } from "./useRead.ts";

export type UseUsageParameters<Selected = GetUsageReturnType> = Pending<GetUsageParameters> &
  GridParameters &
  ReadQuery<GetUsageReturnType, Selected>;
export type UseUsageReturnType<Selected = GetUsageReturnType> = UseQueryReturnType<Selected, Error>;

/**
 * The settled use of a license. Waits for the id. See `getUsage`.
 *
 * @example
 * ```ts
 * const { data: usage } = useUsage({ licenseId, query: { refetchInterval: 12_000 } });
 * ```
 */
export function useUsage<Selected = GetUsageReturnType>(
  parameters: UseUsageParameters<Selected>,
): UseUsageReturnType<Selected> {
  return useRead("usage", getUsage, ["licenseId"], parameters);
}
