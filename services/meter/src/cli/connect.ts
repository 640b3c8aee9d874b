import { readFileSync } from "node:fs";
import { type Client, createClient, type Deployment } from "@benefit-grid/sdk";
import { JsonRpcProvider, Wallet } from "ethers";
import { KeyMissingError } from "../errors.ts";
import { postgresStore } from "../store/postgres.ts";
import { sqliteStore } from "../store/sqlite.ts";
import type { Store } from "../store/store.ts";
import { type Config, isPostgres } from "./config.ts";

const KEY = "METER_OPERATOR_KEY";
const PASSWORD = "METER_KEYSTORE_PASSWORD";

/**
 * A client of the configured chain. It signs for the worker alone.
 *
 * @throws {@link KeyMissingError} for a worker without a key
 */
export async function connect(config: Config, signs: boolean): Promise<Client> {
  // Answers are never repeated from memory: settlement asks whether a transaction is mined.
  const provider = new JsonRpcProvider(config.rpc, undefined, { cacheTimeout: -1 });
  const runner = signs ? (await openKey(config)).connect(provider) : provider;
  const { deployment } = config;
  if (deployment === undefined) return await createClient({ runner });
  const { chainId, ...rest } = JSON.parse(readFileSync(deployment, "utf8")) as Deployment;
  return await createClient({ runner, deployment: { ...rest, chainId: BigInt(chainId) } as Deployment });
}

async function openKey({ keystore }: Config): Promise<Wallet> {
  if (keystore === undefined) {
    const key = process.env[KEY];
    if (!key)
      throw new KeyMissingError(`Set ${KEY} to the operator's private key, or \`keystore\` to its file`);
    return new Wallet(key);
  }
  const password = process.env[PASSWORD];
  if (password === undefined) throw new KeyMissingError(`Set ${PASSWORD} to the password of ${keystore}`);
  const wallet = await Wallet.fromEncryptedJson(readFileSync(keystore, "utf8"), password);
  return new Wallet(wallet.privateKey);
}

export async function openStore({ store }: Config): Promise<Store> {
  return isPostgres(store) ? await postgresStore(store) : await sqliteStore(store);
}
