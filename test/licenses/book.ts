import type { Interface, LogDescription } from "ethers";
import { ethers, type GridFixture, WINDOW } from "../grid.ts";

type License = {
  offerId: bigint;
  prepaid: bigint;
  expiry: bigint;
  bought: bigint;
  closing: boolean;
  keyed: boolean;
  rented: boolean;
};
type Keys = { signer: string; changeAt: bigint; changes: bigint; pending: string };

/** The storage of capsules, terms and licenses, rebuilt from events alone. */
export type Book = ReturnType<typeof emptyBook>;

function emptyBook() {
  return {
    /** by capsule: kind, versions, shares version */
    capsules: new Map<bigint, { kind: bigint; versions: bigint; sharesVersion: bigint }>(),
    /** by capsule/version: content hash and URI */
    versions: new Map<string, [string, string]>(),
    /** by capsule/shares version */
    shareOwners: new Map<string, string>(),
    capsuleOwners: new Map<bigint, string>(),
    /** by derivative: capsule, license and share of each parent */
    parents: new Map<bigint, [bigint, bigint, bigint][]>(),
    /** the license contract known to capsules */
    capsuleLicenses: ethers.ZeroAddress as string,
    commitments: new Map<string, bigint>(),
    /** by content hash: capsule, version and time */
    firstRegistrations: new Map<string, [bigint, bigint, bigint]>(),
    /** by capsule/version: root */
    manifests: new Map<string, string>(),
    /** by terms id */
    conditions: new Map<string, unknown[]>(),
    /** by code: kind and name */
    contexts: [] as [bigint, string][],
    /** of capsules registered with their first offer */
    publishers: new Map<bigint, string>(),
    offers: new Map<
      bigint,
      { capsuleId: bigint; termsId: string; pricePerMillion: bigint; retired: boolean }
    >(),
    ledgers: new Map<string, bigint>(),
    holders: new Map<bigint, string>(),
    licenses: new Map<bigint, License>(),
    keys: new Map<bigint, Keys>(),
    /** of rentals whose end is not in `keys` yet */
    rentals: new Map<bigint, { user: string; expires: bigint }>(),
    subscriptions: new Map<bigint, [bigint, bigint]>(),
    /** number of events by name */
    counts: new Map<string, number>(),
  };
}

/** The time of an event, and the token's holder before a transfer in the same transaction. */
type Moment = { time: bigint; from: string | undefined };
type Entry = (book: Book, args: LogDescription["args"], moment: Moment) => void;

const CAPSULE_ENTRIES: Record<string, Entry> = {
  Transfer: (book, [, to, id]) => book.capsuleOwners.set(id, to),
  CapsuleRegistered: (book, [id, , kind]) => book.capsules.set(id, { kind, versions: 0n, sharesVersion: 0n }),
  VersionPublished: (book, [id, version, hash, uri], { time }) => {
    found(book.capsules, id).versions = version;
    book.versions.set(`${id}/${version}`, [hash, uri]);
    if (!book.firstRegistrations.has(hash)) book.firstRegistrations.set(hash, [id, version, time]);
  },
  DerivativeRegistered: (book, [id, parent, license, share]) =>
    book.parents.set(id, [...(book.parents.get(id) ?? []), [parent, license, share]]),
  CapsuleLicensesSet: (book, [licenses]) => {
    book.capsuleLicenses = licenses;
  },
  ContentCommitted: (book, [commitment], { time }) => book.commitments.set(commitment, time),
  ContentRevealed: (book, [hash, id, version, commitment]) =>
    book.firstRegistrations.set(hash, [id, version, found(book.commitments, commitment)]),
  ManifestPublished: (book, [id, version, , root]) => book.manifests.set(`${id}/${version}`, root),
  SharesSet: (book, [id, version, owner]) => startShares(book, id, version, owner),
  SharesCarriedOver: (book, [id, version, owner]) => startShares(book, id, version, owner),
};

const TERMS_ENTRIES: Record<string, Entry> = {
  TermsRegistered: (book, [termsId, terms]) => book.conditions.set(termsId, [...terms.conditions]),
  ContextDefined: (book, [code, kind, name]) => {
    book.contexts[Number(code)] = [kind, name];
  },
  OfferCreated: (book, [id, capsuleId, termsId, { pricePerMillion }]) =>
    book.offers.set(id, { capsuleId, termsId, pricePerMillion, retired: false }),
  CapsulePublished: (book, [capsuleId, , publisher]) => book.publishers.set(capsuleId, publisher),
  OfferRetired: (book, [id]) => {
    found(book.offers, id).retired = true;
  },
  LedgerAdmitted: (book, [ledger]) => book.ledgers.set(ledger, 1n),
  LedgerRetired: (book, [ledger]) => book.ledgers.set(ledger, 2n),
};

const LICENSE_ENTRIES: Record<string, Entry> = {
  Transfer: (book, [, to, id]) => {
    if (to === ethers.ZeroAddress) book.holders.delete(id);
    else book.holders.set(id, to);
  },
  LicenseMinted: (book, [id, offerId, , signer, prepaid, expiry]) => {
    const keyed = signer !== ethers.ZeroAddress;
    book.licenses.set(id, {
      offerId,
      prepaid,
      expiry,
      bought: prepaid,
      closing: false,
      keyed,
      rented: false,
    });
    book.keys.set(id, { signer, changeAt: 0n, changes: 0n, pending: ethers.ZeroAddress });
  },
  LicenseToppedUp: (book, [id, units]) => {
    found(book.licenses, id).prepaid += units;
    found(book.licenses, id).bought += units;
  },
  LicenseRenewed: (book, [id, units, expiry]) => {
    const license = found(book.licenses, id);
    book.licenses.set(id, { ...license, prepaid: license.prepaid + units, expiry, bought: units });
  },
  SignerChangeStarted: (book, [id, pending, changeAt, changes], { time, from }) => {
    const license = found(book.licenses, id);
    const holder = from ?? found(book.holders, id);
    const keys = keysAt(book, id, holder, time);
    if (keys !== book.keys.get(id)) book.rentals.delete(id);
    const isOver = keys.changeAt !== 0n && time > keys.changeAt;
    const signer = license.keyed ? (isOver ? keys.pending : keys.signer) : holder;
    license.keyed = true;
    book.keys.set(id, { signer, changeAt, changes, pending });
  },
  SignerChangeConfirmed: (book, [id, signer]) => {
    book.keys.set(id, { ...found(book.keys, id), signer, changeAt: 0n });
  },
  UpdateUser: (book, [id, user, expires], { time, from }) => {
    book.keys.set(id, keysAt(book, id, from ?? found(book.holders, id), time));
    found(book.licenses, id).rented = user !== ethers.ZeroAddress;
    if (user === ethers.ZeroAddress) book.rentals.delete(id);
    else book.rentals.set(id, { user, expires });
  },
  LicenseSubscribed: (book, [id, units, maxPrice]) => book.subscriptions.set(id, [units, maxPrice]),
  LicenseUnsubscribed: (book, [id]) => book.subscriptions.delete(id),
  TokenExpiryUpdated: (book, [id, , expiry]) => {
    found(book.licenses, id).expiry = expiry;
  },
  CloseRequested: (book, [id, expiry]) => end(book, id, expiry),
  LicenseRevoked: (book, [id, expiry]) => end(book, id, expiry),
  LicenseClosed: (book, [id]) => book.licenses.delete(id),
  LicenseLapsed: (book, [id]) => book.licenses.delete(id),
};

/** A license's keys at a time: the end of a rental is a change to the holder, with its own number. */
export function keysAt(book: Book, id: bigint, holder: string, time: bigint): Keys {
  const keys = found(book.keys, id);
  const rental = book.rentals.get(id);
  if (!rental || time < rental.expires) return keys;
  const hadChanged = keys.changeAt !== 0n && rental.expires - 1n > keys.changeAt;
  const signer = hadChanged ? keys.pending : keys.signer;
  const changeAt = signer === holder ? 0n : rental.expires + WINDOW;
  return { signer, changeAt, changes: keys.changes + 1n, pending: holder };
}

function found<K, V>(entries: Map<K, V>, key: K): V {
  const entry = entries.get(key);
  if (entry === undefined) throw new Error(`No event told of ${key} before.`);
  return entry;
}

function startShares(book: Book, id: bigint, version: bigint, owner: string) {
  found(book.capsules, id).sharesVersion = version;
  book.shareOwners.set(`${id}/${version}`, owner);
}

function end(book: Book, id: bigint, expiry: bigint) {
  book.licenses.set(id, { ...found(book.licenses, id), closing: true, expiry });
}

/** Reads every event of the three contracts, in order. */
export async function readBook({ capsules, terms, licenses }: GridFixture): Promise<Book> {
  const book = emptyBook();
  const readers = new Map<string, [Interface, Record<string, Entry>]>([
    [await capsules.getAddress(), [capsules.interface, CAPSULE_ENTRIES]],
    [await terms.getAddress(), [terms.interface, TERMS_ENTRIES]],
    [await licenses.getAddress(), [licenses.interface, LICENSE_ENTRIES]],
  ]);
  let transferred = { hash: "", from: "" };
  for (const log of await ethers.provider.getLogs({ fromBlock: 0 })) {
    const [face, entries] = readers.get(log.address) ?? [];
    const event = face?.parseLog(log);
    if (!event || !entries) continue;
    if (event.name === "Transfer") transferred = { hash: log.transactionHash, from: event.args.from };
    const from = transferred.hash === log.transactionHash ? transferred.from : undefined;
    const time = BigInt((await ethers.provider.getBlock(log.blockNumber))?.timestamp ?? 0);
    entries[event.name]?.(book, event.args, { time, from });
    book.counts.set(event.name, (book.counts.get(event.name) ?? 0) + 1);
  }
  return book;
}

export const EVENTS = [CAPSULE_ENTRIES, TERMS_ENTRIES, LICENSE_ENTRIES].flatMap((entries) =>
  Object.keys(entries),
);
