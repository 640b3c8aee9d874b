// The metered service: POST /ask with a voucher. Units are stored in a file before an answer leaves, and settled on the
// chain by itself.
import type { AddressInfo } from "node:net";
import { createMeter, createSettler, createStoreQueue, type Settler, sqliteStore } from "@benefit-grid/meter";
import type { Address, Client } from "@benefit-grid/sdk";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { answer } from "./answer.ts";
import { connect } from "./client.ts";
import { chainName } from "./memory.ts";
import { findOffer } from "./offer.ts";

export type Service = {
  readonly url: string;
  readonly offerId: bigint;
  readonly settler: Settler;
  readonly close: () => Promise<void>;
};

/** Serves calls. Port 0 takes any free port. `settler.start()` settles them. */
export async function startService(
  client: Client,
  account: Address,
  port: number,
  file: string,
): Promise<Service> {
  const offerId = await findOffer(client, account, `http://127.0.0.1:${port}/ask`);
  const store = await sqliteStore(file);
  const meter = await createMeter({
    client,
    store,
    offers: [offerId],
    maxUnits: 1_000n,
    serve: async (request, call) => {
      const { text, units } = answer(await request.text());
      call.use(units);
      return new Response(text);
    },
  });
  const queue = createStoreQueue({ store });
  const settler = await createSettler({
    client,
    store,
    offers: [offerId],
    queue,
    minUnits: 1n,
    confirmations: 1,
  });
  const app = new Hono()
    .get("/", (c) => c.json({ offerId: `${offerId}` }))
    .all("/ask", (c) => meter.fetch(c.req.raw));
  const server = serve({ fetch: app.fetch, port });
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    offerId,
    settler,
    close: async () => {
      server.close();
      await settler.close();
      await queue.close();
      await meter.close();
      await store.close();
    },
  };
}

if (import.meta.main) {
  const { client, account } = await connect("SERVICE_KEY", 0);
  const file = `meter-${await chainName(client)}.db`;
  const port = Number(process.env.PORT ?? 3_000);
  const { url, offerId, settler } = await startService(client, account, port, file);
  settler.start();
  console.log(`Serves offer ${offerId} at ${url}/ask.`);
}
