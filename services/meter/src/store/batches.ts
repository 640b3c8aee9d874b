import type { AnyVoucher } from "@benefit-grid/sdk/meter";
import { toJson } from "./json.ts";
import { batchOf, byLicense, vouchersOf } from "./rows.ts";
import type { Database, Queries, Value } from "./sql.ts";
import type { BatchChange, NewBatch, Store, StoredBatch } from "./store.ts";

type Batches = Pick<
  Store,
  | "createBatch"
  | "batch"
  | "batchesUnderWay"
  | "changeBatch"
  | "settleBatch"
  | "dropBatch"
  | "lastSettled"
  | "history"
  | "settledSince"
  | "correct"
>;

/** An account's voucher is beyond its usage: $2 units, $4 salt. */
const IS_BEYOND = "voucher_units > $2 OR (voucher_units = $2 AND voucher_salt IS DISTINCT FROM $4)";

/** Sets an account's settled usage: $1 license, $2 units, $3 contexts, $4 salt. A voucher beyond it waits since $5. */
const settleSince = (time: string) => `UPDATE accounts SET settled_units = $2, settled_contexts = $3,
  settled_salt = $4, waiting_since = CASE WHEN ${IS_BEYOND} THEN CAST(${time} AS BIGINT) END`;
const SETTLE = `${settleSince("$5")}, batch_id = NULL WHERE license_id = $1 AND batch_id = $6`;
const CORRECT = `${settleSince("COALESCE(waiting_since, $5)")} WHERE license_id = $1`;

/** Takes a license for batch $2 if its row, $3 units and $4 salt, is beyond the settled usage. */
const TAKE = `UPDATE accounts SET batch_id = $2 WHERE license_id = $1 AND batch_id IS NULL
  AND (settled_units < $3 OR (settled_units = $3 AND settled_salt IS DISTINCT FROM $4)) RETURNING license_id`;

/** Ends batch $1 as $2. Its row stays locked until the end, so nobody else can end it otherwise. */
const END = `UPDATE batches SET state = $2, hash = COALESCE($3, hash), reason = COALESCE($4, reason)
  WHERE id = $1 AND state IN ('formed', 'proved', 'sent') RETURNING *`;

/** Always after a license's settlements before, also in the same millisecond or after a jump of the clock. */
const MARK_SETTLED = `UPDATE batch_licenses SET settled_at = (
    SELECT CASE WHEN MAX(earlier.settled_at) >= $2 THEN MAX(earlier.settled_at) + 1 ELSE $2 END
    FROM batch_licenses AS earlier WHERE earlier.license_id = batch_licenses.license_id)
  WHERE batch_id = $1`;

/** Batches under way and ended ones, with the licenses that they take. */
export function createBatches(database: Database, newId: () => string): Batches {
  const { query, transaction } = database;
  const find = async (queries: Queries, id: string) => {
    const [row] = await queries.query("SELECT * FROM batches WHERE id = $1", [id]);
    return row && batchOf(row);
  };

  return {
    createBatch: async (batch) => {
      const id = newId();
      try {
        await transaction((queries) => insert(queries, id, batch));
        return id;
      } catch (error) {
        if (error instanceof Taken) return undefined;
        throw error;
      }
    },
    batch: async (id) => await find(database, id),
    batchesUnderWay: async () => {
      const rows = await query(
        "SELECT * FROM batches WHERE state IN ('formed', 'proved', 'sent') ORDER BY created_at, id",
      );
      return rows.map(batchOf);
    },
    changeBatch: async (id, from, change) => {
      const columns = columnsOf({ state: from, ...change });
      const set = columns.map(([name], i) => `${name} = $${i + 3}`).join(", ");
      const values = [id, from, ...columns.map(([, value]) => value)];
      const rows = await query(`UPDATE batches SET ${set} WHERE id = $1 AND state = $2 RETURNING id`, values);
      return rows.length > 0;
    },
    settleBatch: async (id, hash) =>
      await transaction(async (queries) => {
        const [row] = await queries.query(END, [id, "settled", hash ?? null, null]);
        if (row) await settle(queries, batchOf(row));
      }),
    dropBatch: async (id, reason) =>
      await transaction(async (queries) => {
        const [row] = await queries.query(END, [id, "dropped", null, reason]);
        if (row) await release(queries, batchOf(row));
      }),
    lastSettled: async (licenseId) => {
      const [row] = await query(
        `SELECT batches.* FROM batches JOIN batch_licenses ON batch_id = id
         WHERE license_id = $1 AND settled_at IS NOT NULL ORDER BY settled_at DESC LIMIT 1`,
        [licenseId],
      );
      return row && batchOf(row);
    },
    history: async (licenseId) => {
      const rows = await query(
        `SELECT batches.* FROM batches JOIN batch_licenses ON batch_id = id
         WHERE license_id = $1 ORDER BY created_at DESC, id LIMIT 100`,
        [licenseId],
      );
      return rows.map(batchOf);
    },
    settledSince: async (time) => {
      const rows = await query(
        `SELECT * FROM batches WHERE state = 'settled' AND id IN
         (SELECT batch_id FROM batch_licenses WHERE settled_at >= $1)`,
        [BigInt(time)],
      );
      return rows.map(batchOf);
    },
    correct: async (licenseId, { units, contexts, salt }) => {
      const values = [licenseId, units, contexts, salt?.toString() ?? null, BigInt(Date.now())];
      await query(CORRECT, values);
    },
  };
}

/** A license is in another batch under way. */
class Taken extends Error {}

async function insert({ query, queryEach }: Queries, id: string, batch: NewBatch): Promise<void> {
  const vouchers = sortedVouchers(batch);
  await query(
    `INSERT INTO batches (id, mode, state, created_at, offers, transactions)
     VALUES ($1, $2, 'formed', $3, $4, '[]')`,
    [id, batch.mode, BigInt(Date.now()), toJson(batch.offers)],
  );
  const taken = await queryEach(
    TAKE,
    vouchers.map((voucher) => [voucher.licenseId, id, voucher.units, saltOf(voucher)]),
  );
  if (taken.some((rows) => rows.length === 0)) throw new Taken();
  await queryEach(
    "INSERT INTO batch_licenses (license_id, batch_id) VALUES ($1, $2)",
    vouchers.map(({ licenseId }) => [licenseId, id]),
  );
}

function columnsOf({ state, proof, transactions, hash, reason }: BatchChange): [string, Value][] {
  const columns: [string, Value | undefined][] = [
    ["state", state],
    ["proof", proof === undefined ? undefined : toJson(proof)],
    ["transactions", transactions && toJson(transactions)],
    ["hash", hash],
    ["reason", reason],
  ];
  return columns.filter((column): column is [string, Value] => column[1] !== undefined);
}

/** Newer vouchers may have come meanwhile. They wait since the batch was formed, at most. */
async function settle({ query, queryEach }: Queries, batch: StoredBatch): Promise<void> {
  const { id, createdAt } = batch;
  const rows = sortedVouchers(batch).map((voucher) => {
    const { licenseId, units, contexts } = voucher;
    return [licenseId, units, contexts, saltOf(voucher), BigInt(createdAt), id];
  });
  await queryEach(SETTLE, rows);
  await query(MARK_SETTLED, [id, BigInt(Date.now())]);
}

async function release({ queryEach }: Queries, batch: StoredBatch): Promise<void> {
  const { id } = batch;
  await queryEach(
    "UPDATE accounts SET batch_id = NULL WHERE license_id = $1 AND batch_id = $2",
    sortedVouchers(batch).map(({ licenseId }) => [licenseId, id]),
  );
}

function sortedVouchers(batch: NewBatch): AnyVoucher[] {
  return [...vouchersOf(batch)].sort(byLicense);
}

function saltOf(voucher: AnyVoucher): string | null {
  return "salt" in voucher ? voucher.salt.toString() : null;
}
