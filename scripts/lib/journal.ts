import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { trackTransaction } from "@nomicfoundation/ignition-core";
import type { Provider } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";

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
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter(isJson).map((line): Message => JSON.parse(line));
}

/**
 * Prepares a journal for its continuation after a crash, and waits until the deployer's transactions are confirmed. Drops
 * lines that Ignition cannot read or continue. Adds lines for transactions that the crash left without one: Ignition
 * would send them again, or expect another nonce.
 */
export async function mendJournal(
  connection: NetworkConnection,
  folder: string,
  deployer: string,
): Promise<void> {
  const file = journalOf(folder);
  if (!existsSync(file)) return;
  dropLooseEnds(file);
  await waitForConfirmations(connection, deployer);
  const { provider } = connection.ethers;
  for (const nonce of unnotedNonces(messagesOf(folder))) {
    const hash = await sentWith(provider, deployer, nonce);
    if (hash !== undefined) await trackTransaction(folder, hash, connection.provider, 1);
  }
  for (const { futureId, networkInteractionId, transaction } of unconfirmed(messagesOf(folder))) {
    const receipt = await receiptOf(provider, transaction?.hash ?? "");
    if (!receipt) continue;
    const { hash, ...noted } = receipt;
    const line = { futureId, hash, networkInteractionId, receipt: noted, type: "TRANSACTION_CONFIRM" };
    appendFileSync(file, `\n${JSON.stringify(line)}`);
  }
}

/** Steps that Ignition cannot continue if nothing follows their first line. */
const BEGUN = /^(DEPLOYMENT|CALL|STATIC_CALL|SEND_DATA)_EXECUTION_STATE_INITIALIZE$/;

/** Drops a last line that was written in part, and steps that only began. */
function dropLooseEnds(file: string): void {
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  if (!isJson(lines.at(-1) ?? "")) lines.pop();
  const messages = lines.map((line): Message => JSON.parse(line));
  const count = Map.groupBy(messages, ({ futureId }) => futureId);
  const isLoose = ({ type, futureId }: Message) => BEGUN.test(type) && count.get(futureId)?.length === 1;
  const kept = lines.filter((_, i) => !isLoose(messages[i] as Message));
  writeFileSync(`${file}.new`, kept.map((line) => `\n${line}`).join(""));
  renameSync(`${file}.new`, file);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function keyOf({ futureId, networkInteractionId }: Message): string {
  return `${futureId} ${networkInteractionId}`;
}

/** Nonces of transactions that were about to be sent when the process ended. */
function unnotedNonces(messages: readonly Message[]): number[] {
  const noted = new Set(messages.filter(({ type }) => type === "TRANSACTION_SEND").map(keyOf));
  return messages
    .filter((message) => message.type === "TRANSACTION_PREPARE_SEND" && !noted.has(keyOf(message)))
    .flatMap(({ nonce }) => nonce ?? []);
}

/** Lines of transactions that were sent. */
function unconfirmed(messages: readonly Message[]): Message[] {
  const ended = ["TRANSACTION_CONFIRM", "ONCHAIN_INTERACTION_REPLACED_BY_USER"];
  const done = new Set(messages.filter(({ type }) => ended.includes(type)).map(keyOf));
  return messages.filter((message) => message.type === "TRANSACTION_SEND" && !done.has(keyOf(message)));
}

/** The hash of an account's transaction with this nonce. Undefined if none is mined. */
async function sentWith(provider: Provider, account: string, nonce: number): Promise<string | undefined> {
  if ((await provider.getTransactionCount(account)) <= nonce) return undefined;
  let [before, at] = [0, await provider.getBlockNumber()];
  while (at - before > 1) {
    const middle = Math.floor((before + at) / 2);
    if ((await provider.getTransactionCount(account, middle)) > nonce) at = middle;
    else before = middle;
  }
  const block = await provider.getBlock(at, true);
  return block?.prefetchedTransactions.find((one) => one.from === account && one.nonce === nonce)?.hash;
}

/** A receipt as the journal has it. */
async function receiptOf(provider: Provider, hash: string) {
  const receipt = await provider.getTransactionReceipt(hash);
  if (!receipt) return undefined;
  const { blockHash, blockNumber, contractAddress, logs, status } = receipt;
  return {
    hash,
    blockHash,
    blockNumber,
    ...(contractAddress !== null && { contractAddress }),
    logs: logs.map(({ address, data, index, topics }) => ({ address, data, logIndex: index, topics })),
    status: status === 1 ? "SUCCESS" : "FAILURE",
  };
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
