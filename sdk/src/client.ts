import { BrowserProvider, Contract, type Eip1193Provider, type Provider, type Signer } from "ethers";
import {
  type Address,
  type AddressInput,
  type ContractName,
  interfaceOf,
  loadAbis,
  loadedAbis,
} from "./core/abi.ts";
import { checkAddress, checkCount, checkParameters } from "./core/check.ts";
import { explained } from "./core/failure.ts";
import { checkAborted, type Limits, limited, originalOf } from "./core/limits.ts";
import { closestTo } from "./core/names.ts";
import { connectViem, isViem, type ViemClient } from "./core/viem.ts";
import { type CoreContract, type Deployment, getDeployment } from "./deployment.ts";
import {
  AccountChangedError,
  ChainChangedError,
  ContractNotFoundError,
  InvalidParameterError,
} from "./errors.ts";
import { CORE_CONTRACTS, type Contracts } from "./generated/index.ts";

/** The first parameter of every action. A frozen plain object. */
export type Client = Limits & {
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
  /**
   * Most milliseconds for a request, for an answer of the wallet, and for a receipt. See `withOptions` for single
   * actions. @default no limit
   */
  readonly timeout?: number;
} & (
  | {
      /** A signer of ethers with a provider, a provider, or a wallet or public client of viem. */
      readonly runner: Signer | Provider | ViemClient;
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
 * @throws {@link ChainChangedError} when viem's client is for another chain than its node
 * @throws {@link InvalidParameterError} without a runner or wallet, for a runner without a provider, an account that the
 * wallet lacks, or a deployment that is incomplete or of another chain
 * @example
 * ```ts
 * const client = await createClient({ runner: wallet });
 * ```
 */
export async function createClient(parameters: CreateClientParameters): Promise<Client> {
  checkConnection(parameters);
  const limits = limitsOf(parameters);
  const { runner, wallet } = await connectionOf(parameters, limits);
  if (!runner.provider) {
    throw new InvalidParameterError("runner", "has no provider", "Connect it: `wallet.connect(provider)`");
  }
  const network = limited(runner.provider, limits).getNetwork();
  const [{ chainId }] = await Promise.all([explained(network), loadAbis()]);
  const expected =
    "runner" in parameters && isViem(parameters.runner) ? parameters.runner.chain?.id : undefined;
  if (expected !== undefined && BigInt(expected) !== chainId) throw new ChainChangedError({});
  const { contracts: addresses, blockNumber } = deploymentOn(chainId, parameters.deployment);
  const client = clientWith({ addresses, chainId, blockNumber, runner, ...(wallet && { wallet }) }, limits);
  await checkCode(client);
  return client;
}

/** A client whose requests end at the limits. */
export function clientWith(
  base: Pick<Client, "addresses" | "chainId" | "blockNumber" | "runner" | "wallet">,
  limits: Limits,
): Client {
  const { addresses, chainId, blockNumber, wallet } = base;
  const runner = limited(base.runner, limits);
  const provider = limited(originalOf(base.runner).provider as Provider, limits);
  const contracts = contractsAt(addresses, runner);
  const limitedWallet = wallet && { wallet: limited(wallet, limits) };
  return Object.freeze({
    contracts,
    addresses,
    chainId,
    blockNumber,
    runner,
    provider,
    ...limitedWallet,
    ...limits,
  });
}

/** Limits with a checked timeout. */
export function limitsOf({ signal, timeout }: Limits): Limits {
  if (timeout !== undefined) checkCount("timeout", timeout, 1);
  if (signal !== undefined && typeof signal.addEventListener !== "function") {
    throw new InvalidParameterError("signal", "is not an AbortSignal", "Pass `controller.signal`");
  }
  return { ...(signal && { signal }), ...(timeout !== undefined && { timeout }) };
}

/** What signs and reads, and the wallet behind it. */
async function connectionOf(
  parameters: CreateClientParameters,
  limits: Limits,
): Promise<{ runner: Signer | Provider; wallet?: Eip1193Provider }> {
  if (!("runner" in parameters)) {
    return { runner: await connect(parameters, limits), wallet: parameters.provider };
  }
  return isViem(parameters.runner) ? connectViem(parameters.runner) : { runner: parameters.runner };
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

async function connect(
  { provider, account }: Extract<CreateClientParameters, { provider: Eip1193Provider }>,
  limits: Limits,
): Promise<Signer | Provider> {
  // By default it repeats an answer for 250 ms, even after a write of ours.
  const browser = new BrowserProvider(provider, undefined, { cacheTimeout: -1 });
  const signers = await explained(limited(browser, limits).listAccounts());
  if (account === undefined) return signers[0] ?? browser;
  const wanted = checkAddress("account", account);
  const signer = signers.find(({ address }) => address === wanted);
  if (signer) return signer;
  throw new InvalidParameterError("account", `${wanted} is not connected`, "Connect it in the wallet first");
}

/** A call to an address without a contract succeeds and does nothing. */
async function checkCode({ chainId, provider, contracts, addresses }: Client): Promise<void> {
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
  if (typeof given.chainId !== "bigint" && !Number.isSafeInteger(given.chainId)) {
    const problem = `is ${String(given.chainId)}, not a number`;
    throw new InvalidParameterError("deployment.chainId", problem, `Pass ${chainId} for the runner's chain`);
  }
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
  for (const name of Object.keys(given.contracts)) checkSpelling(name);
  // Without it, a search for events would silently find none.
  const blockNumber = checkCount("deployment.blockNumber", given.blockNumber, 0);
  const checked = Object.entries(given.contracts).map(([name, address]) => [
    name,
    checkAddress(`deployment.contracts.${name}`, address),
  ]);
  return { ...given, blockNumber, contracts: Object.freeze(Object.fromEntries(checked)) };
}

/** A deployment may name other contracts, but a misspelled one would be ignored. */
function checkSpelling(name: string): void {
  const similar = name in loadedAbis() ? undefined : closestTo(name, Object.keys(loadedAbis()));
  if (similar === undefined) return;
  const problem = "is no contract of Benefit Grid";
  throw new InvalidParameterError(`deployment.contracts.${name}`, problem, `Did you mean ${similar}`);
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

/** Callers without TypeScript may forget the client, or pass something else first. */
export function checkClient(client: Client): void {
  if (typeof client !== "object" || client === null || !client.addresses || !client.provider) {
    const problem = client === undefined ? "is missing" : "is not a client";
    throw new InvalidParameterError("client", problem, "Pass the result of `await createClient(...)` first");
  }
  checkAborted(client);
}

/** The parameters of an action, after a check that client and parameters are there. */
export function checkCall<P>(client: Client, parameters: P): P {
  checkClient(client);
  return checkParameters(parameters);
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

/** The signer of a message: this one, within the client's limits, or the client's own. */
export function messageSigner(client: Client, signer: Signer | undefined): Signer {
  const chosen = signer ? limited(signer, client) : signerOf(client);
  if (chosen) return chosen;
  throw new InvalidParameterError("signer", "is missing", "Pass one: the client has none");
}
