import { type Client, verifyOpening } from "@benefit-grid/sdk";
import type { AnyVoucher } from "@benefit-grid/sdk/meter";
import type { Account, SettledUsage, Store } from "../store/store.ts";
import { type License, readLicense, type ServedOffer } from "./license.ts";
import { Refusal } from "./refusal.ts";

/** A license in service. */
export type Seat = {
  license: License;
  account: Account;
  /** Most units of the calls in flight. */
  held: bigint;
};

/** Licenses in memory, at most. */
const MAX_SEATS = 100_000;
/** Unknown licenses that are looked up at the same time, at most. Anybody can name any number. */
const MAX_LOOKUPS = 256;
/** An id without a license stays unknown for this long, milliseconds. */
const UNKNOWN_FOR = 5_000;
const MAX_UNKNOWN = 10_000;

export type SeatsParameters = {
  readonly client: Client;
  readonly store: Store;
  readonly offers: ReadonlyMap<bigint, ServedOffer>;
};

/** The licenses in service. Each is read from the chain and the store once, and again when an event names it. */
export function createSeats({ client, store, offers }: SeatsParameters) {
  const seats = new Map<bigint, Seat>();
  const lookups = new Map<bigint, Promise<Seat>>();
  const unknown = new Map<bigint, number>();

  async function find(voucher: AnyVoucher): Promise<Seat> {
    const { licenseId } = voucher;
    const license = await readLicense(client, offers, licenseId).catch((cause) => {
      throw new Refusal("ChainUnreachable", `License ${licenseId} cannot be read: ${cause}. Try again.`);
    });
    if (!license) {
      if (unknown.size >= MAX_UNKNOWN) unknown.clear();
      unknown.set(licenseId, performance.now());
      throw unknownLicense(licenseId);
    }
    const account = (await store.account(licenseId)) ?? (await open(license, voucher));
    const seat = { license, account, held: 0n };
    evict();
    seats.set(licenseId, seat);
    return seat;
  }

  async function open(license: License, voucher: AnyVoucher): Promise<Account> {
    const { licenseId, offer } = license;
    return await store.open({ licenseId, offerId: offer.offerId, settled: settledUsage(license, voucher) });
  }

  /** The oldest ones without calls go first. */
  function evict(): void {
    if (seats.size < MAX_SEATS) return;
    for (const [licenseId, { held }] of seats) {
      if (held === 0n) {
        seats.delete(licenseId);
        return;
      }
    }
  }

  return {
    /** A license in service. Without a promise if it is known, which is the usual case. */
    of(voucher: AnyVoucher): Seat | Promise<Seat> {
      const { licenseId } = voucher;
      const known = seats.get(licenseId);
      if (known) return known;
      const under = lookups.get(licenseId);
      if (under) return under;
      const since = unknown.get(licenseId);
      if (since !== undefined && performance.now() - since < UNKNOWN_FOR) throw unknownLicense(licenseId);
      if (lookups.size >= MAX_LOOKUPS)
        throw new Refusal("Busy", "Too many licenses are looked up. Try again.");
      const lookup = find(voucher).finally(() => lookups.delete(licenseId));
      lookups.set(licenseId, lookup);
      return lookup;
    },
    /** Reads a known license again. */
    async refresh(licenseId: bigint): Promise<void> {
      unknown.delete(licenseId);
      const seat = seats.get(licenseId);
      if (!seat) return;
      const license = await readLicense(client, offers, licenseId);
      if (license) seat.license = license;
      else seats.delete(licenseId);
    },
    /** Reads the license and its account again at the next request. */
    forget: (licenseId: bigint): void => {
      seats.delete(licenseId);
    },
  };
}

export type Seats = ReturnType<typeof createSeats>;

function unknownLicense(licenseId: bigint): Refusal {
  return new Refusal("LicenseUnknown", `There is no license ${licenseId} of an offer served here.`);
}

/**
 * The settled usage of a license, for a store without its account. In private mode the chain has only a commitment: the
 * customer's voucher opens it.
 */
function settledUsage({ licenseId, usage }: License, voucher: AnyVoucher): SettledUsage {
  if (usage.commitment === undefined) return { units: usage.units, contexts: usage.contexts };
  if ("usage" in voucher && verifyOpening({ ...voucher, licenseId, usage: usage.commitment })) {
    const { units, contexts, salt } = voucher;
    return { units, contexts, salt };
  }
  const problem = "This meter cannot open the license's settled usage";
  throw new Refusal("OpeningUnknown", `${problem}. Send the voucher that was settled last.`);
}
