import { randomUUID } from "node:crypto";
import { AccountNotFoundError } from "../errors.ts";
import { createBatches } from "./batches.ts";
import { createHolds, IS_HELD } from "./holds.ts";
import { createJobs } from "./jobs.ts";
import { createIsRecorded, createRecord, createRecordOnce } from "./record.ts";
import { accountOf, unsettledOf } from "./rows.ts";
import { migrate } from "./schema.ts";
import type { Database, Row } from "./sql.ts";
import type { Store } from "./store.ts";

/** Units of the newest voucher, or settled ones if it is older. */
const COVERED = `(CASE WHEN voucher_units IS NULL OR voucher_units < settled_units
  THEN settled_units ELSE voucher_units END)`;

/** Sums are exact: each is two columns, as PostgreSQL's and SQLite's own overflow. */
const TOTALS = `SELECT offer_id,
  CAST(SUM(CASE WHEN waiting_since IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS licenses,
  ${sumOf(`${COVERED} - settled_units`, "units")},
  ${sumOf(`CASE WHEN used > ${COVERED} THEN used - ${COVERED} ELSE 0 END`, "credit")},
  MIN(waiting_since) AS waiting_since
  FROM accounts GROUP BY offer_id ORDER BY offer_id`;

function sumOf(expression: string, name: string): string {
  const part = (half: string) => `CAST(SUM((${expression}) ${half}) AS BIGINT)`;
  return `${part("/ 4294967296")} AS ${name}_high, ${part("% 4294967296")} AS ${name}_low`;
}

function sumIn(row: Row, name: string): bigint {
  return (row[`${name}_high`] as bigint) * 4_294_967_296n + (row[`${name}_low`] as bigint);
}

/** The store's rules, in SQL for every database. */
export async function createStore(database: Database): Promise<Store> {
  try {
    await migrate(database);
  } catch (error) {
    await database.close();
    throw error;
  }
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
    record: createRecord(database),
    recordOnce: createRecordOnce(database),
    isRecorded: createIsRecorded(database),
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
        units: sumIn(row, "units"),
        credit: sumIn(row, "credit"),
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
