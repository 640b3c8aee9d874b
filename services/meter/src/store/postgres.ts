import { setTimeout as pause } from "node:timers/promises";
import { type ClientBase, DatabaseError, Pool, type PoolClient, types } from "pg";
import { StoreUnavailableError } from "../errors.ts";
import { createStore } from "./createStore.ts";
import { checkValues, type Database, type Queries, type Row, type Value } from "./sql.ts";
import type { Store } from "./store.ts";

/** A deadlock and a serialization failure: the same transaction can succeed the next time. */
const CONFLICTS = new Set(["40P01", "40001"]);
const ATTEMPTS = 10;
/** Grows with each attempt, milliseconds. */
const PAUSE = 50;
/** Classes of errors: no connection, not enough memory, disk or connections, and an operator's intervention. */
const UNAVAILABLE = new Set(["08", "53", "57"]);
/** A statement fails at the server after this long, and a lost connection here a little later, milliseconds. */
const STATEMENT_TIMEOUT = 20_000;
const QUERY_TIMEOUT = 30_000;
const CONNECTION_TIMEOUT = 10_000;
/** Number of the advisory lock behind `exclusive`. */
const LOCK = 0x6d65746572n;
const TRANSACTION_ID = "SELECT pg_current_xact_id()::text AS id";
const UNDECIDED = "in progress";

/**
 * A store in a PostgreSQL database (13 or newer), for many gateways and workers. It makes its tables in the
 * connection's schema.
 *
 * @param connectionString URL of the database, as `postgresql://user:password@host:5432/meter`
 * @throws {@link StoreVersionError} for a store of a newer program
 * @throws {@link StoreUnavailableError} while the database does not answer
 * @example
 * ```ts
 * const store = await postgresStore("postgresql://meter@db.example/meter");
 * ```
 */
export async function postgresStore(connectionString: string): Promise<Store> {
  return await createStore(openPostgres(connectionString));
}

export function openPostgres(connectionString: string): Database {
  const pool = new Pool({
    connectionString,
    types: { getTypeParser: parserOf },
    // Sends a group's statements without waiting for each answer.
    pipeline: true,
    keepAlive: true,
    connectionTimeoutMillis: CONNECTION_TIMEOUT,
    statement_timeout: STATEMENT_TIMEOUT,
    query_timeout: QUERY_TIMEOUT,
    // A stopped process must not keep its locks.
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT,
    onConnect: beDurable,
  });
  // A broken connection fails its queries, if it has any, and the pool makes a new one when needed.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  const run = createRunner();

  const queriesOf = (client: PoolClient): Queries => ({
    query: async (sql, values) => await run(client, sql, values),
    queryEach: async (sql, lists) => {
      for (const values of lists) checkValues(values);
      return await Promise.all(lists.map((values) => run(client, sql, values)));
    },
  });

  async function withClient<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await pool.connect().catch(fail);
    try {
      return await work(client);
    } finally {
      // A connection that broke or hangs in a transaction is closed, and the server rolls back.
      client.release(client.getTransactionStatus() !== "I");
    }
  }

  async function inTransaction<T>(client: PoolClient, work: (queries: Queries) => Promise<T>) {
    const [, [begun]] = await Promise.all([run(client, "BEGIN"), run(client, TRANSACTION_ID)]);
    try {
      const result = await work(queriesOf(client));
      const lost = await commit(client);
      return { result, id: begun?.id as string, lost };
    } catch (error) {
      await run(client, "ROLLBACK").catch(() => undefined);
      throw error;
    }
  }

  /** Returns the error if the connection broke before the answer. */
  async function commit(client: PoolClient): Promise<StoreUnavailableError | undefined> {
    try {
      await run(client, "COMMIT");
      return undefined;
    } catch (error) {
      if (error instanceof StoreUnavailableError) return error;
      throw error;
    }
  }

  /** Asks the server whether it committed a transaction. Its answer to the commit got lost. */
  async function wasCommitted(id: string): Promise<boolean> {
    const sql = "SELECT pg_xact_status($1::text::xid8) AS status";
    for (let attempt = 1; ; attempt++) {
      const [row] = await withClient((client) => run(client, sql, [id])).catch((error) => {
        if (attempt === ATTEMPTS) throw error;
        return [{ status: UNDECIDED }];
      });
      if (row?.status !== UNDECIDED || attempt === ATTEMPTS) return row?.status === "committed";
      await pause(attempt * PAUSE);
    }
  }

  const transaction: Database["transaction"] = async (work) =>
    await retried(async () => {
      const { result, id, lost } = await withClient((client) => inTransaction(client, work));
      if (lost && !(await wasCommitted(id))) throw lost;
      return result;
    });

  return {
    query: async (sql, values) => await retried(() => withClient((client) => run(client, sql, values))),
    queryEach: async (sql, lists) => await transaction(({ queryEach }) => queryEach(sql, lists)),
    transaction,
    exclusive: async (work) =>
      await transaction(async (queries) => {
        await queries.query("SELECT pg_advisory_xact_lock($1)", [LOCK]);
        return await work(queries);
      }),
    close: async () => await pool.end(),
  };
}

type Run = (client: PoolClient, sql: string, values?: readonly Value[]) => Promise<readonly Row[]>;

/** Each connection prepares a statement with values once, under one name. */
function createRunner(): Run {
  const names = new Map<string, string>();
  const nameOf = (sql: string) => {
    const name = names.get(sql) ?? `meter_${names.size}`;
    names.set(sql, name);
    return name;
  };
  return async (client, text, values = []) => {
    checkValues(values);
    const statement = values.length > 0 ? { name: nameOf(text), text, values: values.map(encoded) } : text;
    return (await client.query(statement).catch(fail)).rows;
  };
}

/** PostgreSQL's text has no NUL character. */
function encoded(value: Value): Value {
  return typeof value === "string" ? value.replaceAll("\0", "\uFFFD") : value;
}

function parserOf(type: number, format?: "text" | "binary"): (text: string) => unknown {
  return type === types.builtins.INT8 ? BigInt : types.getTypeParser(type, format as "text");
}

/** A server may be set up to confirm commits before they are on disk. */
async function beDurable(client: ClientBase): Promise<void> {
  await client.query(
    `SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`,
  );
}

function fail(error: Error): never {
  const isAnswer = error instanceof DatabaseError && !UNAVAILABLE.has(error.code?.slice(0, 2) ?? "");
  throw isAnswer ? error : new StoreUnavailableError(error);
}

async function retried<T>(step: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step();
    } catch (error) {
      const isConflict = error instanceof DatabaseError && CONFLICTS.has(error.code ?? "");
      if (!isConflict || attempt === ATTEMPTS) throw error;
      await pause(Math.random() * attempt * PAUSE);
    }
  }
}
