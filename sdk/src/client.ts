import { BrowserProvider, Contract, type Eip1193Provider, type Provider, type Signer } from "ethers";
import { type Address, type AddressInput, type ContractName, interfaceOf } from "./core/abi.ts";
import { checkAddress, checkCount } from "./core/check.ts";
import { type CoreContract, type Deployment, getDeployment } from "./deployment.ts";
import { InvalidParameterError } from "./errors.ts";
import { abis, type Contracts } from "./generated/index.ts";

/** The first parameter of every action. A frozen plain object. */
export type Client = {
  /** Typed ethers contracts, for calls without an action. */
  readonly contracts: Readonly<Pick<Contracts, CoreContract> & Partial<Contracts>>;
  readonly addresses: Deployment["contracts"];
  readonly chainId: bigint;
  /** Block of the deployment. No event is older. */
  readonly blockNumber: number;
  /** A signer, or a provider for a read-only client. */
  readonly runner: Signer | Provider;
  readonly provider: Provider;
};

export type CreateClientParameters = {
  /** The contracts' addresses. @default the package's deployment on the chain */
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
 * @throws {@link DeploymentNotFoundError} when neither package nor caller knows a deployment
 * @throws {@link InvalidParameterError} for a runner without a provider, or another chain's deployment
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
  // By default it repeats an answer for 250 ms, even after a write of ours.
  const browser = new BrowserProvider(provider, undefined, { cacheTimeout: -1 });
  const [signer] = await browser.listAccounts();
  return signer ?? browser;
}

function deploymentOn(chainId: bigint, given: Deployment<AddressInput> | undefined): Deployment {
  if (!given) return getDeployment(chainId);
  if (BigInt(given.chainId) !== chainId) {
    const problem = `is for chain ${given.chainId}, but the runner is on chain ${chainId}`;
    throw new InvalidParameterError(
      "deployment",
      problem,
      `Pass the deployment on chain ${chainId}, or connect to chain ${given.chainId}`,
    );
  }
  // Without it, a search for events would silently find none.
  const blockNumber = checkCount("deployment.blockNumber", given.blockNumber, 0);
  const checked = Object.entries(given.contracts).map(([name, address]) => [
    name,
    checkAddress(`deployment.contracts.${name}`, address),
  ]);
  return { ...given, blockNumber, contracts: Object.freeze(Object.fromEntries(checked)) };
}

/** A deployment may name contracts without an ABI here. */
function contractsAt(addresses: Deployment["contracts"], runner: Signer | Provider): Client["contracts"] {
  const ours = Object.entries(addresses).filter(([name]) => name in abis);
  const entries = ours.map(([name, address]) => [
    name,
    new Contract(address, interfaceOf(name as ContractName), runner),
  ]);
  return Object.freeze(Object.fromEntries(entries));
}

/** A contract's address. A deployment may lack contracts for test chains. */
export function addressOf(client: Client, contract: ContractName): Address {
  const address = client.addresses[contract];
  if (!address) {
    throw new InvalidParameterError("client", `has no address of ${contract}`, "Add it to the `deployment`");
  }
  return address;
}

/** The client's signer. Undefined if the client only reads. */
export function signerOf({ runner }: Client): Signer | undefined {
  return "getAddress" in runner ? runner : undefined;
}

export function requireSigner(client: Client): Signer {
  const signer = signerOf(client);
  if (signer) return signer;
  throw new InvalidParameterError("client", "has no signer", "Pass a signer as `runner` to `createClient`");
}
