"use client";

import type { Config } from "wagmi";
import { useChainId, useClient, useConnectorClient } from "wagmi";
import { type UseQueryParameters, type UseQueryReturnType, useQuery } from "wagmi/query";
import { type Client, createClient } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import type { ViemClient } from "../core/viem.ts";
import type { Deployment } from "../deployment.ts";

/** Which grid a hook uses. */
export type GridParameters = {
  /** @default wagmi's current chain */
  readonly chainId?: number | undefined;
  /** @default the `WagmiProvider`'s */
  readonly config?: Config | undefined;
  /** The contracts' addresses. @default the package's deployment on the chain */
  readonly deployment?: Deployment<AddressInput> | undefined;
};

/** First part of all query keys. `queryClient.invalidateQueries({ queryKey: [GRID] })` reads everything again. */
export const GRID = "benefitGrid";

type ClientQuery = UseQueryParameters<Client, Error, Client, readonly unknown[]>;

export type UseGridClientParameters = GridParameters & {
  readonly query?: Pick<ClientQuery, "enabled" | "retry" | "retryDelay"> | undefined;
};
export type UseGridClientReturnType = UseQueryReturnType<Client, Error>;

/**
 * The client for actions without a hook. It signs by the connected wallet. Without a wallet on the chain it only reads.
 *
 * @example
 * ```ts
 * const { data: client, error, isPending } = useGridClient();
 * ```
 */
export function useGridClient(parameters: UseGridClientParameters = {}): UseGridClientReturnType {
  const { deployment, query } = parameters;
  const chainId = useGridChainId(parameters);
  const config = parameters.config && { config: parameters.config };
  const reader = useClient({ chainId, ...config });
  const { data: wallet } = useConnectorClient({ chainId, ...config });
  const viem = (wallet ?? reader) as (ViemClient & { readonly uid: string }) | undefined;
  return useQuery({
    ...query,
    enabled: viem !== undefined && (query?.enabled ?? true),
    queryKey: [GRID, "client", { chainId, uid: viem?.uid, deployment }],
    queryFn: async () =>
      await createClient({ runner: viem as ViemClient, ...(deployment && { deployment }) }),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    // A client is more than data.
    structuralSharing: false,
  } as ClientQuery & { queryKey: readonly unknown[] });
}

/** The chain of a hook. */
export function useGridChainId({ chainId, config }: GridParameters): number {
  const current = useChainId(config && { config });
  return chainId ?? current;
}
