import { StoreVersionError } from "../errors.ts";
import type { Database, Queries } from "./sql.ts";

/** Each version's statements, on top of the versions before. A published version never changes. */
const MIGRATIONS: readonly (readonly string[])[] = [
  [
    `CREATE TABLE accounts (
      license_id BIGINT PRIMARY KEY,
      offer_id BIGINT NOT NULL,
      used BIGINT NOT NULL,
      settled_units BIGINT NOT NULL,
      settled_contexts BIGINT NOT NULL,
      settled_salt TEXT,
      voucher_units BIGINT,
      voucher_contexts BIGINT,
      voucher_signature TEXT,
      voucher_usage TEXT,
      voucher_salt TEXT,
      waiting_since BIGINT,
      batch_id TEXT
    )`,
    "CREATE INDEX accounts_waiting ON accounts (waiting_since) WHERE waiting_since IS NOT NULL",
    `CREATE TABLE batches (
      id TEXT PRIMARY KEY,
      mode TEXT NOT NULL,
      state TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      offers TEXT NOT NULL,
      proof TEXT,
      transactions TEXT NOT NULL,
      hash TEXT,
      reason TEXT
    )`,
    "CREATE INDEX batches_under_way ON batches (created_at) WHERE state IN ('formed', 'proved', 'sent')",
    `CREATE TABLE batch_licenses (
      license_id BIGINT NOT NULL,
      batch_id TEXT NOT NULL,
      settled_at BIGINT,
      PRIMARY KEY (license_id, batch_id)
    )`,
    "CREATE TABLE leases (name TEXT PRIMARY KEY, holder TEXT NOT NULL, until BIGINT NOT NULL)",
  ],
  [
    `CREATE TABLE holds (
      kind TEXT NOT NULL,
      id BIGINT NOT NULL,
      until BIGINT NOT NULL,
      units BIGINT,
      reason TEXT NOT NULL,
      PRIMARY KEY (kind, id)
    )`,
    `CREATE TABLE jobs (
      batch_id TEXT PRIMARY KEY,
      attempts BIGINT NOT NULL,
      visible_at BIGINT NOT NULL
    )`,
    "CREATE INDEX jobs_visible ON jobs (visible_at)",
    "CREATE TABLE calls (id TEXT PRIMARY KEY, counted_at BIGINT NOT NULL)",
    "CREATE INDEX calls_counted ON calls (counted_at)",
    "CREATE INDEX batch_licenses_settled ON batch_licenses (settled_at) WHERE settled_at IS NOT NULL",
  ],
];

/**
 * Brings a store to this program's version.
 *
 * @throws {@link StoreVersionError} for a store of a newer program
 */
export async function migrate(database: Database): Promise<void> {
  await database.exclusive(async (queries) => {
    await queries.query("CREATE TABLE IF NOT EXISTS meter_schema (version BIGINT NOT NULL)");
    const version = await versionOf(queries);
    if (version > MIGRATIONS.length) throw new StoreVersionError(version, MIGRATIONS.length);
    for (const statement of MIGRATIONS.slice(version).flat()) await queries.query(statement);
    await queries.query("DELETE FROM meter_schema");
    await queries.query("INSERT INTO meter_schema (version) VALUES ($1)", [BigInt(MIGRATIONS.length)]);
  });
}

async function versionOf({ query }: Queries): Promise<number> {
  const [row] = await query("SELECT version FROM meter_schema");
  return Number(row?.version ?? 0n);
}
