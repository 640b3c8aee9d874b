import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { artifacts } from "hardhat";

export const ANVIL = "@foundry-rs/anvil@1.7.1";
/** The first account of Anvil and of Hardhat's node. */
export const KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

export type TestNode = {
  readonly rpc: string;
  request<T = unknown>(method: string, ...params: unknown[]): Promise<T>;
  stop(): void;
};

/** Starts Anvil with a chain id. */
export async function startAnvil(chainId: number, ...options: string[]): Promise<TestNode> {
  const start = (port: number) =>
    spawn(
      "npx",
      ["-y", "-p", ANVIL, "anvil", "--silent", "--port", `${port}`, "--chain-id", `${chainId}`, ...options],
      {
        detached: true,
        stdio: "ignore",
      },
    );
  return await started(start, `npx -y -p ${ANVIL} anvil`);
}

/** Starts Hardhat's node with a chain id. */
export async function startHardhat(chainId: number): Promise<TestNode> {
  const start = (port: number) =>
    spawn("hardhat", ["node", "--port", `${port}`, "--chain-id", `${chainId}`], {
      detached: true,
      stdio: "ignore",
    });
  return await started(start, "hardhat node");
}

async function started(start: (port: number) => ChildProcess, command: string): Promise<TestNode> {
  const port = await freePort();
  const rpc = `http://127.0.0.1:${port}`;
  const child = start(port);
  const stop = () => {
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  };
  const request = async <T>(method: string, ...params: unknown[]): Promise<T> => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const response = await fetch(rpc, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    const { result, error } = (await response.json()) as { result: T; error?: { message: string } };
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  };
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null) break;
    const isUp = await request("eth_chainId").then(
      () => true,
      () => false,
    );
    if (isUp) return { rpc, request, stop };
    await sleep(100);
  }
  stop();
  throw new Error(`"${command}" does not start: it needs a network or npm's cache the first time.`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Puts a token where a genesis expects Circle's. */
export async function placeToken({ request }: TestNode, address: string): Promise<void> {
  const { deployedBytecode } = await artifacts.readArtifact("TestUSD");
  await request("hardhat_setCode", address, deployedBytecode);
}

const JOURNALS = "ignition/deployments";

/** The folders of Ignition's journals for a node's chain. */
export async function journalsOf({ request }: TestNode): Promise<string[]> {
  const chainId = BigInt(await request<string>("eth_chainId"));
  const { hash } = await request<{ hash: string }>("eth_getBlockByNumber", "0x0", false);
  const names = existsSync(JOURNALS) ? readdirSync(JOURNALS) : [];
  const prefix = `chain-${chainId}-${hash.slice(2, 10)}-`;
  return names.filter((name) => name.startsWith(prefix)).map((name) => `${JOURNALS}/${name}`);
}

/** Ends a node, and removes the journals of its chain. */
export async function discard(node: TestNode): Promise<void> {
  for (const journal of await journalsOf(node)) rmSync(journal, { recursive: true });
  node.stop();
}

/** Runs a script of the repository to its end. */
export async function runScript(
  script: string,
  options: readonly string[],
  { env = {}, node = [] }: { env?: Record<string, string>; node?: readonly string[] } = {},
) {
  const child = spawn(process.execPath, [...node, `scripts/${script}.ts`, ...options], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => {
    printed.out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    printed.err += text;
  });
  const [status, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.on("close", (code, by) => resolve([code, by])),
  );
  return { ...printed, status, signal };
}
