import { toJson } from "./json.ts";
import { batchOf, vouchersOf } from "./rows.ts";
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

/** Sets an account's settled usage: $1 license, $2 units, $3 contexts, $4 salt, $5 time of a voucher beyond it. */
const SETTLE = `UPDATE accounts SET settled_units = $2, settled_contexts = $3, settled_salt = $4,
  waiting_since = CASE WHEN ${IS_BEYOND} THEN $5 END`;

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
      const columns = columnsOf(change);
      const set = columns.map(([name], i) => `${name} = $${i + 3}`).join(", ");
      const values = columns.map(([, value]) => value);
      const rows = await query(`UPDATE batches SET ${set} WHERE id = $1 AND state = $2 RETURNING id`, [
        id,
        from,
        ...values,
      ]);
      return rows.length > 0;
    },
    settleBatch: async (id, hash) =>
      await transaction(async (queries) => {
        const batch = await find(queries, id);
        if (batch && isUnderWay(batch)) await settle(queries, batch, hash ?? null);
      }),
    dropBatch: async (id, reason) =>
      await transaction(async (queries) => {
        const batch = await find(queries, id);
        if (!batch || !isUnderWay(batch)) return;
        await queries.query("UPDATE accounts SET batch_id = NULL WHERE batch_id = $1", [id]);
        await queries.query("UPDATE batches SET state = 'dropped', reason = $2 WHERE id = $1", [id, reason]);
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
      await query(`${SETTLE} WHERE license_id = $1`, values);
    },
  };
}

/** A license is in another batch under way. */
class Taken extends Error {}

async function insert({ query, queryEach }: Queries, id: string, batch: NewBatch): Promise<void> {
  const licenseIds = vouchersOf(batch).map(({ licenseId }) => licenseId);
  await query(
    `INSERT INTO batches (id, mode, state, created_at, offers, transactions)
     VALUES ($1, $2, 'formed', $3, $4, '[]')`,
    [id, batch.mode, BigInt(Date.now()), toJson(batch.offers)],
  );
  const taken = await queryEach(
    "UPDATE accounts SET batch_id = $2 WHERE license_id = $1 AND batch_id IS NULL RETURNING license_id",
    licenseIds.map((licenseId) => [licenseId, id]),
  );
  if (taken.some((rows) => rows.length === 0)) throw new Taken();
  await queryEach(
    "INSERT INTO batch_licenses (license_id, batch_id) VALUES ($1, $2)",
    licenseIds.map((licenseId) => [licenseId, id]),
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

function isUnderWay({ state }: StoredBatch): boolean {
  return state !== "settled" && state !== "dropped";
}

/** Newer vouchers may have come meanwhile. They wait since the batch was formed, at most. */
async function settle({ query, queryEach }: Queries, batch: StoredBatch, hash: string | null): Promise<void> {
  const { id } = batch;
  const rows = vouchersOf(batch).map((voucher) => {
    const salt = "salt" in voucher ? voucher.salt.toString() : null;
    return [voucher.licenseId, voucher.units, voucher.contexts, salt, BigInt(batch.createdAt), id];
  });
  await queryEach(`${SETTLE}, batch_id = NULL WHERE license_id = $1 AND batch_id = $6`, rows);
  await query("UPDATE batch_licenses SET settled_at = $2 WHERE batch_id = $1", [id, BigInt(Date.now())]);
  await query("UPDATE batches SET state = 'settled', hash = $2 WHERE id = $1", [id, hash]);
}
