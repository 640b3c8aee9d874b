import { NumberOutOfRangeError } from "../errors.ts";

/** A value of a column. Whole numbers are bigint. */
export type Value = string | bigint | null;
export type Row = Readonly<Record<string, Value>>;

/** The largest whole number of a column. */
export const MAX_NUMBER = 2n ** 63n - 1n;

/**
 * A database by SQL that SQLite and PostgreSQL both understand: placeholders $1, $2, ..., BIGINT and TEXT.
 * All functions reject with {@link NumberOutOfRangeError} before a number that no column can hold is sent.
 */
export type Database = {
  readonly query: (sql: string, values?: readonly Value[]) => Promise<readonly Row[]>;
  /** Runs a statement once for each list of values, in order, all or none. Returns the rows of each. */
  readonly queryEach: (
    sql: string,
    lists: readonly (readonly Value[])[],
  ) => Promise<readonly (readonly Row[])[]>;
  /** Commits what `work` does, or nothing if it throws. `work` may run again after a conflict with another one. */
  readonly transaction: <T>(work: (database: Queries) => Promise<T>) => Promise<T>;
  /** A transaction that waits for others of its kind, also in other processes. */
  readonly exclusive: <T>(work: (database: Queries) => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
};
export type Queries = Pick<Database, "query" | "queryEach">;

export function isInRange(number: bigint): boolean {
  return number >= -MAX_NUMBER - 1n && number <= MAX_NUMBER;
}

/** SQLite would make a float of such a number. */
export function checkValues(values: readonly Value[]): void {
  for (const value of values)
    if (typeof value === "bigint" && !isInRange(value)) throw new NumberOutOfRangeError(value);
}
