import { parseArgs } from "node:util";
import pino from "pino";
import { ConfigError, KeyMissingError } from "../errors.ts";
import { formatStatus } from "../settle/formatStatus.ts";
import { statusOf } from "../settle/status.ts";
import { type Config, readConfig } from "./config.ts";
import { connect, openStore } from "./connect.ts";
import { start } from "./start.ts";

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

function ended(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => resolve(signal));
  });
}
