import { type Client, createClient, type Deployment } from "@benefit-grid/sdk";
import { parseEther, Wallet } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";

/** A named account and its client. */
export type Actor = { readonly name: string; readonly address: `0x${string}`; readonly client: Client };

export type Actors = {
  /** Creates an actor with a fresh key. Only senders of transactions need gas. */
  readonly create: (name: string, options?: { hasGas: boolean }) => Promise<Actor>;
};

const GAS_MONEY = parseEther("0.1");

/** Keys are fresh, so that runs on one chain are independent. The node's first account funds their gas. */
export async function createActors({ ethers }: NetworkConnection, deployment: Deployment): Promise<Actors> {
  const [funder] = await ethers.getSigners();
  if (!funder) throw new TypeError("The node has no account.");
  return {
    create: async (name, { hasGas } = { hasGas: true }) => {
      const wallet = new Wallet(Wallet.createRandom().privateKey, ethers.provider);
      if (hasGas) await (await funder.sendTransaction({ to: wallet.address, value: GAS_MONEY })).wait();
      const client = await createClient({ runner: wallet, deployment });
      return { name, address: wallet.address as `0x${string}`, client };
    },
  };
}
