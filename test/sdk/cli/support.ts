import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runDao, runValidator } from "@benefit-grid/sdk/cli";
import { expect } from "chai";
import type { EthereumProvider } from "hardhat/types/providers";
import { connection } from "../../grid.ts";

type Request = { id: number; method: string; params: unknown[] };

/** Serves this process's chain over HTTP until `close`. It can report another chain id. */
export async function serve({ provider }: { provider: EthereumProvider } = connection, chainId?: string) {
  const answer = async ({ id, method, params }: Request) => {
    if (chainId && method === "eth_chainId") return { jsonrpc: "2.0", id, result: chainId };
    const reply = await provider.request({ method, params }).then(
      (result) => ({ result }),
      ({ code, message, data }) => ({ error: { code, message, data } }),
    );
    return { jsonrpc: "2.0", id, ...reply };
  };
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const asked: Request | Request[] = JSON.parse(body);
    const reply = Array.isArray(asked) ? await Promise.all(asked.map(answer)) : await answer(asked);
    response.end(JSON.stringify(reply));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const rpc = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { rpc, close };
}

/** A folder, deleted after a suite's tests. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "benefit-grid-"));
  after(() => rmSync(folder, { recursive: true }));
  return folder;
}

export function write(folder: string, name: string, content: string | object): string {
  const file = join(folder, name);
  const isText = typeof content === "string";
  const plain = (_: string, one: unknown) => (typeof one === "bigint" ? Number(one) : one);
  writeFileSync(file, isText ? content : JSON.stringify(content, plain));
  return file;
}

/** Runs a command in this process and returns what it prints. */
export async function run(...argv: string[]) {
  return await runBy(runDao, argv);
}

/** The same for a validator's command. */
export async function runOfValidator(...argv: string[]) {
  return await runBy(runValidator, argv);
}

async function runBy(command: typeof runDao, argv: readonly string[]) {
  const printed = { out: [] as string[], err: [] as string[] };
  const io = {
    out: (line: string) => printed.out.push(line),
    err: (line: string) => printed.err.push(line),
  };
  const status = await command(argv, { io });
  return { status, out: printed.out.join("\n"), err: printed.err.join("\n") };
}

/** Expects a command to fail with exit code 1, in one line without a stack. */
export async function expectRefusal(running: ReturnType<typeof run>, message: string | RegExp, area = "dao") {
  const { status, err, out } = await running;
  if (typeof message === "string") expect(err).to.equal(`benefit-grid ${area}: ${message}`);
  else expect(err).to.match(message);
  expect(status, out).to.equal(1);
}
