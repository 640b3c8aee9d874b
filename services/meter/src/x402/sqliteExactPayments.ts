import type { Address, Hex } from "@benefit-grid/sdk";
import { openDatabase } from "../store/nodeSqlite.ts";
import type { ExactKey, ExactPayment, ExactPayments, ExactState } from "./exactStore.ts";

const TABLE = `
  CREATE TABLE IF NOT EXISTS exact_payments (
    chain_id TEXT NOT NULL, token TEXT NOT NULL, payer TEXT NOT NULL, nonce TEXT NOT NULL,
    recipient TEXT NOT NULL, capsule_id TEXT NOT NULL, amount TEXT NOT NULL, signature TEXT NOT NULL,
    valid_before TEXT NOT NULL, block INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'settled', 'paid')),
    settled_hash TEXT, paid_hash TEXT, served INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (chain_id, token, payer, nonce)
  )`;
const INDEX = `
  CREATE INDEX IF NOT EXISTS exact_payments_open ON exact_payments (chain_id, token, recipient) WHERE state <> 'paid'`;
const BY_KEY = "chain_id = ? AND token = ? AND payer = ? AND nonce = ?";
const ADD = `
  INSERT INTO exact_payments
    (chain_id, token, payer, nonce, recipient, capsule_id, amount, signature, valid_before, block)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`;

type Row = Record<
  | "chain_id"
  | "token"
  | "payer"
  | "nonce"
  | "recipient"
  | "capsule_id"
  | "amount"
  | "signature"
  | "valid_before"
  | "state",
  string
> & { block: number; served: number; settled_hash: string | null; paid_hash: string | null };

/**
 * Authorizations in a SQLite file. Every change is on the disk when its method ends.
 *
 * @param path the file, created if missing. Keep it: a settled authorization is paid on from it
 * @example
 * ```ts
 * const store = sqliteExactPayments("exact.db");
 * ```
 */
export function sqliteExactPayments(path: string): ExactPayments {
  const database = openDatabase(path);
  database.exec("PRAGMA busy_timeout = 5000");
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  database.exec(TABLE);
  database.exec(INDEX);
  const run = (sql: string, ...values: (string | number)[]) => database.prepare(sql).run(...values).changes;
  const get = (key: ExactKey) => {
    const row = database.prepare(`SELECT * FROM exact_payments WHERE ${BY_KEY}`).get(...valuesOf(key));
    return row && paymentOf(row as Row);
  };

  return {
    async add(payment) {
      const { recipient, capsuleId, amount, signature, validBefore, block } = payment;
      const numbers = [capsuleId.toString(), amount.toString(), signature, validBefore.toString(), block];
      run(ADD, ...valuesOf(payment), recipient, ...numbers);
      return get(payment) as ExactPayment;
    },
    get: async (key) => get(key),
    async advance(key, state, hash) {
      const [column, before] = state === "settled" ? ["settled_hash", "received"] : ["paid_hash", "settled"];
      const change = `UPDATE exact_payments SET state = ?, ${column} = ? WHERE ${BY_KEY} AND state = ?`;
      run(change, state, hash, ...valuesOf(key), before);
    },
    async remove(key) {
      run(`DELETE FROM exact_payments WHERE ${BY_KEY} AND state = 'received'`, ...valuesOf(key));
    },
    async serve(key) {
      const change = `UPDATE exact_payments SET served = 1 WHERE ${BY_KEY} AND served = 0 AND state <> 'received'`;
      return run(change, ...valuesOf(key)) === 1;
    },
    async unserve(key) {
      run(`UPDATE exact_payments SET served = 0 WHERE ${BY_KEY}`, ...valuesOf(key));
    },
    async open({ chainId, token, recipient }) {
      const where = "chain_id = ? AND token = ? AND recipient = ? AND state <> 'paid'";
      const rows = database.prepare(`SELECT * FROM exact_payments WHERE ${where} ORDER BY block, nonce`);
      return (rows.all(chainId.toString(), token, recipient) as Row[]).map(paymentOf);
    },
    close: async () => database.close(),
  };
}

function valuesOf({ chainId, token, from, nonce }: ExactKey): [string, string, string, string] {
  return [chainId.toString(), token, from, nonce];
}

function paymentOf(row: Row): ExactPayment {
  return {
    chainId: BigInt(row.chain_id),
    token: row.token as Address,
    from: row.payer as Address,
    nonce: row.nonce as Hex,
    recipient: row.recipient as Address,
    capsuleId: BigInt(row.capsule_id),
    amount: BigInt(row.amount),
    signature: row.signature as Hex,
    validBefore: BigInt(row.valid_before),
    block: row.block,
    state: row.state as ExactState,
    served: row.served === 1,
    ...(row.settled_hash !== null && { settled: row.settled_hash as Hex }),
    ...(row.paid_hash !== null && { paid: row.paid_hash as Hex }),
  };
}
