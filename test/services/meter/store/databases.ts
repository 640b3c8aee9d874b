import { rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { postgresStore, type Store, sqliteStore } from "@benefit-grid/meter";
import { Client } from "pg";
import { temporaryFolder } from "../../../sdk/cli/support.ts";
import { newDatabase } from "../postgres.ts";

/** A kind of database to test. */
export type TestedDatabase = {
  readonly name: string;
  /** An address of a new, empty database. */
  readonly create: () => Promise<string>;
  readonly open: (address: string) => Promise<Store>;
  /** Runs one statement beside the store. */
  readonly execute: (address: string, sql: string) => Promise<unknown>;
};

/** Databases that several processes can open. */
export function sharedDatabases(): TestedDatabase[] {
  const folder = temporaryFolder();
  let files = 0;
  return [
    {
      name: "SQLite in a file",
      create: async () => {
        const file = `${folder}/${++files}.db`;
        rmSync(file, { force: true });
        return file;
      },
      open: sqliteStore,
      execute: async (file, sql) => {
        const database = new DatabaseSync(file);
        database.exec(sql);
        database.close();
      },
    },
    {
      name: "PostgreSQL",
      create: newDatabase,
      open: postgresStore,
      execute: async (connectionString, sql) => {
        const client = new Client({ connectionString });
        await client.connect();
        await client.query(sql).finally(() => client.end());
      },
    },
  ];
}

export const MEMORY: Pick<TestedDatabase, "name" | "create" | "open"> = {
  name: "SQLite in memory",
  create: async () => ":memory:",
  open: sqliteStore,
};
