// A settler as a process of its own. It stops at one report and waits to be killed.
import { createSettler, createStoreQueue, type SettleReport, sqliteStore } from "@benefit-grid/meter";
import { createClient, type Deployment } from "@benefit-grid/sdk";
import { JsonRpcProvider, Wallet } from "ethers";
import { provenBatch } from "../../../sdk/proven.ts";

export type Settings = {
  readonly rpc: string;
  readonly file: string;
  readonly key: string;
  readonly contracts: Deployment["contracts"];
  /** The report to stop at. @default none */
  readonly stopAt: SettleReport["kind"] | undefined;
  readonly confirmations: number;
};

async function run(settings: Settings): Promise<void> {
  const { rpc, file, key, contracts, stopAt, confirmations } = settings;

  function onReport(report: SettleReport): void {
    const { kind } = report;
    process.stdout.write(`${kind === "error" ? `error ${report.error}` : kind}\n`);
    if (kind === stopAt) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  }

  const provider = new JsonRpcProvider(rpc, 31337, { cacheTimeout: -1 });
  const deployment = { chainId: 31337n, contracts, blockNumber: 0 };
  const client = await createClient({ runner: new Wallet(key, provider), deployment });
  const store = await sqliteStore(file);
  const queue = createStoreQueue({ store, interval: 5, visibility: 200, retryAfter: 5 });
  const prove = async (
    batch: Parameters<typeof provenBatch>[0],
    { onProgress }: { onProgress: (stage: "load", fraction: number) => void },
  ) => {
    onProgress("load", 0);
    return await provenBatch(batch);
  };
  const settler = await createSettler({
    ...{ client, store, queue, prove, onReport, confirmations },
    ...{
      offers: [1n, 2n, 3n],
      maxAge: 0,
      interval: 5,
      leaseFor: 200,
      maxPrivateRows: 16,
      maxPrivateOffers: 4,
    },
  });
  settler.start();
}

// Hardhat loads every file of this folder.
if (process.env.SETTINGS) await run(JSON.parse(process.env.SETTINGS));
