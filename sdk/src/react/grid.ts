"use client";

import { createContext, createElement, type ReactElement, type ReactNode, useContext } from "react";
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
  /** The contracts' addresses. @default the `GridProvider`'s on this chain, or else the package's */
  readonly deployment?: Deployment<AddressInput> | undefined;
};

const DeploymentContext = createContext<Deployment<AddressInput> | undefined>(undefined);

/**
 * Gives the hooks below it the contracts' addresses on a chain that the package does not know, such as a test chain. On
 * other chains they keep the package's.
 *
 * @example
 * ```ts
 * const page = createElement(GridProvider, { deployment }, children);
 * ```
 */
export function GridProvider({
  deployment,
  children,
}: {
  readonly deployment: Deployment<AddressInput> | undefined;
  readonly children?: ReactNode;
}): ReactElement {
  return createElement(DeploymentContext.Provider, { value: deployment }, children);
}

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
  const { query } = parameters;
  const chainId = useGridChainId(parameters);
  const deployment = useDeployment(parameters, chainId);
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

/** The deployment of a hook. */
export function useDeployment(
  { deployment }: GridParameters,
  chainId: number,
): Deployment<AddressInput> | undefined {
  const given = useContext(DeploymentContext);
  return deployment ?? (Number(given?.chainId) === chainId ? given : undefined);
}
