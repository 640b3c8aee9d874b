import { type Client, InvalidParameterError, type PreparedTransaction } from "@benefit-grid/sdk";
import { isError, type Signer, Transaction, type TransactionReceipt } from "ethers";
import type { StoredTransaction } from "../store/store.ts";
import { currentFees, type Fees, raisedFees } from "./fees.ts";

/** Where the attempts of one nonce are. */
export type Outcome =
  | { readonly state: "mined"; readonly receipt: TransactionReceipt; readonly cancels: boolean }
  /** Another transaction has the nonce. */
  | { readonly state: "taken" }
  /** `isNext` if no other nonce has to be mined before. */
  | { readonly state: "pending"; readonly isNext: boolean }
  /** Mined, but not deep enough yet. */
  | { readonly state: "confirming" };

export type TransactionsParameters = {
  readonly client: Client;
  /** Blocks from the transaction's to the newest, both included. */
  readonly confirmations: number;
  readonly maxFeePerGas: bigint;
  readonly onError: (error: unknown) => void;
};

/** Signs the operator's transactions here, so that each is known before a node sees it. */
export async function createTransactions(parameters: TransactionsParameters) {
  const { client, confirmations, maxFeePerGas: most, onError } = parameters;
  const { provider, chainId } = client;
  const signer = signerOf(client);
  const address = await signer.getAddress();

  async function sign(
    { to, data, value }: Pick<PreparedTransaction, "to" | "data" | "value">,
    nonce: number,
    gasLimit: bigint,
    fees: Fees,
  ): Promise<StoredTransaction> {
    const raw = await signer.signTransaction({ type: 2, to, data, value, chainId, nonce, gasLimit, ...fees });
    const { maxFeePerGas } = fees;
    return { hash: Transaction.from(raw).hash as string, nonce, raw, maxFeePerGas, sentAt: Date.now() };
  }

  /** The node's refusals are no failures: the chain is asked at the next look. */
  async function broadcast({ raw }: StoredTransaction): Promise<void> {
    try {
      await provider.broadcastTransaction(raw);
    } catch (error) {
      if (!isAnswer(error)) onError(error);
    }
  }

  /** Pays nothing to itself, so that a nonce is used up. */
  async function signCancel(nonce: number, fees: Fees): Promise<StoredTransaction> {
    return await sign({ to: address as `0x${string}`, data: "0x", value: 0n }, nonce, 21_000n, fees);
  }

  return {
    address,
    broadcast,
    /** Number of transactions mined. */
    count: async () => await provider.getTransactionCount(address, "latest"),
    /** The next nonce that neither the node nor these transactions have. */
    nextNonce: async (own: readonly StoredTransaction[]): Promise<number> => {
      const pending = await provider.getTransactionCount(address, "pending");
      return Math.max(pending, ...own.map(({ nonce }) => nonce + 1));
    },
    sign: async (call: PreparedTransaction, nonce: number): Promise<StoredTransaction> => {
      const [gas, fees] = await Promise.all([provider.estimateGas(call), currentFees(provider, most)]);
      return await sign(call, nonce, (gas * 6n) / 5n, fees);
    },
    /** A transaction in the place of a waiting one, with higher fees. Undefined if they would be above the maximum. */
    replacement: async (
      last: StoredTransaction,
      call: PreparedTransaction | undefined,
    ): Promise<StoredTransaction | undefined> => {
      const { nonce } = last;
      const fees = raisedFees(feesOf(last), await currentFees(provider, most), most);
      if (!fees) return undefined;
      if (!call) return await signCancel(nonce, fees);
      // A node may estimate on top of the waiting transaction, where the same batch is settled already.
      return await sign(call, nonce, Transaction.from(last.raw).gasLimit, fees);
    },
    /** Uses up a nonce below ours that no transaction of ours has. */
    fillGap: async (nonce: number, before: StoredTransaction | undefined): Promise<StoredTransaction> => {
      const current = await currentFees(provider, most);
      const fees = (before && raisedFees(feesOf(before), current, most)) ?? current;
      const filler = await signCancel(nonce, fees);
      await broadcast(filler);
      return filler;
    },
    outcome: async (attempts: readonly StoredTransaction[], newest: number): Promise<Outcome> => {
      for (const attempt of [...attempts].reverse()) {
        const receipt = await provider.getTransactionReceipt(attempt.hash);
        if (!receipt) continue;
        if (newest - receipt.blockNumber + 1 < confirmations) return { state: "confirming" };
        return { state: "mined", receipt, cancels: cancels(attempt) };
      }
      const { nonce } = attempts[0] as StoredTransaction;
      const count = await provider.getTransactionCount(address, "latest");
      if (count <= nonce) return { state: "pending", isNext: count === nonce };
      const depth = Math.max(0, newest - confirmations + 1);
      const isDeep = (await provider.getTransactionCount(address, depth)) > nonce;
      return { state: isDeep ? "taken" : "confirming" };
    },
    /** Sends a transaction again if the node has lost it. */
    keepAlive: async (last: StoredTransaction): Promise<void> => {
      if (!(await provider.getTransaction(last.hash))) await broadcast(last);
    },
  };
}

export type Transactions = Awaited<ReturnType<typeof createTransactions>>;

export function cancels({ raw }: StoredTransaction): boolean {
  const { to, from } = Transaction.from(raw);
  return to === from;
}

function feesOf({ raw, maxFeePerGas }: StoredTransaction): Fees {
  return { maxFeePerGas, maxPriorityFeePerGas: Transaction.from(raw).maxPriorityFeePerGas ?? 0n };
}

function signerOf({ runner }: Client): Signer {
  if ("signTransaction" in runner) return runner;
  throw new InvalidParameterError(
    "client",
    "has no signer",
    "Pass a wallet with the operator's key as `runner`",
  );
}

/** The node has this transaction or another one with its nonce. */
function isAnswer(error: unknown): boolean {
  if (isError(error, "NONCE_EXPIRED") || isError(error, "REPLACEMENT_UNDERPRICED")) return true;
  return /already known|known transaction|already imported|nonce too low|underpriced/i.test(String(error));
}
