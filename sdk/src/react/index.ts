"use client";

export {
  GRID,
  type GridParameters,
  GridProvider,
  type UseGridClientParameters,
  type UseGridClientReturnType,
  useGridClient,
} from "./grid.ts";
export * from "./useBuy.ts";
export * from "./useCapsule.ts";
export * from "./useClaim.ts";
export * from "./useClaimable.ts";
export * from "./useLicense.ts";
export * from "./useOffer.ts";
export { gridQueryKey } from "./useRead.ts";
export * from "./useUsage.ts";
