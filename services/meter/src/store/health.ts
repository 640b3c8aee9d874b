import type { Store } from "./store.ts";

/** `problem` says what does not work. */
export type Health = { readonly ok: boolean; readonly problem?: string };

/** Whether a store answers. Reads one account, which need not exist. */
export async function storeHealth(store: Store): Promise<Health> {
  return await store.account(0n).then(
    () => ({ ok: true }),
    (error) => ({ ok: false, problem: `The store does not answer: ${error}` }),
  );
}
