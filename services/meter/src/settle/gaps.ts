import type { StoredBatch, StoredTransaction } from "../store/store.ts";
import type { Context } from "./context.ts";

/** A lost transaction of somebody else with the operator's key would block all later ones. */
export function createGapFiller({ transactions, rules, keepLease }: Context) {
  let filler: StoredTransaction | undefined;

  return async (sent: readonly StoredBatch[]): Promise<void> => {
    const firsts = sent.flatMap((batch) => batch.transactions.slice(0, 1));
    const isOld = firsts.some(({ sentAt }) => Date.now() - sentAt >= rules.replaceAfter);
    if (!isOld) return;
    const next = await transactions.count();
    if (firsts.some(({ nonce }) => nonce <= next)) return;
    if (filler && Date.now() - filler.sentAt < rules.replaceAfter) return;
    await keepLease();
    filler = await transactions.fillGap(next, filler?.nonce === next ? filler : undefined);
  };
}
