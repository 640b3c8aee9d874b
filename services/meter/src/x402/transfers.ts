import type { Address, Hex } from "@benefit-grid/sdk";
import { Interface, type Log, type Provider, zeroPadValue } from "ethers";

const TOKEN = new Interface([
  "function authorizationState(address authorizer, bytes32 nonce) view returns (bool)",
  "event AuthorizationUsed(address indexed authorizer, bytes32 indexed nonce)",
  "event AuthorizationCanceled(address indexed authorizer, bytes32 indexed nonce)",
  "event Transfer(address indexed from, address indexed to, uint256 value)",
]);
const USED = TOKEN.getEvent("AuthorizationUsed")?.topicHash ?? "";
const CANCELED = TOKEN.getEvent("AuthorizationCanceled")?.topicHash ?? "";
const TRANSFER = TOKEN.getEvent("Transfer")?.topicHash ?? "";

/** Blocks per request to the node. */
const BLOCK_RANGE = 10_000;

export type Authorization = {
  readonly token: Address;
  readonly from: Address;
  readonly nonce: Hex;
};

/**
 * Whether an authorization of ERC-3009 is used or cancelled, by its token.
 *
 * @param confirmations blocks since then, with the one of its transaction
 */
export async function isUsed(
  provider: Provider,
  { token, from, nonce }: Authorization,
  confirmations = 1,
): Promise<boolean> {
  const data = TOKEN.encodeFunctionData("authorizationState", [from, nonce]);
  const blockTag = confirmations === 1 ? "latest" : (await provider.getBlockNumber()) - confirmations + 1;
  const result = await provider.call({ to: token, data, blockTag });
  return TOKEN.decodeFunctionResult("authorizationState", result)[0];
}

/** How an authorization was used. `otherwise`: cancelled, or its nonce used for another transfer. */
export type Use = { readonly hash: Hex; readonly is: "transfer" | "otherwise" };

/**
 * The use of an authorization since a block. Undefined if the node does not show it yet, or its logs are unclear.
 */
export async function findUse(
  provider: Provider,
  authorization: Authorization & { readonly since: number },
  transfer: Transfer,
): Promise<Use | undefined> {
  const { token, from, nonce, since } = authorization;
  const topics = [[USED, CANCELED], zeroPadValue(from, 32), nonce];
  const newest = await provider.getBlockNumber();
  for (let fromBlock = since; fromBlock <= newest; fromBlock += BLOCK_RANGE) {
    const toBlock = Math.min(fromBlock + BLOCK_RANGE - 1, newest);
    const [used] = await provider.getLogs({ address: token, topics, fromBlock, toBlock });
    if (used) return await useOf(provider, used, { ...transfer, from });
  }
  return undefined;
}

type Transfer = { readonly to: Address; readonly amount: bigint };

/**
 * USDC and OpenZeppelin's token emit the transfer right after the use. One elsewhere in the transaction may belong to
 * another authorization, so it proves nothing.
 */
async function useOf(
  provider: Provider,
  used: Log,
  { from, to, amount }: Transfer & { readonly from: Address },
): Promise<Use | undefined> {
  const receipt = await provider.getTransactionReceipt(used.transactionHash);
  if (!receipt) return undefined;
  const transfers = receipt.logs.filter(
    ({ address, topics }) => address === used.address && topics[0] === TRANSFER,
  );
  const isOurs = (log: Log) => {
    const { args } = TOKEN.parseLog(log) ?? {};
    return args?.from === from && args?.to === to && args?.value === amount;
  };
  const hash = used.transactionHash as Hex;
  const next = transfers.find(({ index }) => index === used.index + 1);
  if (next) return { hash, is: used.topics[0] === USED && isOurs(next) ? "transfer" : "otherwise" };
  return transfers.some(isOurs) ? undefined : { hash, is: "otherwise" };
}
