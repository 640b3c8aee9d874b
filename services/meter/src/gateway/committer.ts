import { setTimeout as pause } from "node:timers/promises";
import type { AnyVoucher } from "@benefit-grid/sdk/meter";
import type { Account, Entry, EntryError, Store } from "../store/store.ts";

/** An entry on its way to the store. */
export type Slot = {
  /** Adds units, if the entry has not left yet. Returns whether it did. */
  readonly add: (units: bigint) => boolean;
  /** Resolves with the account once the entry is on disk. */
  readonly stored: Promise<Account>;
};

export type Committer = {
  readonly record: (licenseId: bigint, units: bigint, voucher?: AnyVoucher) => Slot;
  /** Resolves when nothing is on its way. */
  readonly idle: () => Promise<void>;
};

/** Above this many entries in a transaction, the next one waits for more. */
const MANY = 2;
/** For this long, milliseconds. */
const GATHERING = 2;

type Waiting = PromiseWithResolvers<Account> & {
  entry: { -readonly [K in keyof Entry]: Entry[K] };
  hasLeft: boolean;
};

/**
 * Commits the entries of many requests in one transaction. While one is written, the next ones gather.
 *
 * @param onFailed called for the license of an entry that was not stored
 */
export function createCommitter(
  store: Pick<Store, "record">,
  onFailed: (licenseId: bigint) => void,
): Committer {
  let gathering: Waiting[] = [];
  let writing: Promise<void> | undefined;

  /** Entries of the last transaction. */
  let size = 0;

  async function write(): Promise<void> {
    // Requests of the same moment join. If there are many, more are worth waiting for.
    await (size > MANY ? pause(GATHERING) : new Promise((resolve) => setImmediate(resolve)));
    while (gathering.length > 0) {
      size = gathering.length;
      const group = gathering;
      gathering = [];
      for (const waiting of group) waiting.hasLeft = true;
      try {
        const accounts = await store.record(group.map(({ entry }) => entry));
        for (const [i, { resolve, reject }] of group.entries()) {
          const account = accounts[i] as Account | EntryError;
          if (account instanceof Error) reject(account);
          else resolve(account);
        }
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    writing = undefined;
  }

  function record(licenseId: bigint, units: bigint, voucher?: AnyVoucher): Slot {
    const entry = { licenseId, units, ...(voucher && { voucher }) };
    const waiting: Waiting = { entry, hasLeft: false, ...Promise.withResolvers<Account>() };
    waiting.promise.catch(() => onFailed(licenseId));
    gathering.push(waiting);
    writing ??= write();
    return {
      stored: waiting.promise,
      add: (more) => {
        if (waiting.hasLeft) return false;
        entry.units += more;
        return true;
      },
    };
  }

  return { record, idle: async () => await writing };
}
