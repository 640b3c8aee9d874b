// The server of bench/meter.ts, in a process of its own, so that its CPU time is the server's alone.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Answer, type Call, createMeter, sqliteStore } from "@benefit-grid/meter";
import {
  createClient,
  type Deployment,
  encodeContexts,
  mintLicense,
  publishCapsule,
  registerMeter,
  verifyVoucher,
} from "@benefit-grid/sdk";
import type { VoucherVerifier } from "@benefit-grid/sdk/meter";
import { serve as listen, type ServerType } from "@hono/node-server";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { network } from "hardhat";
import { deployGrid } from "../scripts/lib/deployment.ts";
import { type Command, type Reply, UNITS_HEADER, type Variant } from "./meter-messages.ts";

const PREPAID = 1n << 47n;

const connection = await network.create();
const deployment = (await deployGrid(connection)) as Deployment;
const operator = (await connection.ethers.getSigners())[0] as HardhatEthersSigner;
const client = await createClient({ runner: operator, deployment });

type Running = { server: ServerType; stop: () => Promise<void>; cpu: NodeJS.CpuUsage };
let running: Running | undefined;
let offerId = 0n;
let maxUnits = 0n;

process.on("message", async (command: Command) => {
  process.send?.(await answer(command));
});
process.on("disconnect", () => process.exit());
process.send?.({ kind: "ready" } satisfies Reply);

async function answer(command: Command): Promise<Reply> {
  if (command.kind === "prepare") {
    maxUnits = BigInt(command.maxUnits);
    return { kind: "prepared", ...(await prepare(command.signers)) };
  }
  if (command.kind === "start") {
    running = await start(command.variant);
    return { kind: "started", port: portOf(running.server) };
  }
  if (command.kind === "memory") return { kind: "memory", bytes: memory() };
  return await stop(running as Running);
}

/** One license for each signer. */
async function prepare(signers: readonly string[]) {
  const { UsageLedger: ledger, TestUSD: currency } = client.addresses;
  const payee = operator.address as `0x${string}`;
  const { meterId } = await registerMeter(client, { payee, endpoint: "http://127.0.0.1" });
  const published = await publishCapsule(client, {
    kind: "model",
    contentHash: `0x${"11".repeat(32)}`,
    uri: "",
    shares: [{ role: "model", units: 1n, account: payee }],
    terms: {
      duration: 31_536_000n,
      revocationNotice: 86_400n,
      maxUnits: PREPAID,
      contexts: encodeContexts(["inference"]),
      transferable: true,
    },
    offer: { ledger, meterId, currency: currency as `0x${string}`, pricePerMillion: 0n },
  });
  offerId = published.offerId;
  const licenseIds: string[] = [];
  for (const to of signers) {
    const order = { offerId, to: to as `0x${string}`, units: PREPAID, maxPrice: 0n };
    licenseIds.push(String((await mintLicense(client, order)).licenseId));
  }
  return { licenseIds, chainId: String(client.chainId), ledger };
}

/** A call that nobody counts. */
const FREE: Call = {
  licenseId: 0n,
  offerId: 0n,
  contexts: 0n,
  maxUnits: 0n,
  use: () => {},
  keepOpen: () => {},
};

/** The same service in all variants. */
async function serving(request: Request, call: Call): Promise<Answer> {
  call.use(BigInt(request.headers.get(UNITS_HEADER) as string));
  const body = await request.text();
  return { body, headers: { "content-type": "text/plain; charset=UTF-8" } };
}

async function start(variant: Variant): Promise<Running> {
  const { fetch, close } = await variants[variant]();
  const server = await new Promise<ServerType>((resolve) => {
    const started = listen({ fetch, hostname: "127.0.0.1", port: 0 }, () => resolve(started));
  });
  globalThis.gc?.();
  const stop = async () => {
    await new Promise((resolve) => server.close(resolve));
    await close();
  };
  return { server, stop, cpu: process.cpuUsage() };
}

type App = { fetch: (request: Request) => Promise<Response>; close: () => Promise<void> };

const variants: Record<Variant, () => Promise<App>> = {
  metered: () => metered(),
  unmetered: async () => ({
    fetch: async (request) => {
      const { body, headers } = await serving(request, FREE);
      return new Response(body, { headers });
    },
    close: async () => {},
  }),
  ethers: () => {
    const verify: VoucherVerifier["verify"] = (voucher, signer) =>
      verifyVoucher(client, { ...voucher, signer });
    return metered({ implementation: "javascript", verify });
  },
};

async function metered(verifier?: VoucherVerifier): Promise<App> {
  const folder = mkdtempSync(join(tmpdir(), "bench-meter-"));
  const store = await sqliteStore(join(folder, "meter.db"));
  const meter = await createMeter({
    client,
    store,
    offers: [offerId],
    serve: serving,
    maxUnits,
    onError: console.error,
    onRefused: ({ reason, message }) => console.error(reason, message),
    ...(verifier && { verifier }),
  });
  const close = async () => {
    await meter.close();
    await store.close();
    rmSync(folder, { recursive: true });
  };
  return { fetch: meter.fetch, close };
}

async function stop({ stop, cpu }: Running): Promise<Reply> {
  const { user, system } = process.cpuUsage(cpu);
  await stop();
  return { kind: "stopped", cpuSeconds: (user + system) / 1e6 };
}

function memory(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function portOf(server: ServerType): number {
  return (server.address() as { port: number }).port;
}
