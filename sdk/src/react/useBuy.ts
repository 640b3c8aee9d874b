"use client";

import type { UseMutationResult } from "@tanstack/react-query";
import { type BuyParameters, type BuyReturnType, buy } from "../licenses/buy.ts";
import { useWrite, type WriteParameters } from "./useWrite.ts";

export type UseBuyParameters<Context = unknown> = WriteParameters<BuyReturnType, BuyParameters, Context>;
export type UseBuyReturnType<Context = unknown> = UseMutationResult<
  BuyReturnType,
  Error,
  BuyParameters,
  Context
>;

/**
 * Buys a license by the connected wallet, and approves the price first if needed.
 *
 * @example
 * ```ts
 * const { mutate, data, error, isPending } = useBuy();
 * const onClick = () => mutate({ offerId, units: 1_000n });
 * ```
 */
export function useBuy<Context = unknown>(
  parameters: UseBuyParameters<Context> = {},
): UseBuyReturnType<Context> {
  return useWrite("buy", buy, parameters);
}
