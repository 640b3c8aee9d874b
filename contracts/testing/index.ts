import { readFileSync } from "node:fs";

/** The names of the deployed contracts. */
export type GridContract =
  | "BenchmarkAttestations"
  | "BenefitMine"
  | "CapsuleRegistry"
  | "ChampionRegistry"
  | "CoinSale"
  | "Commons"
  | "ContributionPoolFactory"
  | "FoundationCoin"
  | "GridGovernor"
  | "GridTimelock"
  | "Guardian"
  | "LicenseNFT"
  | "SettlementRouter"
  | "SubnetFeedFactory"
  | "SubnetHub"
  | "TermsRegistry"
  | "TestUSD"
  | "UsageLedger";

/** A network connection of Hardhat 3, or anything else with an EIP-1193 provider of a test chain. */
export type GridConnection = {
  readonly provider: {
    request(request: { readonly method: string; readonly params?: unknown[] }): Promise<unknown>;
  };
};

/** The value for `deployment` of the SDK's `createClient`. */
export type GridDeployment = {
  readonly chainId: bigint;
  /** The block before the first of the deployment. */
  readonly blockNumber: number;
  readonly contracts: Readonly<Record<GridContract, `0x${string}`>>;
};

type Recording = Pick<GridDeployment, "contracts"> & {
  readonly deployer: `0x${string}`;
  readonly transactions: readonly { readonly to?: string; readonly data: string; readonly gas: string }[];
};

/** 1,000 ether. */
const BALANCE = "0x3635c9adc5dea00000";

/**
 * Deploys the whole grid on a test chain of Hardhat or anvil: without admissions of the DAO, with `TestUSD`, of which
 * anyone can mint. Its sender is an account of its own, so the addresses are always the same, and your accounts' nonces
 * stay. A second call on the same chain returns the same grid.
 *
 * The sender is the guardian's council too. `GridTimelock` has the admin roles; impersonate it to use them.
 *
 * @throws {Error} if the chain refuses or delays the transactions, for example with automatic mining off
 * @example
 * ```ts
 * const connection = await network.create();
 * const deployment = await deployGrid(connection);
 * const client = await createClient({ provider: connection.provider, deployment });
 * ```
 */
export async function deployGrid({ provider }: GridConnection): Promise<GridDeployment> {
  const { deployer, contracts, transactions } = readRecording();
  const request = (method: string, ...params: unknown[]) => provider.request({ method, params });
  const chainId = BigInt((await request("eth_chainId")) as string);
  const sent = Number(await request("eth_getTransactionCount", deployer, "latest"));
  if (sent === 0) {
    const blockNumber = Number(await request("eth_blockNumber"));
    await request("hardhat_impersonateAccount", deployer);
    await request("hardhat_setBalance", deployer, BALANCE);
    for (const transaction of transactions) {
      const hash = await request("eth_sendTransaction", { from: deployer, ...transaction });
      const receipt = (await request("eth_getTransactionReceipt", hash)) as { status: string } | null;
      if (Number(receipt?.status) !== 1) {
        throw new Error("The chain did not mine a transaction of the grid. Is automatic mining on?");
      }
    }
    await request("hardhat_stopImpersonatingAccount", deployer);
    return { chainId, blockNumber, contracts };
  }
  const code = await request("eth_getCode", contracts.TestUSD, "latest");
  if (code === "0x") throw new Error(`${deployer} deploys the grid, but has sent other transactions here.`);
  return { chainId, blockNumber: 0, contracts };
}

function readRecording(): Recording {
  return JSON.parse(readFileSync(new URL("./grid.json", import.meta.url), "utf8"));
}
