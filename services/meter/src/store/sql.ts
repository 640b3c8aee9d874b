/** A value of a column. Whole numbers are bigint. */
export type Value = string | bigint | null;
export type Row = Readonly<Record<string, Value>>;

/**
 * A database by SQL that SQLite and PostgreSQL both understand: placeholders $1, $2, ..., BIGINT and TEXT.
 */
export type Database = {
  readonly query: (sql: string, values?: readonly Value[]) => Promise<readonly Row[]>;
  /** Runs a statement once for each list of values, in order. Returns the rows of each. */
  readonly queryEach: (
    sql: string,
    lists: readonly (readonly Value[])[],
  ) => Promise<readonly (readonly Row[])[]>;
  /** Commits what `work` does, or nothing if it throws. Transactions of one database follow each other. */
  readonly transaction: <T>(work: (database: Queries) => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
};
export type Queries = Pick<Database, "query" | "queryEach">;
