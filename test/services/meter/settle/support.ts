import {
  type CreateSettlerParameters,
  createProver,
  createSettler,
  type JobQueue,
  type ProveBatch,
  type SettleReport,
  type Store,
  sqliteStore,
} from "@benefit-grid/meter";
import { type Client, getEscrow, getUsage, signVoucher } from "@benefit-grid/sdk";
import type { AnyVoucher } from "@benefit-grid/sdk/meter";
import { HDNodeWallet } from "ethers";
import { ethers } from "../../../grid.ts";
import { privateGrid } from "../../../sdk/metering/support.ts";
import { provenBatch } from "../../../sdk/proven.ts";

/** The offer of each license. */
const OFFERS: Readonly<Record<number, bigint>> = { 1: 2n, 2: 2n, 3: 3n, 4: 1n };

const PHRASE = "test test test test test test test test test test test junk";

/** Settles whatever there is, and is sure at once. */
export const AT_ONCE = { maxAge: 0, confirmations: 1, leaseFor: 1, maxPrivateRows: 16, maxPrivateOffers: 4 };

/** Proofs of this test and others, kept by their statement. */
export const prove: ProveBatch = provenBatch;

/**
 * Offers 1 (open), 2 and 3 (private) of meter 1. License 4 is of offer 1, licenses 1 and 2 of offer 2, license 3 of
 * offer 3. The operator's wallet signs here.
 */
export async function settling(given?: Store) {
  const store = given ?? (await sqliteStore(":memory:"));
  const grid = await privateGrid();
  const wallet = HDNodeWallet.fromPhrase(PHRASE, undefined, "m/44'/60'/0'/0/2").connect(ethers.provider);
  const client = await grid.as(wallet);
  const user = await grid.as(grid.buyer);

  const open = (units: bigint, licenseId = 4n) => signVoucher(user, { licenseId, units, contexts: 1n });
  /** As a gateway does. */
  async function keep(voucher: AnyVoucher, offerId = OFFERS[Number(voucher.licenseId)] ?? 0n): Promise<void> {
    const { licenseId, units } = voucher;
    const { used } = await store.open({ licenseId, offerId, settled: { units: 0n, contexts: 0n } });
    await store.record([{ licenseId, units: units > used ? units - used : 0n, voucher }]);
  }
  /** The first vouchers of licenses 1 and 2: 100 and 50 units of the private offer 2. */
  async function keepPrivate(): Promise<void> {
    await keep(await grid.sign(1n, 100n));
    await keep(await grid.sign(2n, 50n));
  }
  const run = (options: Partial<CreateSettlerParameters> = {}) => startSettler(client, store, options);
  return { ...grid, wallet, client, store, user, open, keep, keepPrivate, run };
}

export type Settling = Awaited<ReturnType<typeof settling>>;

/**
 * A client of the operator whose node fails when `check` throws. It is called with each method's name. A function that it
 * returns is called after the method.
 */
export async function nodeWith(
  { as, wallet }: Settling,
  check: (method: string) => (() => void) | undefined,
): Promise<Client> {
  const provider = new Proxy(ethers.provider, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return async (...args: unknown[]) => {
        const after = name === "getNetwork" ? undefined : check(String(name));
        const result = await value.apply(target, args);
        after?.();
        return result;
      };
    },
  });
  return await as(wallet.connect(provider));
}

/** A settler whose rounds the test calls, and what it reported. `proveAll` does its queue's jobs. */
export async function startSettler(
  client: Client,
  store: Store,
  options: Partial<CreateSettlerParameters> = {},
) {
  const reports: SettleReport[] = [];
  const jobs = new Set<string>();
  const queue: JobQueue = {
    send: async (batchId) => void jobs.add(batchId),
    work: async () => undefined,
    close: async () => undefined,
  };
  const onReport = (report: SettleReport) => void reports.push(report);
  const settings = { ...AT_ONCE, offers: [1n, 2n, 3n], queue, onReport, ...options };
  const settler = await createSettler({ client, store, ...settings });
  const handler = createProver({ client, store, meterId: 1n, prove, onReport, ...options });
  async function proveAll(): Promise<void> {
    for (const batchId of jobs) await handler(batchId, new AbortController().signal);
    jobs.clear();
  }
  /** Rounds with proofs between them. */
  async function rounds(count: number): Promise<void> {
    for (let i = 0; i < count; i += 1) {
      await settler.round();
      await proveAll();
    }
  }
  const kinds = () => reports.map(({ kind }) => kind).filter((kind) => kind !== "proving");
  const errors = () => reports.flatMap((report) => (report.kind === "error" ? [report.error as Error] : []));
  const of = <K extends SettleReport["kind"]>(kind: K) =>
    reports.filter((report): report is Extract<SettleReport, { kind: K }> => report.kind === kind);
  return { ...settler, reports, jobs, proveAll, rounds, kinds, errors, of };
}

/** What an offer's escrow paid so far, base units: what it got for 1,000 units a license, and still has not. */
export async function paid({ client }: Settling, offerId: 1n | 2n | 3n): Promise<bigint> {
  const bought = { 1: 25_000n, 2: 50_000n, 3: 3_000n }[Number(offerId)] as bigint;
  return bought - (await getEscrow(client, { offerId })).balance;
}

export async function unitsOf(client: Client, licenseId: bigint) {
  return (await getUsage(client, { licenseId })).units;
}
export async function commitmentOf(client: Client, licenseId: bigint) {
  return (await getUsage(client, { licenseId })).commitment;
}
