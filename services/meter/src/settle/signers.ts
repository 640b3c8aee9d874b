import { confirmSigners, type SignerChange } from "@benefit-grid/sdk";
import { readLicense } from "../gateway/license.ts";
import { createLogReader } from "../logReader.ts";
import type { Account, StoredTransaction } from "../store/store.ts";
import type { Context, Head } from "./context.ts";
import type { Deadlines } from "./deadlines.ts";

/**
 * Blocks read at the start. Older changes took effect by themselves, or soon do. The end of an older rental takes effect
 * after the settlement window.
 */
const LOOKBACK = 30_000;
/** Changes in one transaction, at most. */
const AT_ONCE = 100;

/** Confirms changes of signers once nothing of the old ones is unsettled. */
export function createSigners(context: Context, deadlines: Deadlines) {
  const { client, store, offers, meterId, rules, report, transactions, keepLease } = context;
  /** When each license's rental ends, seconds since 1970: then its holder follows, without an event. */
  const ends = new Map<bigint, bigint>();
  /** When each license's change was seen. */
  const seen = new Map<bigint, number>();
  let attempts: StoredTransaction[] = [];
  let sent: readonly bigint[] = [];
  const abi = client.contracts.LicenseNFT.interface;
  const rented = abi.getEvent("UpdateUser").topicHash;
  const topics = [[abi.getEvent("SignerChangeStarted").topicHash, rented]];
  const filter = { address: client.addresses.LicenseNFT, topics };
  const readTo = createLogReader(client, filter, LOOKBACK);

  async function look(newest: number): Promise<void> {
    for await (const log of readTo(newest)) {
      const licenseId = BigInt(log.topics[1] as string);
      if (log.topics[0] === rented) ends.set(licenseId, BigInt(log.data));
      else if (!seen.has(licenseId)) seen.set(licenseId, performance.now());
      deadlines.forget(licenseId);
    }
  }

  function lookForEnds(time: bigint): void {
    for (const [licenseId, expires] of ends) {
      if (expires > time) continue;
      ends.delete(licenseId);
      seen.set(licenseId, performance.now());
      deadlines.forget(licenseId);
    }
  }

  /** Changes that are still wanted, of licenses without anything to settle. */
  async function ready(): Promise<SignerChange[]> {
    const changes: SignerChange[] = [];
    for (const [licenseId, since] of seen) {
      // A gateway may not have seen the change yet, and still takes the old signer's vouchers.
      if (performance.now() - since < rules.confirmAfter || changes.length === AT_ONCE) continue;
      const license = await readLicense(client, offers, licenseId);
      if (license?.change === undefined) seen.delete(licenseId);
      else if (!owes(await store.account(licenseId))) changes.push({ licenseId, change: license.change });
    }
    return changes;
  }

  async function send(changes: readonly SignerChange[], own: readonly StoredTransaction[]) {
    const parameters = { meterId, changes };
    await confirmSigners.simulate(client, parameters);
    const nonce = await transactions.nextNonce(own);
    const transaction = await transactions.sign(await confirmSigners.prepare(client, parameters), nonce);
    await keepLease();
    attempts = [transaction];
    sent = changes.map(({ licenseId }) => licenseId);
    await transactions.broadcast(transaction);
  }

  async function follow(head: Head): Promise<void> {
    const outcome = await transactions.outcome(attempts, head.number);
    const last = attempts.at(-1) as StoredTransaction;
    if (outcome.state === "confirming") return;
    if (outcome.state === "pending") {
      await transactions.keepAlive(last);
      if (!outcome.isNext || Date.now() - last.sentAt < rules.replaceAfter) return;
      const replacement = await transactions.replacement(last, undefined);
      if (!replacement) return;
      await keepLease();
      attempts = [...attempts, replacement];
      return await transactions.broadcast(replacement);
    }
    if (outcome.state === "mined" && outcome.receipt.status === 1 && !outcome.cancels) {
      for (const licenseId of sent) seen.delete(licenseId);
      report({ kind: "signersConfirmed", licenseIds: sent, hash: outcome.receipt.hash });
    }
    attempts = [];
  }

  return {
    /** Its transaction under way. */
    transactions: (): readonly StoredTransaction[] => attempts,
    step: async (head: Head, own: () => Promise<readonly StoredTransaction[]>): Promise<void> => {
      await look(head.number);
      lookForEnds(head.time);
      if (attempts.length > 0) return await follow(head);
      const changes = await ready();
      if (changes.length > 0) await send(changes, await own());
    },
  };
}

/** A cover is owed nothing. */
function owes(account: Account | undefined): boolean {
  return account?.voucher !== undefined && account.voucher.units > account.settled.units;
}
