import { readFileSync } from "node:fs";
import { type Address, type Client, createClient, type Deployment } from "@benefit-grid/sdk";
import { HDNodeWallet, JsonRpcProvider, Wallet } from "ethers";

/** Keys of the test chain, known to everybody. */
const TEST_PHRASE = "test test test test test test test test test test test junk";

/**
 * Connects with the key in this environment variable. On the test chain it takes a known key instead.
 *
 * @param index number of the test chain's account
 */
export async function connect(
  variable: string,
  index: number,
): Promise<{ client: Client; account: Address }> {
  const chain = process.env.RPC_URL ? undefined : readChain();
  const provider = new JsonRpcProvider(process.env.RPC_URL ?? chain?.url);
  const key = process.env[variable] ?? (chain && testKey(index));
  if (!key)
    throw new Error(`Set ${variable} to the private key of an account with funds on ${process.env.RPC_URL}.`);
  const wallet = new Wallet(key, provider);
  const client = await createClient({ runner: wallet, ...(chain && { deployment: chain }) });
  return { client, account: wallet.address as Address };
}

function testKey(index: number): string {
  return HDNodeWallet.fromPhrase(TEST_PHRASE, "", `m/44'/60'/0'/0/${index}`).privateKey;
}

function readChain(): Deployment & { url: string } {
  try {
    return JSON.parse(readFileSync("chain.json", "utf8"));
  } catch {
    throw new Error("There is no chain.json. Run `npm run chain` first, or set RPC_URL to a node.");
  }
}
