import { BrowserProvider, Contract, type Eip1193Provider, type Provider, type Signer } from "ethers";
import { type Address, type AddressInput, type ContractName, interfaceOf } from "./core/abi.ts";
import { checkAddress, checkCount } from "./core/check.ts";
import { type CoreContract, type Deployment, getDeployment } from "./deployment.ts";
import { InvalidParameterError } from "./errors.ts";
import { abis, type Contracts } from "./generated/index.ts";

/** What every action takes first. A frozen plain object. */
export type Client = {
  /** ethers' contracts with their types, for what no action does. */
  readonly contracts: Readonly<Pick<Contracts, CoreContract> & Partial<Contracts>>;
  readonly addresses: Deployment["contracts"];
  readonly chainId: bigint;
  /** Block of the deployment: no event is older. */
  readonly blockNumber: number;
  /** Signs and sends; or a provider, for a client that only reads. */
  readonly runner: Signer | Provider;
  readonly provider: Provider;
};

export type CreateClientParameters = {
  /** Where the contracts are, if not where this package knows. */
  readonly deployment?: Deployment<AddressInput>;
} & (
  | {
      /** An ethers signer with a provider, or a provider. */
      readonly runner: Signer | Provider;
    }
  | {
      /** Any EIP-1193 provider, such as `window.ethereum`. Its first connected account signs. */
      readonly provider: Eip1193Provider;
    }
);

/**
 * Connects to the contracts on the runner's chain.
 *
 * @throws {@link DeploymentNotFoundError} when the chain has no known deployment and none is passed
 * @throws {@link InvalidParameterError} when the runner has no provider, or the deployment is of another chain
 * @example
 * ```ts
 * const client = await createClient({ runner: wallet });
 * ```
 */
export async function createClient(parameters: CreateClientParameters): Promise<Client> {
  const runner = "runner" in parameters ? parameters.runner : await connect(parameters.provider);
  const { provider } = runner;
  if (!provider) {
    throw new InvalidParameterError("runner", "has no provider", "Connect it: `wallet.connect(provider)`");
  }
  const { chainId } = await provider.getNetwork();
  const { contracts: addresses, blockNumber } = deploymentOn(chainId, parameters.deployment);
  const contracts = contractsAt(addresses, runner);
  return Object.freeze({ contracts, addresses, chainId, blockNumber, runner, provider });
}

async function connect(provider: Eip1193Provider): Promise<Signer | Provider> {
  // By default it gives an answer again for 250 ms, even if the chain went on by a write of ours.
  const browser = new BrowserProvider(provider, undefined, { cacheTimeout: -1 });
  const [signer] = await browser.listAccounts();
  return signer ?? browser;
}

function deploymentOn(chainId: bigint, given: Deployment<AddressInput> | undefined): Deployment {
  if (!given) return getDeployment(chainId);
  if (BigInt(given.chainId) !== chainId) {
    const problem = `is of chain ${given.chainId}, but the runner is on chain ${chainId}`;
    throw new InvalidParameterError(
      "deployment",
      problem,
      "Pass that chain's, or connect to the other chain",
    );
  }
  // Without it a search for events would find none, and say nothing.
  const blockNumber = checkCount("deployment.blockNumber", given.blockNumber, 0);
  const checked = Object.entries(given.contracts).map(([name, address]) => [
    name,
    checkAddress(`deployment.contracts.${name}`, address),
  ]);
  return { ...given, blockNumber, contracts: Object.freeze(Object.fromEntries(checked)) };
}

/** A deployment may name contracts that are not ours, such as the timelock. */
function contractsAt(addresses: Deployment["contracts"], runner: Signer | Provider): Client["contracts"] {
  const ours = Object.entries(addresses).filter(([name]) => name in abis);
  const entries = ours.map(([name, address]) => [
    name,
    new Contract(address, interfaceOf(name as ContractName), runner),
  ]);
  return Object.freeze(Object.fromEntries(entries));
}

/** Where a contract is; a deployment may lack those that are for test chains. */
export function addressOf(client: Client, contract: ContractName): Address {
  const address = client.addresses[contract];
  if (!address) {
    throw new InvalidParameterError("client", `knows no ${contract}`, "Add its address to the deployment");
  }
  return address;
}

/** Who signs, unless the client only reads. */
export function signerOf({ runner }: Client): Signer | undefined {
  return "getAddress" in runner ? runner : undefined;
}

export function requireSigner(client: Client): Signer {
  const signer = signerOf(client);
  if (signer) return signer;
  throw new InvalidParameterError("client", "has no signer", "Create it with a signer as its runner");
}
