"use client";

import { type UseMutationResult, useMutation, useQueryClient } from "@tanstack/react-query";
import type { UseMutationParameters } from "wagmi/query";
import type { Client } from "../client.ts";
import { GRID, type GridParameters, useGridClient } from "./grid.ts";

export type WriteParameters<Data, Variables, Context> = GridParameters & {
  /** Options of TanStack Query. */
  readonly mutation?: UseMutationParameters<Data, Error, Variables, Context> | undefined;
};

/** An action with a transaction as a mutation. After a success, everything shown of the grid is read again. */
export function useWrite<Data, Variables, Context>(
  name: string,
  action: (client: Client, variables: Variables) => Promise<Data>,
  { mutation, ...grid }: WriteParameters<Data, Variables, Context>,
): UseMutationResult<Data, Error, Variables, Context> {
  const { data: client, refetch } = useGridClient(grid);
  const queries = useQueryClient();
  return useMutation<Data, Error, Variables, Context>({
    ...(mutation as object),
    mutationKey: [GRID, name],
    mutationFn: async (variables) => {
      const connected = client ?? (await refetch({ throwOnError: true })).data;
      return await action(connected as Client, variables);
    },
    onSuccess: async (...results) => {
      const isRead = ({ queryKey }: { queryKey: readonly unknown[] }) =>
        queryKey[0] === GRID && queryKey[1] !== "client";
      await queries.invalidateQueries({ predicate: isRead });
      const after = mutation?.onSuccess as ((...given: typeof results) => unknown) | undefined;
      return await after?.(...results);
    },
  });
}
