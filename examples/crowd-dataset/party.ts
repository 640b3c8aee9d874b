import { type Client, createClient, type Deployment } from "@benefit-grid/sdk";
import { Wallet } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";

/** Somebody's account and client. */
export type Party = { readonly address: `0x${string}`; readonly client: Client };

const GAS_MONEY = 10n ** 17n;

/** Creates parties with fresh accounts. The node's first account gives gas money to those who send transactions. */
export async function parties({ ethers }: NetworkConnection, deployment: Deployment) {
  const [funder] = await ethers.getSigners();
  return async ({ hasGas } = { hasGas: true }): Promise<Party> => {
    const wallet = new Wallet(Wallet.createRandom().privateKey, ethers.provider);
    if (hasGas) await (await funder?.sendTransaction({ to: wallet.address, value: GAS_MONEY }))?.wait();
    const client = await createClient({ runner: wallet, deployment });
    return { client, address: wallet.address as `0x${string}` };
  };
}
