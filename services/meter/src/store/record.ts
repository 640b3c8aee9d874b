import { AccountNotFoundError, NumberOutOfRangeError } from "../errors.ts";
import { accountOf, accountWith, byLicense, voucherValues } from "./rows.ts";
import { type Database, isInRange, MAX_NUMBER, type Queries, type Value } from "./sql.ts";
import type { Account, Entry, EntryError, Store } from "./store.ts";

/** A newer voucher: more units, or the same under another salt. $2 to $7 are units served and `voucherValues`. */
const IS_NEWER = `(COALESCE(voucher_units, -1) < $3
  OR (voucher_units = $3 AND voucher_salt IS DISTINCT FROM $7))`;

/** The voucher can be settled. */
const IS_BEYOND = "($3 > settled_units OR ($3 = settled_units AND settled_salt IS DISTINCT FROM $7))";

/** SQLite would add up to a float. */
const FITS = `license_id = $1 AND used <= ${MAX_NUMBER} - $2`;

/** The usual case. Finds no account if the voucher is not newer. */
const REPLACE = `UPDATE accounts SET used = used + $2, voucher_units = $3, voucher_contexts = $4,
  voucher_signature = $5, voucher_usage = $6, voucher_salt = $7,
  waiting_since = CASE WHEN ${IS_BEYOND} THEN COALESCE(waiting_since, $8) ELSE waiting_since END
  WHERE ${FITS} AND ${IS_NEWER}
  RETURNING license_id, offer_id, used, settled_units, settled_contexts, settled_salt`;

const SERVE = `UPDATE accounts SET used = used + $2 WHERE ${FITS} RETURNING *`;

/** Adds units and vouchers of a group of calls. */
export function createRecord({ transaction }: Database): Store["record"] {
  return async (entries) => {
    const results: (Account | EntryError | undefined)[] = entries.map(errorOf);
    const good = entries.map((entry, i) => ({ entry, i })).filter(({ i }) => results[i] === undefined);
    good.sort((a, b) => byLicense(a.entry, b.entry));
    if (good.length > 0) {
      const group = good.map(({ entry }) => entry);
      const added = await transaction(async (queries) => await add(queries, group));
      good.forEach(({ i }, at) => {
        results[i] = added[at];
      });
    }
    return results as (Account | EntryError)[];
  };
}

/** A call's number is kept for this long, milliseconds. */
const CALL_AGE = 86_400_000;

/** Adds a call's units once, whatever process counts it. */
export function createRecordOnce({ transaction }: Database): Store["recordOnce"] {
  return async (callId, entry) => {
    const wrong = errorOf(entry);
    if (wrong) throw wrong;
    return await transaction(async (queries) => {
      const now = BigInt(Date.now());
      await queries.query("DELETE FROM calls WHERE counted_at < $1", [now - BigInt(CALL_AGE)]);
      const added = await queries.query(
        "INSERT INTO calls (id, counted_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING RETURNING id",
        [callId, now],
      );
      const isRepeated = added.length === 0;
      const [account] = await add(queries, [isRepeated ? { ...entry, units: 0n } : entry]);
      if (account instanceof Error) throw account;
      return { account: account as Account, isRepeated };
    });
  };
}

export function createIsRecorded({ query }: Database): Store["isRecorded"] {
  return async (callId) => (await query("SELECT id FROM calls WHERE id = $1", [callId])).length > 0;
}

/** Accounts are changed in the entries' order, so that two gateways do not wait for each other. */
async function add({ query }: Queries, entries: readonly Entry[]): Promise<(Account | EntryError)[]> {
  const now = BigInt(Date.now());
  const rows = await Promise.all(
    entries.map((entry) => (entry.voucher ? query(REPLACE, valuesOf(entry, now)) : serve(query, entry))),
  );
  const results: (Account | EntryError)[] = [];
  for (const [i, entry] of entries.entries()) {
    const [row] = rows[i] ?? [];
    if (row) results.push(entry.voucher ? accountWith(row, entry.voucher) : accountOf(row));
    else results.push(await withoutVoucher(query, entry));
  }
  return results;
}

const serve = (query: Queries["query"], { licenseId, units }: Entry) => query(SERVE, [licenseId, units]);

/** The voucher was not newer, or the account was not changed. */
async function withoutVoucher(query: Queries["query"], entry: Entry): Promise<Account | EntryError> {
  const [row] = entry.voucher ? await serve(query, entry) : [];
  return row ? accountOf(row) : await reasonFor(query, entry);
}

/** Why an entry's account was not changed. */
async function reasonFor(query: Queries["query"], { licenseId, units }: Entry): Promise<EntryError> {
  const [row] = await query("SELECT used FROM accounts WHERE license_id = $1", [licenseId]);
  return row ? new NumberOutOfRangeError((row.used as bigint) + units) : new AccountNotFoundError(licenseId);
}

function errorOf({ licenseId, units, voucher }: Entry): EntryError | undefined {
  const numbers = [licenseId, units, voucher?.units ?? 0n, voucher?.contexts ?? 0n];
  const wrong = numbers.find((number) => number < 0n || !isInRange(number));
  return wrong === undefined ? undefined : new NumberOutOfRangeError(wrong);
}

function valuesOf({ licenseId, units, voucher }: Entry, now: bigint): Value[] {
  return [licenseId, units, ...voucherValues(voucher), now];
}
