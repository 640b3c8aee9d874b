import { randomUUID } from "node:crypto";
import { AccountNotFoundError } from "../errors.ts";
import { createBatches } from "./batches.ts";
import { createHolds, IS_HELD } from "./holds.ts";
import { createJobs } from "./jobs.ts";
import { accountOf, unsettledOf, voucherValues } from "./rows.ts";
import { migrate } from "./schema.ts";
import type { Database, Value } from "./sql.ts";
import type { Entry, Store } from "./store.ts";

/** A newer voucher: more units, or the same under another salt. $2 to $7 are units served and `voucherValues`. */
const IS_NEWER = `$3 IS NOT NULL AND (voucher_units IS NULL OR voucher_units < $3
  OR (voucher_units = $3 AND voucher_salt IS DISTINCT FROM $7))`;

const RECORD = `UPDATE accounts SET used = used + $2,
  voucher_units = CASE WHEN ${IS_NEWER} THEN $3 ELSE voucher_units END,
  voucher_contexts = CASE WHEN ${IS_NEWER} THEN $4 ELSE voucher_contexts END,
  voucher_signature = CASE WHEN ${IS_NEWER} THEN $5 ELSE voucher_signature END,
  voucher_usage = CASE WHEN ${IS_NEWER} THEN $6 ELSE voucher_usage END,
  voucher_salt = CASE WHEN ${IS_NEWER} THEN $7 ELSE voucher_salt END,
  waiting_since = CASE WHEN ${IS_NEWER} THEN COALESCE(waiting_since, $8) ELSE waiting_since END
  WHERE license_id = $1 RETURNING *`;

const SERVE = "UPDATE accounts SET used = used + $2 WHERE license_id = $1 RETURNING *";

/** Units of the newest voucher, or settled ones if it is older. */
const COVERED = `CASE WHEN voucher_units IS NULL OR voucher_units < settled_units
  THEN settled_units ELSE voucher_units END`;

const TOTALS = `SELECT offer_id,
  CAST(SUM(CASE WHEN ${COVERED} > settled_units THEN 1 ELSE 0 END) AS BIGINT) AS licenses,
  CAST(SUM(${COVERED} - settled_units) AS BIGINT) AS units,
  CAST(SUM(CASE WHEN used > ${COVERED} THEN used - (${COVERED}) ELSE 0 END) AS BIGINT) AS credit,
  MIN(CASE WHEN ${COVERED} > settled_units THEN waiting_since END) AS waiting_since
  FROM accounts GROUP BY offer_id ORDER BY offer_id`;

/** The store's rules, in SQL for every database. */
export async function createStore(database: Database): Promise<Store> {
  await migrate(database);
  const { query } = database;

  async function account(licenseId: bigint) {
    const [row] = await query("SELECT * FROM accounts WHERE license_id = $1", [licenseId]);
    return row && accountOf(row);
  }

  return {
    account,
    open: async ({ licenseId, offerId, settled: { units, contexts, salt } }) => {
      const values = [licenseId, offerId, units, contexts, salt?.toString() ?? null];
      await query(
        `INSERT INTO accounts (license_id, offer_id, used, settled_units, settled_contexts, settled_salt)
         VALUES ($1, $2, $3, $3, $4, $5) ON CONFLICT (license_id) DO NOTHING`,
        values,
      );
      const opened = await account(licenseId);
      if (!opened) throw new AccountNotFoundError(licenseId);
      return opened;
    },
    record: async (entries) => {
      // Always in one order: two gateways that lock accounts in turn must not wait for each other.
      const sorted = entries.map((entry, i) => ({ entry, i })).sort((a, b) => order(a.entry, b.entry));
      const now = BigInt(Date.now());
      const results = await database.transaction(async ({ queryEach }) => {
        if (entries.every(({ voucher }) => voucher === undefined)) {
          return await queryEach(
            SERVE,
            sorted.map(({ entry }) => [entry.licenseId, entry.units]),
          );
        }
        return await queryEach(
          RECORD,
          sorted.map(({ entry }) => valuesOf(entry, now)),
        );
      });
      const accounts = new Array(entries.length);
      sorted.forEach(({ entry, i }, at) => {
        const row = results[at]?.[0];
        if (!row) throw new AccountNotFoundError(entry.licenseId);
        accounts[i] = accountOf(row);
      });
      return accounts;
    },
    unsettled: async (limit) => {
      const rows = await query(
        `SELECT * FROM accounts WHERE waiting_since IS NOT NULL AND batch_id IS NULL AND NOT ${IS_HELD}
         ORDER BY waiting_since, license_id LIMIT $1`,
        [BigInt(limit), BigInt(Date.now())],
      );
      return rows.map(unsettledOf);
    },
    totals: async () =>
      (await query(TOTALS)).map((row) => ({
        offerId: row.offer_id as bigint,
        licenses: Number(row.licenses),
        units: row.units as bigint,
        credit: row.credit as bigint,
        waitingSince: row.waiting_since === null ? undefined : Number(row.waiting_since),
      })),
    lease: async (name, holder, milliseconds) => {
      const now = BigInt(Date.now());
      const rows = await query(
        `INSERT INTO leases (name, holder, until) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET holder = $2, until = $3
         WHERE leases.holder = $2 OR leases.until < $4 RETURNING name`,
        [name, holder, now + BigInt(milliseconds), now],
      );
      return rows.length > 0;
    },
    ...createBatches(database, randomUUID),
    ...createHolds(database),
    ...createJobs(database),
    close: database.close,
  };
}

function order(a: Entry, b: Entry): number {
  if (a.licenseId === b.licenseId) return 0;
  return a.licenseId < b.licenseId ? -1 : 1;
}

function valuesOf({ licenseId, units, voucher }: Entry, now: bigint): Value[] {
  return [licenseId, units, ...voucherValues(voucher), now];
}
