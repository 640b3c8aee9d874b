import { DatabaseSync, type StatementSync } from "node:sqlite";
import { createStore } from "./createStore.ts";
import type { Database, Row, Value } from "./sql.ts";
import type { Store } from "./store.ts";

/** Another process may hold the file's lock for this long, milliseconds. */
const BUSY_TIMEOUT = 10_000;

/**
 * A store in one file, for gateways and workers on one machine. What it confirmed survives a power failure
 * (write-ahead log, synchronous).
 *
 * @param file its path, or ":memory:"
 * @throws {@link StoreVersionError} for a store of a newer program
 * @example
 * ```ts
 * const store = await sqliteStore("meter.db");
 * ```
 */
export async function sqliteStore(file: string): Promise<Store> {
  return await createStore(openSqlite(file));
}

export function openSqlite(file: string): Database {
  const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT });
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
  const statements = new Map<string, StatementSync>();

  function prepared(sql: string): StatementSync {
    const known = statements.get(sql);
    if (known) return known;
    const statement = database.prepare(sql.replace(/\$(\d+)/g, "?$1"));
    statement.setReadBigInts(true);
    statements.set(sql, statement);
    return statement;
  }

  const all = (sql: string, values: readonly Value[]) => prepared(sql).all(...values) as unknown as Row[];
  const query = async (sql: string, values: readonly Value[] = []) => all(sql, values);
  const queryEach = async (sql: string, lists: readonly (readonly Value[])[]) =>
    lists.map((values) => all(sql, values));

  let last: Promise<unknown> = Promise.resolve();
  /** Takes the write lock at once: an upgrade from a read lock can fail at any time. */
  async function inTransaction<T>(
    work: (queries: { query: typeof query; queryEach: typeof queryEach }) => Promise<T>,
  ) {
    database.exec("BEGIN IMMEDIATE");
    try {
      const result = await work({ query, queryEach });
      database.exec("COMMIT");
      return result;
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw error;
    }
  }

  return {
    // A query outside of a transaction must not slip into one under way.
    query: async (sql, values) => await inTurn(() => query(sql, values)),
    queryEach: async (sql, lists) =>
      await inTurn(() => inTransaction((queries) => queries.queryEach(sql, lists))),
    transaction: async (work) => await inTurn(() => inTransaction(work)),
    close: async () => await inTurn(async () => database.close()),
  };

  function inTurn<T>(step: () => Promise<T>): Promise<T> {
    const result = last.then(step);
    last = result.catch(() => undefined);
    return result;
  }
}
