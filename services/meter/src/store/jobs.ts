import type { Database } from "./sql.ts";
import type { Store } from "./store.ts";

/** A table of jobs. A job in work is one that is not due before its worker's time is over. */
export function createJobs({ query }: Database): Pick<Store, "addJob" | "takeJob" | "hideJob" | "endJob"> {
  const now = () => BigInt(Date.now());

  return {
    addJob: async (batchId) => {
      await query(
        "INSERT INTO jobs (batch_id, attempts, visible_at) VALUES ($1, 0, $2) ON CONFLICT (batch_id) DO NOTHING",
        [batchId, now()],
      );
    },
    takeJob: async (milliseconds) => {
      // The outer condition is checked again after another worker's change.
      const [row] = await query(
        `UPDATE jobs SET attempts = attempts + 1, visible_at = $2 WHERE visible_at <= $1 AND batch_id =
         (SELECT batch_id FROM jobs WHERE visible_at <= $1 ORDER BY visible_at, batch_id LIMIT 1) RETURNING *`,
        [now(), now() + BigInt(milliseconds)],
      );
      return row && { batchId: row.batch_id as string, attempts: Number(row.attempts) };
    },
    hideJob: async ({ batchId, attempts }, milliseconds) => {
      const rows = await query(
        "UPDATE jobs SET visible_at = $3 WHERE batch_id = $1 AND attempts = $2 RETURNING batch_id",
        [batchId, BigInt(attempts), now() + BigInt(milliseconds)],
      );
      return rows.length > 0;
    },
    endJob: async ({ batchId, attempts }) => {
      await query("DELETE FROM jobs WHERE batch_id = $1 AND attempts = $2", [batchId, BigInt(attempts)]);
    },
  };
}
