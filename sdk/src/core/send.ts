import { isError, type TransactionReceipt, type TransactionResponse } from "ethers";
import { type Client, checkWallet, requireSigner } from "../client.ts";
import type { FailedCall } from "../errors.ts";
import type { Address, Hex } from "./abi.ts";
import { failureOf } from "./failure.ts";
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
    return await confirm(await signer.sendTransaction(transaction));
  } catch (error) {
    throw failureOf(error, call) ?? (await replayedRevert(client, transaction, error, call)) ?? error;
  }
}

async function confirm(response: TransactionResponse): Promise<TransactionReceipt> {
  try {
    return (await response.wait(1)) as TransactionReceipt;
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
