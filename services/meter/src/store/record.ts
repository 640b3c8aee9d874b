import { AccountNotFoundError, NumberOutOfRangeError } from "../errors.ts";
import { accountOf, byLicense, voucherValues } from "./rows.ts";
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
  WHERE ${FITS} AND ${IS_NEWER} RETURNING *`;

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

async function add(queries: Queries, entries: readonly Entry[]): Promise<(Account | EntryError)[]> {
  const now = BigInt(Date.now());
  const results = new Map<Entry, Account>();
  const change = async (sql: string, some: readonly Entry[], valuesOf: (entry: Entry) => Value[]) => {
    if (some.length === 0) return;
    const rows = await queries.queryEach(sql, some.map(valuesOf));
    for (const [i, entry] of some.entries()) {
      const row = rows[i]?.[0];
      if (row) results.set(entry, accountOf(row));
    }
  };
  const withVoucher = entries.filter(({ voucher }) => voucher !== undefined);
  await change(REPLACE, withVoucher, (entry) => valuesOf(entry, now));
  const others = entries.filter((entry) => !results.has(entry));
  await change(SERVE, others, ({ licenseId, units }) => [licenseId, units]);
  const found: (Account | EntryError)[] = [];
  for (const entry of entries) found.push(results.get(entry) ?? (await reasonFor(queries, entry)));
  return found;
}

/** Why an entry's account was not changed. */
async function reasonFor({ query }: Queries, { licenseId, units }: Entry): Promise<EntryError> {
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
