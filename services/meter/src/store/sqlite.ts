import type { StatementSync } from "node:sqlite";
import { inTurn } from "../inTurn.ts";
import { createStore } from "./createStore.ts";
import { openDatabase } from "./nodeSqlite.ts";
import { checkValues, type Database, type Queries, type Row, type Value } from "./sql.ts";
import type { Store } from "./store.ts";

/** Of the longest statement, and more. */
const PLACEHOLDERS = Array.from({ length: 20 }, (_, i) => `$${i + 1}`);
/** Another process may hold the file's lock for this long, milliseconds. */
const BUSY_TIMEOUT = 10_000;

/**
 * A store in one file, for gateways and workers on one machine. What it confirmed survives a power failure
 * (write-ahead log, synchronous).
 *
 * @param file its path, or ":memory:"
 * @throws {@link StoreVersionError} for a store of a newer program
 * @throws {@link NodeVersionError} before Node 22.13
 * @example
 * ```ts
 * const store = await sqliteStore("meter.db");
 * ```
 */
export async function sqliteStore(file: string): Promise<Store> {
  return await createStore(openSqlite(file));
}

export function openSqlite(file: string): Database {
  const database = openDatabase(file);
  // The option `timeout` came after Node 22.13.
  database.exec(
    `PRAGMA busy_timeout = ${BUSY_TIMEOUT}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL`,
  );
  const statements = new Map<string, StatementSync>();

  function prepared(sql: string): StatementSync {
    const known = statements.get(sql);
    if (known) return known;
    const statement = database.prepare(sql);
    statement.setReadBigInts(true);
    statements.set(sql, statement);
    return statement;
  }

  const queries: Queries = {
    query: async (sql, values = []) => all(sql, values),
    queryEach: async (sql, lists) => lists.map((values) => all(sql, values)),
  };

  function all(sql: string, values: readonly Value[]): Row[] {
    checkValues(values);
    // Node 22.13 knows numbered placeholders by name alone.
    const named: Record<string, Value> = {};
    for (let i = 0; i < values.length; i++) named[PLACEHOLDERS[i] as string] = values[i] as Value;
    return prepared(sql).all(named) as unknown as Row[];
  }

  /** Takes the write lock at once: an upgrade from a read lock can fail at any time. */
  async function inTransaction<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    database.exec("BEGIN IMMEDIATE");
    try {
      const result = await work(queries);
      database.exec("COMMIT");
      return result;
    } catch (error) {
      rollBack();
      throw error;
    }
  }

  /** Some errors, as of a full disk, have rolled it back already. */
  function rollBack(): void {
    try {
      database.exec("ROLLBACK");
    } catch {}
  }

  /** A query outside of a transaction must not slip into one under way. */
  const turn = inTurn();
  const transaction: Database["transaction"] = async (work) => await turn(() => inTransaction(work));

  return {
    query: async (sql, values) => await turn(() => queries.query(sql, values)),
    queryEach: async (sql, lists) => await transaction(({ queryEach }) => queryEach(sql, lists)),
    transaction,
    exclusive: transaction,
    close: async () => await turn(async () => database.close()),
  };
}
