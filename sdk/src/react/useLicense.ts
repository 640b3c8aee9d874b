"use client";

import type { UseQueryReturnType } from "wagmi/query";
import { type GetLicenseParameters, type GetLicenseReturnType, getLicense } from "../licenses/getLicense.ts";
import type { GridParameters } from "./grid.ts";
import { type Pending, type ReadQuery, useRead } from "./useRead.ts";

export type UseLicenseParameters<Selected = GetLicenseReturnType> = Pending<GetLicenseParameters> &
  GridParameters &
  ReadQuery<GetLicenseReturnType, Selected>;
export type UseLicenseReturnType<Selected = GetLicenseReturnType> = UseQueryReturnType<Selected, Error>;

/**
 * A license. Waits for the id. See `getLicense`.
 *
 * @example
 * ```ts
 * const { data: license, error } = useLicense({ licenseId });
 * ```
 */
export function useLicense<Selected = GetLicenseReturnType>(
  parameters: UseLicenseParameters<Selected>,
): UseLicenseReturnType<Selected> {
  return useRead("license", getLicense, ["licenseId"], parameters);
}
