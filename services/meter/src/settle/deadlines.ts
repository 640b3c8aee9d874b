import { type License, readLicense } from "../gateway/license.ts";
import type { Context, Head } from "./context.ts";

/** A holder that ends a license or names a signer gives three days. A look each hour is enough. */
const FRESH_FOR = 3_600_000;
/** Licenses read at once. */
const AT_ONCE = 100;
/** Deadlines in memory, at most. */
const MOST = 200_000;

type Deadline = { readonly settleBy: bigint; readonly isChanging: boolean; readonly readAt: number };

/** When licenses have to be settled, as last read from the chain. */
export function createDeadlines({ client, offers, rules }: Pick<Context, "client" | "offers" | "rules">) {
  const known = new Map<bigint, Deadline>();

  /** Reads licenses, each request of the node with many of them. */
  async function read(licenseIds: readonly bigint[]): Promise<(License | undefined)[]> {
    const licenses: (License | undefined)[] = [];
    for (let i = 0; i < licenseIds.length; i += AT_ONCE) {
      const part = licenseIds.slice(i, i + AT_ONCE);
      licenses.push(...(await Promise.all(part.map((id) => readLicense(client, offers, id)))));
    }
    if (known.size > MOST) known.clear();
    licenses.forEach((license, i) => {
      const id = licenseIds[i] as bigint;
      // A license that is gone is looked at when it is read next, at once.
      const { settleBy, change } = license ?? { settleBy: 0n, change: undefined };
      known.set(id, { settleBy, isChanging: change !== undefined, readAt: performance.now() });
    });
    return licenses;
  }

  return {
    read,
    /** Reads some of the licenses that were not read for long. */
    refresh: async (licenseIds: readonly bigint[]): Promise<void> => {
      const isOld = (id: bigint) => performance.now() - (known.get(id)?.readAt ?? -FRESH_FOR) >= FRESH_FOR;
      await read(licenseIds.filter(isOld).slice(0, AT_ONCE));
    },
    /** A voucher that cannot wait: the end is near, or a change of signer waits for it. */
    isUrgent: (licenseId: bigint, { time }: Head): boolean => {
      const deadline = known.get(licenseId);
      return !!deadline && (deadline.isChanging || deadline.settleBy - rules.urgency <= time);
    },
    forget: (licenseId: bigint): void => {
      known.delete(licenseId);
    },
  };
}

export type Deadlines = ReturnType<typeof createDeadlines>;
