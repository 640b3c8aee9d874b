import { randomBytes } from "node:crypto";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { createMeter, encryptContent, fileStorage, serveContent, sqliteStore } from "@benefit-grid/meter";
import { encodeContexts, IRREVOCABLE, publishCapsule, registerMeter, settleOpen } from "@benefit-grid/sdk";
import { serve as listen, type ServerType } from "@hono/node-server";
import type { Party } from "./party.ts";

/** Bytes of one call. The meter serves two calls on credit. */
export const BYTES_PER_CALL = 262_144;
export const CONTEXTS = encodeContexts(["research"]);
/** 0.50 for a million bytes, with 6 decimals. */
const PRICE_PER_MILLION = 500_000n;
const FILE = "measurements.enc";

export type Provider = Awaited<ReturnType<typeof startProvider>>;

/** Encrypts and registers a dataset, offers it by the byte and serves it over HTTP. */
export async function startProvider(
  { client, address: payee }: Party,
  currency: `0x${string}`,
  dataset: Uint8Array,
) {
  const folder = mkdtempSync(join(tmpdir(), "dataset-exchange-"));
  const key = randomBytes(32);
  const sink = Writable.toWeb(createWriteStream(join(folder, FILE)));
  const { contentHash, size } = await encryptContent({ source: dataset, sink, key });

  const { meterId } = await registerMeter(client, { payee, endpoint: "http://127.0.0.1" });
  const { capsuleId, offerId } = await publishCapsule(client, {
    kind: "data",
    contentHash,
    uri: "https://data.example/measurements",
    terms: {
      duration: 30n * 86_400n,
      revocationNotice: IRREVOCABLE,
      maxUnits: 100_000_000n,
      contexts: CONTEXTS,
      transferable: false,
    },
    offer: { ledger: client.addresses.UsageLedger, meterId, currency, pricePerMillion: PRICE_PER_MILLION },
  });

  const content = { client, capsuleId, storage: fileStorage(folder), name: FILE, key };
  const store = await sqliteStore(join(folder, "meter.db"));
  const meter = await createMeter({
    client,
    store,
    offers: [offerId],
    maxUnits: BigInt(BYTES_PER_CALL),
    contexts: CONTEXTS,
    serve: await serveContent({ ...content, contentType: "text/csv" }),
  });
  const { server, url } = await start(meter.fetch);

  return {
    capsuleId,
    offerId,
    contentHash,
    size,
    url,
    /** Settles the license's newest voucher. Returns its bytes. */
    async settle(licenseId: bigint): Promise<{ used: bigint; settled: bigint }> {
      const account = await store.account(licenseId);
      if (!account?.voucher) throw new Error(`License ${licenseId} has no voucher.`);
      const batches = [{ offerId, vouchers: [account.voucher] }];
      const { totals } = await settleOpen(client, { meterId, batches });
      return { used: account.used, settled: totals[0]?.units ?? 0n };
    },
    async close(): Promise<void> {
      await meter.close();
      await store.close();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}

function start(fetch: (request: Request) => Promise<Response>): Promise<{ server: ServerType; url: string }> {
  return new Promise((resolve) => {
    const server = listen({ fetch, hostname: "127.0.0.1", port: 0 }, ({ port }: AddressInfo) =>
      resolve({ server, url: `http://127.0.0.1:${port}/measurements.csv` }),
    );
  });
}
