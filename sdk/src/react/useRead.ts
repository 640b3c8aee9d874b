"use client";

import { type UseQueryParameters, type UseQueryReturnType, useQuery } from "wagmi/query";
import type { Client } from "../client.ts";
import { GRID, type GridParameters, useDeployment, useGridChainId, useGridClient } from "./grid.ts";

/** Options of TanStack Query for a read. */
export type ReadQuery<Data, Selected> = {
  readonly query?:
    | Omit<
        UseQueryParameters<Data, Error, Selected, readonly unknown[]>,
        "queryFn" | "queryHash" | "queryKey" | "queryKeyHashFn" | "throwOnError"
      >
    | undefined;
};

/** Parameters that may not be known yet. The hook waits for all of them. */
export type Pending<Parameters> = { readonly [K in keyof Parameters]: Parameters[K] | undefined };

/** A read's key: the same for equal parameters, bigints included. */
export function gridQueryKey(name: string, parameters: GridParameters & object): readonly unknown[] {
  const { config: _, query: __, ...values } = parameters as Record<string, unknown>;
  return [GRID, name, values];
}

/** An action without a transaction as a query. It waits until the wanted parameters are defined. */
export function useRead<Parameters extends object, Data, Selected>(
  name: string,
  action: (client: Client, parameters: Parameters) => Promise<Data>,
  wanted: readonly (keyof Parameters)[],
  options: GridParameters & ReadQuery<Data, Selected> & Pending<Parameters>,
): UseQueryReturnType<Selected, Error> {
  const { chainId: _, config, deployment: __, query, ...parameters } = options;
  const chainId = useGridChainId(options);
  const deployment = useDeployment(options, chainId);
  const { data: client, error } = useGridClient({ chainId, config, deployment });
  const isKnown = wanted.every((key) => options[key] !== undefined);
  const result = useQuery({
    ...query,
    enabled: client !== undefined && isKnown && (query?.enabled ?? true),
    queryKey: gridQueryKey(name, { chainId, deployment, ...parameters }),
    queryFn: async () => await action(client as Client, parameters as unknown as Parameters),
  } as UseQueryParameters<Data, Error, Selected, readonly unknown[]> & { queryKey: readonly unknown[] });
  // Without a client there is no read: its error is the reason.
  if (!error || result.data !== undefined) return result;
  return { ...result, error, isError: true, isPending: false, status: "error" } as typeof result;
}
