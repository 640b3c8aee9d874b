import type { Client } from "@benefit-grid/sdk";
import type { ChainClock } from "./chainClock.ts";

/** Blocks that are read again: a node may have been behind, or a block replaced. */
const OVERLAP = 12;
/** Most blocks in one request. */
const RANGE = 1_000;

export type WatchParameters = {
  readonly client: Client;
  readonly clock: ChainClock;
  /** Pause between two looks at the chain, milliseconds. */
  readonly interval: number;
  /** Called for each license that changed, or may have. */
  readonly onChange: (licenseId: bigint) => Promise<void>;
  readonly onError: (error: unknown) => void;
};

/** Follows the licenses' events. A failure is reported, and the next look continues there. */
export function watchLicenses({ client, clock, interval, onChange, onError }: WatchParameters) {
  const { LicenseNFT: contract } = client.contracts;
  let next: number | undefined;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let look = Promise.resolve();

  async function update(): Promise<void> {
    const newest = await clock.update();
    let from = Math.max(0, (next ?? newest + 1) - OVERLAP);
    const changed = new Set<bigint>();
    while (from <= newest && !isStopped) {
      const to = Math.min(from + RANGE - 1, newest);
      const filter = { address: client.addresses.LicenseNFT, fromBlock: from, toBlock: to };
      for (const log of await client.provider.getLogs(filter)) {
        const licenseId = licenseOf(contract.interface.parseLog(log)?.args.toObject() ?? {});
        if (licenseId !== undefined) changed.add(licenseId);
      }
      from = to + 1;
    }
    for (const licenseId of changed) await onChange(licenseId);
    next = newest + 1;
  }

  function schedule(): void {
    if (isStopped) return;
    timer = setTimeout(() => {
      look = update().catch(onError).then(schedule);
    }, interval);
    timer.unref();
  }

  schedule();
  return {
    /** Looks at once, besides the regular looks. */
    update,
    stop: async (): Promise<void> => {
      isStopped = true;
      clearTimeout(timer);
      await look;
    },
  };
}

function licenseOf({ licenseId, tokenId }: Record<string, unknown>): bigint | undefined {
  const id = licenseId ?? tokenId;
  return typeof id === "bigint" ? id : undefined;
}
