import type { Client } from "@benefit-grid/sdk";
import { createLogReader } from "../logReader.ts";
import type { ChainClock } from "./chainClock.ts";

/** Blocks before the start: the node may be behind the newest that licenses were read at. */
const LOOKBACK = 12;

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
  const readTo = createLogReader(client, { address: client.addresses.LicenseNFT }, LOOKBACK);
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let look = Promise.resolve();

  async function update(): Promise<void> {
    const newest = await clock.update();
    const changed = new Set<bigint>();
    for await (const log of readTo(newest)) {
      const licenseId = licenseOf(contract.interface.parseLog(log)?.args.toObject() ?? {});
      if (licenseId === undefined || changed.has(licenseId)) continue;
      if (isStopped) return;
      await onChange(licenseId);
      changed.add(licenseId);
    }
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
