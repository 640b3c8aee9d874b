import type { Address, Hex } from "@benefit-grid/sdk";
import { Interface, type Log, type Provider, zeroPadValue } from "ethers";

const TOKEN = new Interface([
  "function authorizationState(address authorizer, bytes32 nonce) view returns (bool)",
  "event AuthorizationUsed(address indexed authorizer, bytes32 indexed nonce)",
  "event Transfer(address indexed from, address indexed to, uint256 value)",
]);
const USED = TOKEN.getEvent("AuthorizationUsed")?.topicHash ?? "";
const TRANSFER = TOKEN.getEvent("Transfer")?.topicHash ?? "";

/** Blocks per request to the node. */
const BLOCK_RANGE = 10_000;

export type Authorization = {
  readonly token: Address;
  readonly from: Address;
  readonly nonce: Hex;
};

/** Whether an authorization of ERC-3009 is used or cancelled, by its token. */
export async function isUsed(provider: Provider, { token, from, nonce }: Authorization): Promise<boolean> {
  const data = TOKEN.encodeFunctionData("authorizationState", [from, nonce]);
  const [used] = TOKEN.decodeFunctionResult("authorizationState", await provider.call({ to: token, data }));
  return used;
}

/**
 * The transaction that used an authorization for this very transfer, since a block. Undefined if it was cancelled, or
 * its nonce used for another transfer.
 */
export async function findTransfer(
  provider: Provider,
  authorization: Authorization & { readonly to: Address; readonly amount: bigint; readonly since: number },
): Promise<Hex | undefined> {
  const { token, from, nonce, since } = authorization;
  const topics = [USED, zeroPadValue(from, 32), nonce];
  const newest = await provider.getBlockNumber();
  for (let fromBlock = since; fromBlock <= newest; fromBlock += BLOCK_RANGE) {
    const toBlock = Math.min(fromBlock + BLOCK_RANGE - 1, newest);
    const [used] = await provider.getLogs({ address: token, topics, fromBlock, toBlock });
    if (used)
      return (await isTransfer(provider, used, authorization)) ? (used.transactionHash as Hex) : undefined;
  }
  return undefined;
}

/**
 * USDC and OpenZeppelin's token emit the transfer right after the use. A transfer elsewhere in the transaction could
 * belong to another authorization.
 */
async function isTransfer(
  provider: Provider,
  used: Log,
  { token, from, to, amount }: Authorization & { readonly to: Address; readonly amount: bigint },
): Promise<boolean> {
  const receipt = await provider.getTransactionReceipt(used.transactionHash);
  const next = receipt?.logs.find(({ index }) => index === used.index + 1);
  if (next?.address !== token || next.topics[0] !== TRANSFER) return false;
  const { args } = TOKEN.parseLog(next) ?? {};
  return args?.from === from && args?.to === to && args?.value === amount;
}
