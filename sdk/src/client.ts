import { BrowserProvider, Contract, type Eip1193Provider, type Provider, type Signer } from "ethers";
import {
  type Address,
  type AddressInput,
  type ContractName,
  interfaceOf,
  loadAbis,
  loadedAbis,
} from "./core/abi.ts";
import { checkAddress, checkCount } from "./core/check.ts";
import { explained } from "./core/failure.ts";
import { type CoreContract, type Deployment, getDeployment } from "./deployment.ts";
import {
  AccountChangedError,
  ChainChangedError,
  ContractNotFoundError,
  InvalidParameterError,
} from "./errors.ts";
import { CORE_CONTRACTS, type Contracts } from "./generated/index.ts";

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
  /** The wallet of `createClient({ provider })`. */
  readonly wallet?: Eip1193Provider;
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
      /** Any EIP-1193 provider, such as `window.ethereum`. */
      readonly provider: Eip1193Provider;
      /** The account that signs. @default the wallet's first */
      readonly account?: AddressInput;
    }
);

/**
 * Connects to the contracts on the runner's chain, and checks that all of them are there.
 *
 * @throws {@link ContractNotFoundError} for an address without a contract: calls to it would do nothing
 * @throws {@link NodeUnreachableError} when the node does not answer
 * @throws {@link DeploymentNotFoundError} when neither package nor caller knows a deployment
 * @throws {@link InvalidParameterError} without a runner or wallet, for a runner without a provider, an account that the
 * wallet lacks, or a deployment that is incomplete or of another chain
 * @example
 * ```ts
 * const client = await createClient({ runner: wallet });
 * ```
 */
export async function createClient(parameters: CreateClientParameters): Promise<Client> {
  checkConnection(parameters);
  const wallet = "provider" in parameters ? parameters.provider : undefined;
  const runner = "runner" in parameters ? parameters.runner : await connect(parameters);
  const { provider } = runner;
  if (!provider) {
    throw new InvalidParameterError("runner", "has no provider", "Connect it: `wallet.connect(provider)`");
  }
  const [{ chainId }] = await Promise.all([explained(provider.getNetwork()), loadAbis()]);
  const { contracts: addresses, blockNumber } = deploymentOn(chainId, parameters.deployment);
  const contracts = contractsAt(addresses, runner);
  await checkCode(chainId, provider, contracts, addresses);
  const client = { contracts, addresses, chainId, blockNumber, runner, provider };
  return Object.freeze({ ...client, ...(wallet && { wallet }) });
}

/** Callers without TypeScript may pass something else. */
function checkConnection(parameters: { runner?: unknown; provider?: Partial<Eip1193Provider> } = {}): void {
  if (parameters.runner || typeof parameters.provider?.request === "function") return;
  throw new InvalidParameterError(
    "parameters",
    "has neither `runner` nor a wallet as `provider`",
    "Pass `{ runner }` with an ethers signer or provider, or `{ provider }` such as `window.ethereum`",
  );
}

async function connect({
  provider,
  account,
}: Extract<CreateClientParameters, { provider: Eip1193Provider }>): Promise<Signer | Provider> {
  // By default it repeats an answer for 250 ms, even after a write of ours.
  const browser = new BrowserProvider(provider, undefined, { cacheTimeout: -1 });
  const signers = await explained(browser.listAccounts());
  if (account === undefined) return signers[0] ?? browser;
  const wanted = checkAddress("account", account);
  const signer = signers.find(({ address }) => address === wanted);
  if (signer) return signer;
  throw new InvalidParameterError("account", `${wanted} is not connected`, "Connect it in the wallet first");
}

/** A call to an address without a contract succeeds and does nothing. */
async function checkCode(
  chainId: bigint,
  provider: Provider,
  contracts: Client["contracts"],
  addresses: Deployment["contracts"],
): Promise<void> {
  const names = Object.keys(contracts) as CoreContract[];
  const codes = await explained(Promise.all(names.map((name) => provider.getCode(addresses[name]))));
  const missing = names.filter((_, i) => codes[i] === "0x").map((name) => [name, addresses[name]]);
  if (missing.length > 0) throw new ContractNotFoundError(chainId, Object.fromEntries(missing));
}

/**
 * Refuses to sign by a wallet that changed its chain or account since the client was created.
 *
 * @throws {@link ChainChangedError}
 * @throws {@link AccountChangedError}
 */
export async function checkWallet({ wallet, chainId, runner }: Client): Promise<void> {
  if (!wallet) return;
  const [chain, accounts] = await Promise.all([
    wallet.request({ method: "eth_chainId" }) as Promise<string>,
    wallet.request({ method: "eth_accounts" }) as Promise<string[]>,
  ]);
  if (BigInt(chain) !== chainId) throw new ChainChangedError({});
  const own = await (runner as Signer).getAddress();
  const isConnected = accounts.some((account) => account.toLowerCase() === own.toLowerCase());
  if (!isConnected) throw new AccountChangedError(own, accounts);
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
  const lacking = CORE_CONTRACTS.filter((name) => !given.contracts?.[name]);
  if (lacking.length > 0) {
    const problem = `has no ${lacking.join(", no ")}`;
    throw new InvalidParameterError("deployment.contracts", problem, "Pass all contracts of the deployment");
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
  const ours = Object.entries(addresses).filter(([name]) => name in loadedAbis());
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
