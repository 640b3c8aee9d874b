import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";

/** Connects to a node by URL, to a network of hardhat.config.ts by name, or to a fresh chain in this process. */
export async function connect({ rpc, name }: { rpc?: string; name?: string }): Promise<NetworkConnection> {
  if (rpc === undefined) return await network.create(name);
  if (!URL.canParse(rpc) || !/^https?:$/.test(new URL(rpc).protocol)) {
    throw new Error(`--rpc needs an http(s) URL, such as http://127.0.0.1:8545; got "${rpc}".`);
  }
  const connection = await network.create({ network: "localhost", override: { url: rpc } });
  await connection.provider.request({ method: "eth_chainId" }).catch(() => {
    throw new Error(`No node answers at ${rpc}. Start one, or omit --rpc to use a chain in this process.`);
  });
  const accounts = await connection.provider.request({ method: "eth_accounts" });
  if (!Array.isArray(accounts) || accounts.length === 0) {
    throw new Error(`The node at ${rpc} has no unlocked account to send from.`);
  }
  return connection;
}
