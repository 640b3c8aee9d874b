import {
  isError,
  isHexString,
  JsonRpcApiProvider,
  type JsonRpcSigner,
  NonceManager,
  type Signer,
  type TransactionReceipt,
  type TransactionResponse,
} from "ethers";
import { type Client, checkWallet, requireSigner } from "../client.ts";
import { type FailedCall, WalletResponseError } from "../errors.ts";
import type { Address, Hex } from "./abi.ts";
import { failureOf } from "./failure.ts";
import { originalOf, pause, within } from "./limits.ts";
import { revertOf } from "./revert.ts";

/** An unsigned transaction. `from` is set if the client can sign. */
export type PreparedTransaction = {
  readonly to: Address;
  readonly data: Hex;
  readonly value: bigint;
  readonly chainId: bigint;
  readonly from?: Address;
};

/**
 * Sends a transaction and waits for one confirmation. Reverts are decoded, whether node, wallet or block reported
 * them.
 */
export async function send(
  client: Client,
  transaction: PreparedTransaction,
  call: FailedCall = {},
): Promise<TransactionReceipt> {
  const signer = requireSigner(client);
  try {
    await checkWallet(client);
    return await (isWallet(signer)
      ? askWallet(client, signer, transaction)
      : sendInTurn(client, signer, transaction));
  } catch (error) {
    const revert = revertOf(error, call) ?? (await replayedRevert(client, transaction, error, call));
    throw revert ?? failureOf(error, call) ?? error;
  }
}

/** A wallet over JSON-RPC numbers the account's transactions itself. */
function isWallet(signer: Signer): signer is JsonRpcSigner {
  return "sendUncheckedTransaction" in signer;
}

async function askWallet(
  client: Client,
  wallet: JsonRpcSigner,
  transaction: PreparedTransaction,
): Promise<TransactionReceipt> {
  const blockNumber = await client.provider.getBlockNumber();
  // Otherwise ethers estimates it, and would then ask the wallet even after the client gave up.
  const gasLimit = withMargin(await client.provider.estimateGas(transaction));
  const hash: unknown = await wallet.sendUncheckedTransaction({ ...transaction, gasLimit });
  const response = await within(client, "receipt", (ended) => transactionOf(client, checkHash(hash), ended));
  return await confirm(client, response.replaceableTransaction(blockNumber));
}

/**
 * A transaction may cost more in the next block than now. For example, the first transfer of votes in a block writes two
 * checkpoints, and others in it change them. Nobody pays for gas that is left.
 */
function withMargin(estimate: bigint): bigint {
  return estimate + estimate / 4n + 50_000n;
}

function checkHash(hash: unknown): string {
  if (isHexString(hash, 32)) return hash;
  throw new WalletResponseError("eth_sendTransaction", hash, "a transaction hash");
}

const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 2_000;

/** The node may learn of the wallet's transaction a moment later. */
async function transactionOf(
  { provider }: Client,
  hash: string,
  ended: AbortSignal,
): Promise<TransactionResponse> {
  for (let wait = FIRST_PAUSE; ; wait = Math.min(2 * wait, LONGEST_PAUSE)) {
    const response = await provider.getTransaction(hash);
    if (response) return response;
    await pause(wait, ended);
    ended.throwIfAborted();
  }
}

/** A key's transactions on their way. */
type Account = {
  /** Ends when the last transaction so far is sent. */
  turn: Promise<unknown>;
  /** Numbers of sent transactions without a receipt. A node may not count the newest ones yet. */
  readonly open: Set<number>;
};
const accounts = new WeakMap<Signer, Account>();

function accountOf(signer: Signer): Account {
  const key = originalOf(signer);
  const account = accounts.get(key) ?? { turn: Promise.resolve(), open: new Set() };
  accounts.set(key, account);
  return account;
}

/** Sends by a key, one transaction after the other: each needs the next number. Receipts are awaited together. */
async function sendInTurn(
  client: Client,
  signer: Signer,
  transaction: PreparedTransaction,
): Promise<TransactionReceipt> {
  const account = accountOf(signer);
  const { response, nonce } = await within(client, "sendTransaction", (ended) => {
    const sending = account.turn.then(() => sendNext(account, signer, transaction, ended));
    account.turn = sending.catch(() => undefined);
    return sending;
  });
  return await confirm(client, response).finally(() => account.open.delete(nonce));
}

/** The node's count of an account's transactions. ethers would repeat an answer from before the last one. */
async function countOf(signer: Signer): Promise<number> {
  const { provider } = signer;
  const isCounting = signer instanceof NonceManager;
  if (isCounting || !(provider instanceof JsonRpcApiProvider)) return await signer.getNonce("pending");
  return Number(await provider.send("eth_getTransactionCount", [await signer.getAddress(), "pending"]));
}

async function sendNext(
  { open }: Account,
  signer: Signer,
  transaction: PreparedTransaction,
  ended: AbortSignal,
) {
  ended.throwIfAborted();
  const nonce = Math.max(await countOf(signer), ...[...open].map((number) => number + 1));
  try {
    const gasLimit = withMargin(await signer.estimateGas(transaction));
    ended.throwIfAborted();
    const complete = await signer.populateTransaction({ ...transaction, nonce, gasLimit });
    ended.throwIfAborted();
    const response: TransactionResponse | undefined = await signer.sendTransaction(complete);
    if (typeof response?.wait !== "function") {
      throw new WalletResponseError("sendTransaction", response, "a transaction");
    }
    open.add(nonce);
    return { response, nonce };
  } catch (error) {
    // An ethers NonceManager has counted the failed transaction.
    if (signer instanceof NonceManager) signer.reset();
    throw error;
  }
}

async function confirm(client: Client, response: TransactionResponse): Promise<TransactionReceipt> {
  // ethers stops to poll a moment later than the client.
  const timeout = client.timeout && client.timeout + 100;
  const receipt = await within(client, "receipt", () => receiptOf(response, timeout));
  if (receipt) return receipt;
  throw new WalletResponseError("wait", receipt, "a receipt");
}

async function receiptOf(
  response: TransactionResponse,
  timeout: number | undefined,
): Promise<TransactionReceipt | null> {
  try {
    return await response.wait(1, timeout);
  } catch (error) {
    // The user raised the fee of the same transaction.
    const isRepriced = isError(error, "TRANSACTION_REPLACED") && error.reason === "repriced";
    if (isRepriced && error.receipt.status === 1) return error.receipt;
    throw error;
  }
}

/** A receipt has no revert reason, and some nodes omit it: repeats the call to learn it. */
async function replayedRevert(
  client: Client,
  transaction: PreparedTransaction,
  error: unknown,
  call: FailedCall,
) {
  if (!isError(error, "CALL_EXCEPTION")) return undefined;
  try {
    await client.provider.call({ ...transaction, blockTag: error.receipt?.blockNumber ?? "latest" });
  } catch (replayed) {
    return revertOf(replayed, call);
  }
  return undefined;
}
