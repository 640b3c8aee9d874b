// Metering over loopback HTTP: a trace of LLM requests as fast as possible, each with a voucher that is checked and stored.
//   npm run bench:meter                      a table with the limits
//   npm run bench:meter -- --json            one object
//   npm run bench:meter -- --trace FILE.csv  columns TIMESTAMP,ContextTokens,GeneratedTokens, as in the Azure LLM inference traces
//   npm run bench:meter -- --memory 0        without the growth of memory, which takes a million requests
// Three servers take turns in one process: with the meter, without one, and with signatures checked by ethers. CPU time
// is the server's process's. Figures are medians of five runs. This is metering, not chain throughput.
import { type ChildProcess, fork } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { checksPerSecond, createCustomers, type Place, replay } from "./meter-customers.ts";
import type { Command, Reply, Variant } from "./meter-messages.ts";

const RUNS = 5;
/** Customers that send at the same time, with a license each. */
const CUSTOMERS = 64;
const MEGABYTE = 1_048_576;
const TRACE = "../shared/data/AzureLLMInferenceTrace_conv.csv";
const GENERATED = 19_366;

const LIMITS: Record<string, { least?: number; most?: number }> = {
  musPerCoreSecond: { least: 2_500_000 },
  ratioUnmetered: { least: 0.25 },
  ratioEthers: { least: 3 },
  signaturesPerCoreSecond: { least: 15_000 },
  openingsPerCoreSecond: { least: 6_000 },
  memoryGrowthMB: { most: 10 },
};

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    trace: { type: "string" },
    memory: { type: "string", default: "1000000" },
  },
});

const trace = readTrace(options.trace);
const units = trace.requests.reduce((sum, one) => sum + one, 0);
const server = startServer();
const customers = createCustomers(CUSTOMERS);
const maxUnits = String(trace.requests.reduce((most, one) => Math.max(most, one), 0));
await server.reply("ready");
const place: Place = await server.ask(
  { kind: "prepare", signers: customers.addresses, maxUnits },
  "prepared",
);

const seconds: Record<Variant, number[]> = { metered: [], unmetered: [], ethers: [] };
const requests = customers.requests(place, trace.requests);
for (let run = 0; run < RUNS; run++) {
  for (const variant of Object.keys(seconds) as Variant[]) {
    progress(`run ${run + 1} of ${RUNS}, ${variant}`);
    seconds[variant].push(await measure(variant));
  }
}
const growth = await memoryGrowth(Number(options.memory));
const { signatures, openings } = await checksPerSecond(place, customers, RUNS);
server.stop();

const metered = median(seconds.metered);
const figures: Record<string, number> = {
  musPerCoreSecond: Math.round(units / metered),
  requestsPerCoreSecond: Math.round(trace.requests.length / metered),
  ratioUnmetered: round(median(seconds.unmetered) / metered),
  ratioEthers: round(median(seconds.ethers) / metered),
  signaturesPerCoreSecond: median(signatures),
  openingsPerCoreSecond: median(openings),
  ...(growth !== undefined && { memoryGrowthMB: growth }),
};
if (options.json) console.log(JSON.stringify({ trace: trace.name, ...figures }, null, 2));
else printTable();

/** CPU-seconds of the server for the whole trace. */
async function measure(variant: Variant): Promise<number> {
  const { port } = await server.ask({ kind: "start", variant }, "started");
  await replay(port, requests);
  const { cpuSeconds } = await server.ask({ kind: "stop" }, "stopped");
  return cpuSeconds;
}

/** Growth of the server's heap from the first tenth of so many requests to their end, in megabytes. */
async function memoryGrowth(count: number): Promise<number | undefined> {
  if (count === 0) return undefined;
  const { port } = await server.ask({ kind: "start", variant: "metered" }, "started");
  const endless = customers.endless(place, trace.requests);
  await replay(port, endless.next(count / 10));
  const { bytes: before } = await server.ask({ kind: "memory" }, "memory");
  for (let part = 1; part < 10; part++) {
    progress(`memory, ${part * (count / 10)} of ${count} requests`);
    await replay(port, endless.next(count / 10));
  }
  const { bytes: after } = await server.ask({ kind: "memory" }, "memory");
  await server.ask({ kind: "stop" }, "stopped");
  return round((after - before) / MEGABYTE);
}

function readTrace(given: string | undefined): { name: string; requests: number[] } {
  const file = given ?? TRACE;
  if (!given && !existsSync(file)) return { name: "generated", requests: generated() };
  const [header, ...lines] = readFileSync(file, "utf8").trim().split(/\r?\n/);
  if (header !== "TIMESTAMP,ContextTokens,GeneratedTokens")
    throw new Error(`${file} is no trace: its first line is ${header}.`);
  const requests = lines.map((line) => {
    const [, context, answer] = line.split(",");
    return Number(context) + Number(answer);
  });
  return { name: file.split("/").at(-1) as string, requests };
}

/** Token counts of about the Azure trace's mean, by a fixed linear congruence. */
function generated(): number[] {
  let state = 1;
  return Array.from({ length: GENERATED }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return 1 + (state % 2_731);
  });
}

function startServer() {
  const child: ChildProcess = fork("bench/meter-server.ts", {
    execArgv: ["--expose-gc", "--disable-warning=ExperimentalWarning"],
  });
  const replies: Reply[] = [];
  let wake = () => {};
  child.on("message", (reply: Reply) => {
    replies.push(reply);
    wake();
  });
  child.on("exit", (code) => {
    if (code) throw new Error(`The server ended with code ${code}.`);
  });

  async function reply<K extends Reply["kind"]>(kind: K): Promise<Extract<Reply, { kind: K }>> {
    while (replies.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    const next = replies.shift() as Reply;
    if (next.kind !== kind) throw new Error(`Expected ${kind}, got ${next.kind}.`);
    return next as Extract<Reply, { kind: K }>;
  }
  const ask = async <K extends Reply["kind"]>(command: Command, kind: K) => {
    child.send(command);
    return await reply(kind);
  };
  return { reply, ask, stop: () => child.kill() };
}

function printTable(): void {
  console.log(`Trace: ${trace.name}, ${trace.requests.length} requests, ${units} metered units\n`);
  console.table(
    Object.fromEntries(
      Object.entries(figures).map(([name, value]) => {
        const { least, most } = LIMITS[name] ?? {};
        return [
          name,
          { value, limit: least !== undefined ? `>= ${least}` : most !== undefined ? `<= ${most}` : "" },
        ];
      }),
    ),
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

function progress(text: string): void {
  if (process.stderr.isTTY || !options.json) console.error(text);
}
