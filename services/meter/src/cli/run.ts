import { parseArgs } from "node:util";
import { encodeContexts } from "@benefit-grid/sdk";
import { serve as listen, type ServerType } from "@hono/node-server";
import pino, { type Logger } from "pino";
import { createMeter, type Meter } from "../createMeter.ts";
import { ConfigError, KeyMissingError } from "../errors.ts";
import { readOffers } from "../gateway/license.ts";
import type { Serve } from "../serve.ts";
import { createSettler } from "../settle/createSettler.ts";
import { formatStatus } from "../settle/formatStatus.ts";
import { createPgBossQueue } from "../settle/pgBossQueue.ts";
import type { JobQueue } from "../settle/queue.ts";
import { createReceipts } from "../settle/receipts.ts";
import { statusOf } from "../settle/status.ts";
import { createStoreQueue } from "../settle/storeQueue.ts";
import type { Store } from "../store/store.ts";
import { serveHttp } from "../wrap/http.ts";
import { serveOpenAi } from "../wrap/openai.ts";
import { type Config, isPostgres, readConfig, type ServiceConfig } from "./config.ts";
import { connect, openStore } from "./connect.ts";
import { logReports } from "./logReports.ts";
import { createMetrics } from "./metrics.ts";

const USAGE = `Usage: benefit-grid-meter [status] --config FILE

  (no command)     serves and settles, by the roles in FILE
  status           prints what is unsettled, why, and what it is worth
  --config FILE    the configuration, as JSON: see the package's README
  --help           prints this

The operator's key comes from METER_OPERATOR_KEY, or from \`keystore\` and METER_KEYSTORE_PASSWORD.`;

/** Runs the command. Returns the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { config: { type: "string" }, help: { type: "boolean", default: false } },
      allowPositionals: true,
    });
    const [command = "serve", ...others] = positionals;
    if (values.help) return print(USAGE);
    if (values.config === undefined || others.length > 0 || !["serve", "status"].includes(command)) {
      return fail(USAGE);
    }
    const config = readConfig(values.config);
    return command === "status" ? await status(config) : await serve(config);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    const isKnown =
      error instanceof ConfigError || error instanceof KeyMissingError || code.startsWith("ERR_PARSE_ARGS");
    return fail(isKnown ? (error as Error).message : `The meter could not start. ${error}`);
  }
}

function print(text: string): number {
  console.log(text);
  return 0;
}

function fail(text: string): number {
  console.error(text);
  return 1;
}

async function status(config: Config): Promise<number> {
  const client = await connect(config, false);
  const store = await openStore(config);
  try {
    return print(formatStatus(await statusOf({ client, store, offers: config.offers.map(BigInt) })));
  } finally {
    await store.close();
    client.provider.destroy();
  }
}

/** Serves until a signal. */
async function serve(config: Config): Promise<number> {
  const log = pino({ level: config.log });
  const store = await openStore(config);
  const stops: (() => Promise<void>)[] = [async () => await store.close()];
  try {
    await start(config, store, log, stops);
    const signal = await ended();
    log.info({ signal }, "shutting down");
    // What still runs after this time is cut off. Its units are not counted.
    setTimeout(() => process.exit(1), config.graceSeconds * 1_000).unref();
    return 0;
  } finally {
    for (const stop of stops.reverse()) await stop().catch((error) => log.error(error, "shutdown"));
  }
}

async function start(
  config: Config,
  store: Store,
  log: Logger,
  stops: (() => Promise<void>)[],
): Promise<void> {
  const isWorker = config.roles.includes("worker");
  const client = await connect(config, isWorker);
  stops.push(async () => client.provider.destroy());
  const offerIds = config.offers.map(BigInt);
  const offers = await readOffers(client, offerIds);
  const metrics = createMetrics(store, offers);
  const onError = (error: unknown) => {
    metrics.events.onError?.(error);
    log.error(error);
  };
  let meter: Meter | undefined;
  if (config.roles.includes("gateway")) {
    const { maxUnits, credit, contexts } = config;
    meter = await createMeter({
      ...metrics.events,
      onError,
      onRefused: (refused) => {
        metrics.events.onRefused?.(refused);
        log.debug(refused, "refused");
      },
      client,
      store,
      offers: offerIds,
      serve: serviceOf(config.service as ServiceConfig),
      maxUnits: BigInt(maxUnits),
      contexts: encodeContexts(contexts),
      ...(credit !== undefined && { credit: BigInt(credit) }),
    });
    const receipts = await createReceipts({ client, store, meterId: meter.meterId });
    const { fetch, close } = meter;
    stops.push(close);
    const answer = async (request: Request) => (await receipts(request)) ?? (await fetch(request));
    stops.push(await open({ fetch: answer, hostname: config.host, port: config.port }, log, "gateway"));
  }
  if (isWorker) {
    const queue = await queueOf(config, store, onError);
    const onReport = logReports(log, metrics.onReport);
    const settler = await createSettler({
      client,
      store,
      offers: offerIds,
      queue,
      onReport,
      ...rulesOf(config),
    });
    settler.start();
    stops.push(async () => {
      await settler.close();
      await queue.close();
    });
  }
  const health = async () => (meter ? await meter.health() : await storeHealth(store));
  const admin = (request: Request) => answerAdmin(request, health, metrics);
  stops.push(await open({ fetch: admin, hostname: config.adminHost, port: config.adminPort }, log, "admin"));
}

async function storeHealth(store: Store) {
  return await store.totals().then(
    () => ({ ok: true }),
    (error) => ({ ok: false, problem: `The store does not answer: ${error}` }),
  );
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

async function answerAdmin(request: Request, health: Health, metrics: ReturnType<typeof createMetrics>) {
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

function ended(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => resolve(signal));
  });
}
