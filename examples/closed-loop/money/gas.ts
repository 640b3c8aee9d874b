import type { Sent } from "@benefit-grid/sdk";
import type { GasRow } from "../report/model.ts";

/** Adds up the gas of transactions by step. */
export type Gas = {
  /** Waits for a transaction and counts its gas. `count` is its number of licenses or payments. */
  readonly count: <T extends Sent>(step: string, transaction: Promise<T>, count?: number) => Promise<T>;
  readonly rows: () => GasRow[];
};

export function createGas(): Gas {
  const rows = new Map<string, { gas: bigint; count: number }>();
  return {
    count: async (step, transaction, count = 1) => {
      const sent = await transaction;
      const row = rows.get(step) ?? { gas: 0n, count: 0 };
      rows.set(step, { gas: row.gas + sent.receipt.gasUsed, count: row.count + count });
      return sent;
    },
    rows: () => [...rows].map(([step, row]) => ({ step, ...row })),
  };
}
