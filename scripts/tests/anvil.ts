import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import type { EdrNetworkConfig } from "hardhat/types/config";
import type { HardhatPlugin } from "hardhat/types/plugins";
import type { JsonRpcRequest, JsonRpcResponse, SuccessfulJsonRpcResponse } from "hardhat/types/providers";

type Chain = { url: string; process: ChildProcess; isAutomining: boolean };

/** Of a transaction, by EIP-7825. */
const MOST_GAS = 2 ** 24;

const chains = new WeakMap<object, Chain>();
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const anvil of running) anvil.kill("SIGKILL");
});

/**
 * A Hardhat plugin: each connection to a chain in this process goes to an anvil of its own instead, the command of
 * `ANVIL`. Everything else of a connection stays as it is.
 */
export const anvil: HardhatPlugin = {
  id: "anvil",
  hookHandlers: {
    network: async () => ({
      default: async () => ({
        async newConnection(context, next) {
          const connection = await next(context);
          const { networkConfig } = connection;
          if (networkConfig.type === "edr-simulated") chains.set(connection, await start(networkConfig));
          return connection;
        },
        async onRequest(context, connection, request, next) {
          const chain = chains.get(connection);
          return chain ? await answer(chain, request) : await next(context, connection, request);
        },
        async closeConnection(context, connection, next) {
          const chain = chains.get(connection);
          chains.delete(connection);
          if (chain) stop(chain);
          await next(context, connection);
        },
      }),
    }),
  },
};

async function start({ chainId, hardfork }: EdrNetworkConfig): Promise<Chain> {
  const options = ["--port", "0", "--chain-id", `${chainId}`, "--hardfork", hardfork, "--accounts", "20"];
  const anvil = spawn(process.env.ANVIL ?? "anvil", options, { stdio: ["ignore", "pipe", "inherit"] });
  running.add(anvil);
  anvil.unref();
  const port = await new Promise<string>((resolve, reject) => {
    let output = "";
    anvil.on("error", reject);
    anvil.on("exit", (code) => reject(new Error(`anvil ended with ${code}:\n${output}`)));
    anvil.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
      const found = /Listening on 127\.0\.0\.1:(\d+)/.exec(output);
      if (found?.[1]) resolve(found[1]);
    });
  });
  (anvil.stdout as unknown as { unref(): void }).unref();
  return { url: `http://127.0.0.1:${port}`, process: anvil, isAutomining: true };
}

function stop({ process: anvil }: Chain): void {
  running.delete(anvil);
  anvil.kill("SIGKILL");
}

async function answer(chain: Chain, request: JsonRpcRequest): Promise<JsonRpcResponse> {
  const { method } = request;
  const params = Array.isArray(request.params) ? request.params : [];
  // Hardhat's chain does not have it. Tests add it where they need it.
  if (method === "eth_simulateV1")
    return { jsonrpc: "2.0", id: request.id, error: { code: -32601, message: `no ${method}` } };
  if (method === "eth_estimateGas") return await estimate(chain, request, params[0]);
  if (method === "eth_sendTransaction" && params[0].gas === undefined) {
    if (chain.isAutomining) await advance(chain);
    const estimated = await estimate(chain, request, params[0]);
    if ("error" in estimated) return estimated;
    const gas = enough(Number(estimated.result));
    return await answer(chain, { ...request, params: [{ ...params[0], gas }] });
  }
  if (chain.isAutomining && /^eth_send(Raw)?Transaction$/.test(method)) {
    await advance(chain);
    const response = await send(chain, request);
    return "error" in response ? response : await outcome(chain, response);
  }
  const response = await send(chain, request);
  if (method === "evm_setAutomine" && !("error" in response)) chain.isAutomining = params[0] === true;
  return response;
}

/** In the next block, as Hardhat does. */
async function estimate(chain: Chain, request: JsonRpcRequest, transaction: unknown) {
  return await send(chain, { ...request, method: "eth_estimateGas", params: [transaction, "pending"] });
}

/** Twice the estimate: with exactly that, a call that may fail inside can run out of gas. */
function enough(estimated: number): string {
  return `0x${Math.min(2 * estimated, MOST_GAS).toString(16)}`;
}

/** Ethereum's blocks have increasing times, those of anvil can be equal. */
async function advance(chain: Chain): Promise<void> {
  const timeOf = async (block: string) => {
    const { timestamp } = (await ask(chain, "eth_getBlockByNumber", [block, false])) as { timestamp: string };
    return Number(timestamp);
  };
  const [latest, pending] = await Promise.all([timeOf("latest"), timeOf("pending")]);
  if (pending <= latest) await ask(chain, "evm_setNextBlockTimestamp", [latest + 1]);
}

/** As Hardhat, which answers once the transaction is mined, with an error if it failed. */
async function outcome(chain: Chain, response: SuccessfulJsonRpcResponse): Promise<JsonRpcResponse> {
  const hash = response.result;
  let receipt = await receiptOf(chain, hash);
  for (let isWaiting = true; !receipt && isWaiting; ) {
    await setTimeout(1);
    isWaiting = await isMining(chain);
    receipt = await receiptOf(chain, hash);
  }
  if (!receipt || Number(receipt.status) === 1) return response;
  const options = { disableStorage: true, disableStack: true };
  const trace = (await ask(chain, "debug_traceTransaction", [hash, options])) as { returnValue: string };
  const data = `0x${trace.returnValue.replace(/^0x/, "")}`;
  const { jsonrpc, id } = response;
  return { jsonrpc, id, error: { code: 3, message: "execution reverted", data } };
}

async function receiptOf(chain: Chain, hash: unknown): Promise<{ status: string } | null> {
  return (await ask(chain, "eth_getTransactionReceipt", [hash])) as { status: string } | null;
}

/** A transaction whose nonce is too high waits for others. */
async function isMining(chain: Chain): Promise<boolean> {
  const { pending } = (await ask(chain, "txpool_status", [])) as { pending: string };
  return Number(pending) > 0;
}

async function ask(chain: Chain, method: string, params: unknown[]): Promise<unknown> {
  const response = await send(chain, { jsonrpc: "2.0", id: 1, method, params });
  if ("error" in response) throw new Error(`${method}: ${response.error.message}`);
  return response.result;
}

async function send({ url }: Chain, request: JsonRpcRequest): Promise<JsonRpcResponse> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  return (await response.json()) as JsonRpcResponse;
}
