import { network } from "hardhat";
import Grid from "../../ignition/modules/Grid.ts";
import TestUSD from "../../ignition/modules/TestUSD.ts";
import { addressesOf } from "../lib/deployment.ts";

/** A deployment of the grid, to be repeated on another test chain: the same sender and nonces give the same addresses. */
export type Recording = {
  readonly deployer: string;
  readonly contracts: Readonly<Record<string, string>>;
  /** In the order of their nonces, from 0. Without `to` they create a contract. */
  readonly transactions: readonly { readonly to?: string; readonly data: string; readonly gas: string }[];
};

/** The account of test deployments: keccak256("benefit-grid/testing"). Nobody else has used it there. */
const DEPLOYER_KEY = "0x882ddf67725eebb43c1eb03e10d8619f0777ed725b06d7d0a2c4a19295e6e681";

/** Deploys the grid with TestUSD and without admissions on a chain in this process. */
export async function recordDeployment(): Promise<Recording> {
  const accounts = [{ privateKey: DEPLOYER_KEY, balance: 10n ** 22n }];
  const connection = await network.create({ override: { accounts } });
  const { ethers, ignition } = connection;
  const deployed = { ...(await ignition.deploy(Grid)), ...(await ignition.deploy(TestUSD)) };
  const contracts = await addressesOf(deployed);
  const transactions: Recording["transactions"][number][] = [];
  for (let number = 1; number <= (await ethers.provider.getBlockNumber()); number++) {
    const block = await ethers.provider.getBlock(number, true);
    for (const { nonce, to, data, gasLimit } of block?.prefetchedTransactions ?? []) {
      transactions[nonce] = { ...(to !== null && { to }), data, gas: ethers.toQuantity(enough(gasLimit)) };
    }
  }
  const [{ address: deployer } = { address: "" }] = await ethers.getSigners();
  await connection.close();
  return { deployer, contracts, transactions };
}

/** Ignition's limits are exact, but other times on another chain may cost a little more. */
function enough(gasLimit: bigint): bigint {
  return (gasLimit * 11n) / 10n;
}
