import { type Client, encodeContexts } from "@benefit-grid/sdk";
import { serve as listen, type ServerType } from "@hono/node-server";
import type { Logger } from "pino";
import { createMeter, type Meter } from "../createMeter.ts";
import { readOffers } from "../gateway/license.ts";
import type { Serve } from "../serve.ts";
import { createSettler } from "../settle/createSettler.ts";
import { createPgBossQueue } from "../settle/pgBossQueue.ts";
import type { JobQueue } from "../settle/queue.ts";
import { createReceipts } from "../settle/receipts.ts";
import { createStoreQueue } from "../settle/storeQueue.ts";
import { storeHealth } from "../store/health.ts";
import type { Store } from "../store/store.ts";
import { serveHttp } from "../wrap/http.ts";
import { serveOpenAi } from "../wrap/openai.ts";
import { type Config, isPostgres, type ServiceConfig } from "./config.ts";
import { connect } from "./connect.ts";
import { logReports } from "./logReports.ts";
import { createMetrics, type Metrics } from "./metrics.ts";

/** What the roles share. */
type Running = {
  readonly config: Config;
  readonly client: Client;
  readonly store: Store;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly onError: (error: unknown) => void;
  /** Undoes the start, in reverse. */
  readonly stops: (() => Promise<void>)[];
};

/** Starts the configured roles, and the server for metrics and health. Adds what ends them to `stops`. */
export async function start(
  config: Config,
  store: Store,
  log: Logger,
  stops: (() => Promise<void>)[],
): Promise<void> {
  const isWorker = config.roles.includes("worker");
  const client = await connect(config, isWorker);
  stops.push(async () => client.provider.destroy());
  const metrics = createMetrics(store, await readOffers(client, config.offers.map(BigInt)));
  const onError = (error: unknown) => {
    metrics.events.onError?.(error);
    log.error(error);
  };
  const running = { config, client, store, log, metrics, onError, stops };
  const meter = config.roles.includes("gateway") ? await startGateway(running) : undefined;
  if (isWorker) await startWorker(running);
  const health = meter ? meter.health : () => storeHealth(store);
  const admin = (request: Request) => answerAdmin(request, health, metrics);
  stops.push(await open({ fetch: admin, hostname: config.adminHost, port: config.adminPort }, log, "admin"));
}

async function startGateway({
  config,
  client,
  store,
  log,
  metrics,
  onError,
  stops,
}: Running): Promise<Meter> {
  const { maxUnits, credit, contexts } = config;
  const meter = await createMeter({
    ...metrics.events,
    onError,
    onRefused: (refused) => {
      metrics.events.onRefused?.(refused);
      log.debug(refused, "refused");
    },
    client,
    store,
    offers: config.offers.map(BigInt),
    serve: serviceOf(config.service as ServiceConfig),
    maxUnits: BigInt(maxUnits),
    contexts: encodeContexts(contexts),
    ...(credit !== undefined && { credit: BigInt(credit) }),
  });
  const receipts = await createReceipts({ client, store, meterId: meter.meterId });
  stops.push(meter.close);
  const fetch = async (request: Request) => (await receipts(request)) ?? (await meter.fetch(request));
  stops.push(await open({ fetch, hostname: config.host, port: config.port }, log, "gateway"));
  return meter;
}

async function startWorker({ config, client, store, log, metrics, onError, stops }: Running): Promise<void> {
  const queue = await queueOf(config, store, onError);
  stops.push(queue.close);
  const onReport = logReports(log, metrics.onReport);
  const offers = config.offers.map(BigInt);
  const settler = await createSettler({ client, store, offers, queue, onReport, ...rulesOf(config) });
  stops.push(settler.close);
  settler.start();
}

function serviceOf(service: ServiceConfig): Serve {
  if (service.type === "http") return serveHttp(service);
  const apiKey = process.env.METER_UPSTREAM_KEY;
  return serveOpenAi({ ...service, ...(apiKey !== undefined && { apiKey }) });
}

async function queueOf(
  { store: place }: Config,
  store: Store,
  onError: (error: unknown) => void,
): Promise<JobQueue> {
  if (isPostgres(place)) return await createPgBossQueue({ connectionString: place, onError });
  return createStoreQueue({ store, onError });
}

function rulesOf({ settle: { maxAgeSeconds, minUnits, maxFeePerGas, ...others } }: Config) {
  return {
    ...others,
    ...(maxAgeSeconds !== undefined && { maxAge: maxAgeSeconds * 1_000 }),
    ...(minUnits !== undefined && { minUnits: BigInt(minUnits) }),
    ...(maxFeePerGas !== undefined && { maxFeePerGas: BigInt(maxFeePerGas) }),
  };
}

type Health = Meter["health"];

async function answerAdmin(request: Request, health: Health, metrics: Metrics) {
  const { pathname } = new URL(request.url);
  if (pathname === "/health") {
    const state = await health();
    return Response.json(state, { status: state.ok ? 200 : 503 });
  }
  if (pathname === "/metrics") {
    return new Response(await metrics.text(), { headers: { "content-type": metrics.contentType } });
  }
  return Response.json({ error: "There are GET /health and GET /metrics." }, { status: 404 });
}

type Listen = Parameters<typeof listen>[0];

async function open(options: Listen, log: Logger, name: string): Promise<() => Promise<void>> {
  const server = await new Promise<ServerType>((resolve, reject) => {
    const opened = listen(options, ({ address, port }) => {
      log.info({ address, port }, `${name} listens`);
      resolve(opened);
    });
    opened.on("error", reject);
  });
  return () => new Promise((resolve) => server.close(() => resolve()));
}
