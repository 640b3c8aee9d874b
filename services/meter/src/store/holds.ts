import type { Database, Row } from "./sql.ts";
import type { Hold, Store } from "./store.ts";

/** An account's offer or license is held: $2 is the time. */
export const IS_HELD = `EXISTS (SELECT 1 FROM holds WHERE until > $2
  AND ((kind = 'offer' AND id = offer_id) OR (kind = 'license' AND id = license_id))
  AND (units IS NULL OR units >= voucher_units))`;

/** Offers and licenses that are not settled for a while. */
export function createHolds({ query, queryEach }: Database): Pick<Store, "hold" | "release" | "holds"> {
  return {
    hold: async ({ kind, id, until, units, reason }) => {
      await query(
        `INSERT INTO holds (kind, id, until, units, reason) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (kind, id) DO UPDATE SET until = $3, units = $4, reason = $5`,
        [kind, id, BigInt(until), units ?? null, reason],
      );
    },
    release: async (kind, ids) => {
      await queryEach(
        "DELETE FROM holds WHERE kind = $1 AND id = $2",
        ids.map((id) => [kind, id]),
      );
    },
    holds: async () => {
      const rows = await query("SELECT * FROM holds WHERE until > $1 ORDER BY kind, id", [
        BigInt(Date.now()),
      ]);
      return rows.map(holdOf);
    },
  };
}

function holdOf({ kind, id, until, units, reason }: Row): Hold {
  return {
    kind: kind as Hold["kind"],
    id: id as bigint,
    until: Number(until),
    ...(units !== null && { units: units as bigint }),
    reason: reason as string,
  };
}
