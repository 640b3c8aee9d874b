import {
  AbstractSigner,
  BrowserProvider,
  type Eip1193Provider,
  hexlify,
  isHexString,
  JsonRpcSigner,
  type Provider,
  resolveProperties,
  type Signer,
  type TransactionRequest,
  type TransactionResponse,
  type TypedDataDomain,
  TypedDataEncoder,
  type TypedDataField,
} from "ethers";
import { InvalidParameterError } from "../errors.ts";
import type { Hex } from "./abi.ts";
import { layersOf } from "./layers.ts";

/** What the SDK needs of a client of viem: public or wallet client, or a connector's client of wagmi. */
export type ViemClient = {
  readonly account?: { readonly address: Hex; readonly type: string } | undefined;
  readonly chain?: { readonly id: number } | undefined;
  readonly transport: object;
  request(call: never): Promise<unknown>;
  /** The actions of a wallet client. A local account needs them. */
  sendTransaction?(transaction: never): Promise<unknown>;
  signMessage?(message: never): Promise<unknown>;
  signTypedData?(typed: never): Promise<unknown>;
};

export function isViem(runner: object | undefined): runner is ViemClient {
  return runner !== undefined && "transport" in runner && "request" in runner;
}

/** A client of viem as signer and provider of ethers. The wallet is that of an account over JSON-RPC. */
export function connectViem(client: ViemClient): { runner: Signer | Provider; wallet?: Eip1193Provider } {
  const request = (call: object) => translated(client.request(call as never));
  const provider = new BrowserProvider({ request }, undefined, { cacheTimeout: -1 });
  const { account } = client;
  if (!account) return { runner: provider };
  if (account.type !== "json-rpc") return { runner: new ViemSigner(client, provider) };
  return { runner: new JsonRpcSigner(provider, account.address), wallet: { request } };
}

const SIGN_ACTIONS = ["sendTransaction", "signMessage", "signTypedData"] as const;

/** A local account of viem. The client signs, and prepares transactions. */
class ViemSigner extends AbstractSigner<BrowserProvider> {
  readonly #client: ViemClient;

  constructor(client: ViemClient, provider: BrowserProvider) {
    super(provider);
    if (SIGN_ACTIONS.some((action) => typeof client[action] !== "function")) {
      const advice = "Pass a wallet client: `createWalletClient` or `client.extend(walletActions)`";
      throw new InvalidParameterError("runner", "has a local account, but no actions to sign by", advice);
    }
    this.#client = client;
  }

  override async getAddress(): Promise<string> {
    return this.#client.account?.address as Hex;
  }

  override connect(): ViemSigner {
    throw new InvalidParameterError("runner", "cannot change its provider", "Create another client of viem");
  }

  override async sendTransaction(transaction: TransactionRequest): Promise<TransactionResponse> {
    const { to, data, value, nonce, gasLimit, maxFeePerGas, maxPriorityFeePerGas } =
      await resolveProperties(transaction);
    const numbers = { value, gas: gasLimit, maxFeePerGas, maxPriorityFeePerGas };
    const set = Object.entries(numbers).filter(([, number]) => number !== undefined && number !== null);
    const hash = await this.#ask("sendTransaction", {
      to,
      data,
      ...Object.fromEntries(set.map(([name, number]) => [name, BigInt(number as bigint)])),
      ...(nonce !== undefined && nonce !== null && { nonce }),
      chain: this.#client.chain ?? null,
    });
    return await this.#transaction(hash);
  }

  override async signTransaction(): Promise<string> {
    throw new InvalidParameterError("runner", "signs transactions only to send them", "Use another signer");
  }

  override signMessage(message: string | Uint8Array): Promise<string> {
    const raw = typeof message === "string" ? message : { raw: hexlify(message) };
    return this.#ask("signMessage", { message: raw });
  }

  override signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): Promise<string> {
    const primaryType = TypedDataEncoder.getPrimaryType(types);
    return this.#ask("signTypedData", { domain, types, primaryType, message: value });
  }

  async #ask(action: (typeof SIGN_ACTIONS)[number], parameters: object): Promise<string> {
    const { account } = this.#client;
    return (await translated(this.#client[action]?.({ account, ...parameters } as never))) as string;
  }

  /** The node may learn of the transaction a moment later. */
  async #transaction(hash: string): Promise<TransactionResponse> {
    for (let wait = 50; ; wait = Math.min(2 * wait, 2_000)) {
      const response = await this.provider.getTransaction(hash);
      if (response) return response;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

async function translated<T>(promise: Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    throw translate(error);
  }
}

/** Errors of viem by name, and the codes of ethers for the same. */
const CODES: Record<string, { readonly code: string; readonly event?: string }> = {
  ChainMismatchError: { code: "NETWORK_ERROR", event: "changed" },
  HttpRequestError: { code: "NETWORK_ERROR" },
  InsufficientFundsError: { code: "INSUFFICIENT_FUNDS" },
  NonceTooLowError: { code: "NONCE_EXPIRED" },
  SocketClosedError: { code: "NETWORK_ERROR" },
  TimeoutError: { code: "TIMEOUT" },
  WebSocketRequestError: { code: "NETWORK_ERROR" },
};

/** An error of viem, with the node's own code, data and message. */
function translate(error: unknown): Error {
  const layers = [...layersOf(error)];
  const known = layers.map(({ name }) => CODES[String(name)]).find((one) => one !== undefined);
  const code = layers.map((layer) => layer.code).findLast((one) => typeof one === "number");
  const data = layers.map((layer) => layer.data).find((one) => isHexString(one));
  const words = layers.flatMap(({ details, message }) => [details, message]);
  const message = words.find((text) => typeof text === "string" && text !== "") ?? String(error);
  return Object.assign(new Error(String(message), { cause: error }), { code, data }, known);
}
