import { readFileSync } from "node:fs";
import { JsonRpcProvider, type Network, type Provider, type Signer } from "ethers";
import { type Client, createClient } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import type { Deployment } from "../deployment.ts";
import { CommandError } from "./errors.ts";
import { required, text, type Values } from "./options.ts";
import { signerFor } from "./signer.ts";

/** A command's connection. `close` lets the process end. */
export type Connection = { readonly runner: Signer | Provider; close(): Promise<void> | void };
/** Connects according to the options. `writes` is true for commands that send transactions. */
export type Connect = (values: Values, writes: boolean) => Promise<Connection>;

/** Connects to the node at `--rpc`. */
export const connectByUrl: Connect = async (values, writes) => {
  const url = required(values, "rpc");
  const network = await networkAt(url);
  // No cache: other accounts may vote between two commands.
  const provider = new JsonRpcProvider(url, network, { staticNetwork: network, cacheTimeout: -1 });
  try {
    const signer = await signerFor(values, provider, writes);
    return { runner: signer ?? provider, close: () => provider.destroy() };
  } catch (error) {
    provider.destroy();
    throw error;
  }
};

/** An ethers provider would retry endlessly. */
async function networkAt(url: string): Promise<Network> {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new CommandError(`--rpc needs an http(s) URL, such as http://127.0.0.1:8545, but got "${url}".`);
  }
  const provider = new JsonRpcProvider(url);
  try {
    return await provider._detectNetwork();
  } catch {
    throw new CommandError(`No node answers at ${url}. Check the URL and that the node runs.`);
  } finally {
    provider.destroy();
  }
}

/** The DAO's contracts on the connection's chain. */
export async function clientOf({ runner }: Connection, values: Values): Promise<Client> {
  const file = text(values, "deployment");
  const deployment = file === undefined ? undefined : readDeployment(file);
  return await createClient({ runner, ...(deployment && { deployment }) });
}

function readDeployment(file: string): Deployment<AddressInput> {
  const deployment = readJson(file);
  const { chainId, contracts } = (deployment ?? {}) as Record<string, unknown>;
  if (Number.isSafeInteger(chainId) && typeof contracts === "object" && contracts !== null) {
    return deployment as Deployment<AddressInput>;
  }
  throw new CommandError(`${file} is not a deployment: it needs chainId, contracts and blockNumber.`);
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) throw new CommandError(`${file} is not JSON: ${error.message}`);
    throw error;
  }
}
