"use client";

import type { UseQueryReturnType } from "wagmi/query";
import { type GetCapsuleParameters, type GetCapsuleReturnType, getCapsule } from "../capsules/getCapsule.ts";
import type { GridParameters } from "./grid.ts";
import { type Pending, type ReadQuery, useRead } from "./useRead.ts";

export type UseCapsuleParameters<Selected = GetCapsuleReturnType> = Pending<GetCapsuleParameters> &
  GridParameters &
  ReadQuery<GetCapsuleReturnType, Selected>;
export type UseCapsuleReturnType<Selected = GetCapsuleReturnType> = UseQueryReturnType<Selected, Error>;

/**
 * A capsule. Waits for the id. See `getCapsule`.
 *
 * @example
 * ```ts
 * const { data: capsule } = useCapsule({ capsuleId });
 * ```
 */
export function useCapsule<Selected = GetCapsuleReturnType>(
  parameters: UseCapsuleParameters<Selected>,
): UseCapsuleReturnType<Selected> {
  return useRead("capsule", getCapsule, ["capsuleId"], parameters);
}
