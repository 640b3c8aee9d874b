import type { DatabaseSync } from "node:sqlite";
import { NodeVersionError } from "../errors.ts";

/**
 * Opens an SQLite file. An import would fail on an older Node before anybody can say why.
 *
 * @throws {@link NodeVersionError} before Node 22.13
 */
export function openDatabase(file: string): DatabaseSync {
  const sqlite = process.getBuiltinModule?.("node:sqlite");
  if (!sqlite) throw new NodeVersionError();
  return new sqlite.DatabaseSync(file);
}
