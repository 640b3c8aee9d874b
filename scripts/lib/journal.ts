import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { trackTransaction } from "@nomicfoundation/ignition-core";
import type { Provider } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import { DeploymentError } from "./problems.ts";

/** The fields of Ignition's journal that are read here. */
type Message = {
  readonly type: string;
  readonly futureId: string;
  readonly contractName?: string;
  readonly networkInteractionId?: number;
  readonly nonce?: number;
  readonly hash?: string;
  readonly transaction?: { hash: string };
  readonly receipt?: { blockNumber: number };
  readonly result?: { type: string; address?: string };
};

/** Ignition's record of a deployment: a folder with a line for each step, written before and after it. */
export type Journal = {
  readonly folder: string;
  /** Whether the deployment began. */
  readonly exists: boolean;
  /** Ids of the futures that are done. */
  readonly done: ReadonlySet<string>;
  /** The hash of the transaction of each future. */
  readonly hashes: ReadonlyMap<string, string>;
  /** The block of each created contract, by name. */
  readonly blocks: Readonly<Record<string, number>>;
  /** The block before the first transaction. */
  readonly blockBefore: number;
};

export function readJournal(folder: string): Journal {
  const messages = messagesOf(folder);
  const created = new Map(
    messages.flatMap(({ contractName, futureId }) => (contractName ? [[futureId, contractName]] : [])),
  );
  const confirmed = messages.filter(({ receipt }) => receipt);
  const blocks = confirmed.map(({ receipt }) => receipt?.blockNumber ?? 0);
  return {
    folder,
    exists: messages.length > 0,
    done: new Set(
      messages.filter(({ result }) => result?.type === "SUCCESS").map(({ futureId }) => futureId),
    ),
    hashes: new Map(confirmed.map(({ futureId, hash }) => [futureId, hash ?? ""])),
    blocks: Object.fromEntries(
      confirmed.flatMap(({ futureId, receipt }) => {
        const name = created.get(futureId);
        return name && receipt ? [[name, receipt.blockNumber]] : [];
      }),
    ),
    blockBefore: Math.min(...blocks) - 1,
  };
}

function journalOf(folder: string): string {
  return `${folder}/journal.jsonl`;
}

function messagesOf(folder: string): Message[] {
  const file = journalOf(folder);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Message);
}

/**
 * Prepares a journal for its continuation after a crash. Drops a line that was written in part. Finds a transaction that
 * was sent, but not noted: Ignition would send it twice.
 */
export async function mendJournal(
  connection: NetworkConnection,
  folder: string,
  deployer: string,
): Promise<void> {
  if (!existsSync(journalOf(folder))) return;
  dropTornLine(journalOf(folder));
  const { provider } = connection.ethers;
  for (const nonce of unnotedNonces(messagesOf(folder))) {
    const hash = await sentWith(provider, deployer, nonce);
    if (hash !== undefined) await trackTransaction(folder, hash, connection.provider, 1);
  }
  await waitForConfirmations(connection, deployer);
}

function dropTornLine(file: string): void {
  const lines = readFileSync(file, "utf8").split("\n");
  try {
    JSON.parse(lines.at(-1) || "{}");
  } catch {
    writeFileSync(file, lines.slice(0, -1).join("\n"));
  }
}

/** Nonces of transactions that were about to be sent when the process ended. */
function unnotedNonces(messages: readonly Message[]): number[] {
  const keyOf = ({ futureId, networkInteractionId }: Message) => `${futureId} ${networkInteractionId}`;
  const noted = new Set(messages.filter(({ type }) => type === "TRANSACTION_SEND").map(keyOf));
  return messages
    .filter((message) => message.type === "TRANSACTION_PREPARE_SEND" && !noted.has(keyOf(message)))
    .flatMap(({ nonce }) => nonce ?? []);
}

/** The hash of an account's transaction with this nonce, once it is mined. Undefined if the account sent none. */
async function sentWith(provider: Provider, account: string, nonce: number): Promise<string | undefined> {
  if ((await provider.getTransactionCount(account, "pending")) <= nonce) return undefined;
  for (let tries = 0; (await provider.getTransactionCount(account)) <= nonce; tries++) {
    if (tries > 600)
      throw new DeploymentError(
        `Transaction ${nonce} of ${account} waits in the node. Run again once it is mined.`,
      );
    await sleep(1_000);
  }
  let [before, at] = [0, await provider.getBlockNumber()];
  while (at - before > 1) {
    const middle = Math.floor((before + at) / 2);
    if ((await provider.getTransactionCount(account, middle)) > nonce) at = middle;
    else before = middle;
  }
  const block = await provider.getBlock(at, true);
  return block?.prefetchedTransactions.find((one) => one.from === account && one.nonce === nonce)?.hash;
}

/** Ignition's default. */
const CONFIRMATIONS = 5;

/** Ignition refuses to continue while a transaction of the deployer lacks confirmations. */
async function waitForConfirmations(
  { ethers, provider: node }: NetworkConnection,
  account: string,
): Promise<void> {
  const isAutomined = await node.request({ method: "hardhat_getAutomine" }).catch(() => false);
  if (isAutomined) return;
  const { provider } = ethers;
  for (let tries = 0; tries < 600; tries++) {
    const block = Math.max(0, (await provider.getBlockNumber()) - CONFIRMATIONS + 1);
    const counts = [
      provider.getTransactionCount(account, block),
      provider.getTransactionCount(account, "pending"),
    ];
    const [safe, pending] = await Promise.all(counts);
    if (safe === pending) return;
    await sleep(1_000);
  }
}
