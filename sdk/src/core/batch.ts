import { type Eip1193Provider, isHexString, toQuantity } from "ethers";
import type { Client } from "../client.ts";
import { checkWallet, requireSigner } from "../client.ts";
import {
  BatchFailedError,
  GridError,
  InvalidParameterError,
  NotFoundError,
  WalletResponseError,
} from "../errors.ts";
import type { Logs } from "./events.ts";
import { explained } from "./failure.ts";
import { pause, within } from "./limits.ts";
import type { PreparedTransaction } from "./send.ts";
import type { Sent } from "./write.ts";

/** Whether the wallet executes several calls at once, all or none (EIP-5792). */
export async function offersBatches({ wallet, chainId }: Client, account: string): Promise<boolean> {
  if (!wallet) return false;
  const chain = toQuantity(chainId);
  try {
    const answer = await wallet.request({ method: "wallet_getCapabilities", params: [account, [chain]] });
    const status = (answer as Capabilities)?.[chain]?.atomic?.status;
    return status === "supported" || status === "ready";
  } catch (error) {
    if (error instanceof GridError) throw error;
    return false; // Most wallets do not know the method.
  }
}

type Capabilities = Readonly<Record<string, { readonly atomic?: { readonly status?: string } }>> | undefined;
type CallsStatus = {
  readonly status: number;
  readonly receipts?: readonly (Logs & { readonly transactionHash: string })[];
};

const CONFIRMED = 200;
const FIRST_FAILURE = 400;
const PAUSE = 500;

/** Sends calls as one batch, and waits for it. `logs` are those of these calls. */
export async function sendBatch(
  client: Client,
  calls: readonly PreparedTransaction[],
): Promise<Sent & { readonly logs: Logs }> {
  const { wallet } = client;
  if (!wallet) {
    throw new InvalidParameterError("method", "is batch, but the client has no wallet", "Choose another one");
  }
  await checkWallet(client);
  const params = {
    version: "2.0.0",
    chainId: toQuantity(client.chainId),
    from: await requireSigner(client).getAddress(),
    atomicRequired: true,
    calls: calls.map(({ to, data, value }) => ({ to, data, value: toQuantity(value) })),
  };
  const answer = await explained(wallet.request({ method: "wallet_sendCalls", params: [params] }));
  const id = (answer as { id?: unknown } | undefined)?.id;
  if (typeof id !== "string") throw new WalletResponseError("wallet_sendCalls", answer, "the id of a batch");
  const { receipts } = await within(client, "receipt", (ended) => statusOf(wallet, id, ended));
  const logs = { logs: receipts.flatMap((receipt) => receipt.logs) };
  const hash = receipts.at(-1)?.transactionHash;
  if (!isHexString(hash, 32)) throw new WalletResponseError("wallet_getCallsStatus", receipts, "a receipt");
  const receipt = await explained(client.provider.getTransactionReceipt(hash));
  if (!receipt) throw new NotFoundError("receipt of transaction", hash, "Wait until the node has synced");
  return { hash: hash as Sent["hash"], receipt, logs };
}

async function statusOf(wallet: Eip1193Provider, id: string, ended: AbortSignal) {
  for (;;) {
    const answer = await explained(wallet.request({ method: "wallet_getCallsStatus", params: [id] }));
    const { status, receipts = [] } = (answer ?? {}) as CallsStatus;
    if (status >= FIRST_FAILURE) throw new BatchFailedError(id, status);
    if (status >= CONFIRMED) return { receipts };
    await pause(PAUSE, ended);
    ended.throwIfAborted();
  }
}
