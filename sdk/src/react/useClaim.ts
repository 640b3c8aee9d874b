"use client";

import type { UseMutationResult } from "@tanstack/react-query";
import { type ClaimAllParameters, type ClaimAllReturnType, claimAll } from "../settlement/claimAll.ts";
import { useWrite, type WriteParameters } from "./useWrite.ts";

export type UseClaimParameters<Context = unknown> = WriteParameters<
  ClaimAllReturnType,
  ClaimAllParameters,
  Context
>;
export type UseClaimReturnType<Context = unknown> = UseMutationResult<
  ClaimAllReturnType,
  Error,
  ClaimAllParameters,
  Context
>;

/**
 * Claims earnings by the connected wallet. The beneficiaries receive. See `claimAll`.
 *
 * @example
 * ```ts
 * const { mutate, data, error, isPending } = useClaim();
 * const onClick = () => mutate({ account, tokens: [{ token, minAmount: 1n }] });
 * ```
 */
export function useClaim<Context = unknown>(
  parameters: UseClaimParameters<Context> = {},
): UseClaimReturnType<Context> {
  return useWrite("claim", claimAll, parameters);
}
