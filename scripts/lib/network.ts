import { network } from "hardhat";
import { configVariable } from "hardhat/config";
import type { NetworkConnection } from "hardhat/types/network";

const KEY = "DEPLOYER_PRIVATE_KEY";

type Place = {
  readonly rpc?: string | undefined;
  readonly name?: string | undefined;
  /** Only reads: no account is needed. @default false */
  readonly reads?: boolean;
};

/**
 * Connects to a node by URL, to a network of hardhat.config.ts by name, or to a fresh chain in this process. A node without
 * unlocked accounts gets the key from Hardhat's keystore or the environment.
 */
export async function connect({ rpc, name, reads = false }: Place): Promise<NetworkConnection> {
  if (rpc === undefined) return await opened(() => network.create(name), reads);
  if (!URL.canParse(rpc) || !/^https?:$/.test(new URL(rpc).protocol)) {
    throw new Error(`--rpc needs an http(s) URL, such as http://127.0.0.1:8545; got "${rpc}".`);
  }
  const connection = await network.create({ network: "localhost", override: { url: rpc } });
  await connection.provider.request({ method: "eth_chainId" }).catch(() => {
    throw new Error(`No node answers at ${rpc}. Start one, or omit --rpc to use a chain in this process.`);
  });
  if (reads || (await accountsOf(connection)).length > 0) return connection;
  await connection.close();
  const override = { url: rpc, accounts: [configVariable(KEY)] };
  return await opened(() => network.create({ network: "localhost", override }), reads);
}

/** Connects, and reads the accounts unless only reading. @throws if a value of the network is missing */
async function opened(create: () => Promise<NetworkConnection>, reads: boolean): Promise<NetworkConnection> {
  try {
    const connection = await create();
    await (reads ? connection.provider.request({ method: "eth_chainId" }) : accountsOf(connection));
    return connection;
  } catch (error) {
    const missing = /(?:Variable|Key) "(\w+)" not found/.exec(String(error))?.[1];
    if (missing === undefined) throw error;
    throw new Error(
      `${missing} is missing. Set it by npx hardhat keystore set ${missing}, or in the environment.`,
    );
  }
}

async function accountsOf({ provider }: NetworkConnection): Promise<string[]> {
  return (await provider.request({ method: "eth_accounts" })) as string[];
}
