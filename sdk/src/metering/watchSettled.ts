import { toBeHex } from "ethers";
import { type Client, checkCall } from "../client.ts";
import { checkUint } from "../core/check.ts";
import { type Unwatch, type Watched, type WatchParameters, watchLogs } from "../core/watch.ts";

export type SettledEvent = Watched<"UsageLedger", "OpenSettled" | "PrivateSettled">;
export type WatchSettledParameters = WatchParameters<SettledEvent> & {
  /** Only settlements of this meter. */
  readonly meterId?: bigint;
};

/**
 * Reports settlements at the client's ledger, open and private, each once. Returns a function that ends the watch.
 * Failures and reorganisations: see `watchPaid`.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter
 * @example
 * ```ts
 * const unwatch = watchSettled(client, {
 *   meterId,
 *   confirmations: 2,
 *   onEvents: (events) => console.log(events.map(({ name, hash }) => `${name} ${hash}`)),
 * });
 * ```
 */
export function watchSettled(client: Client, parameters: WatchSettledParameters): Unwatch {
  const { meterId, ...watch } = checkCall(client, parameters);
  const indexed = [meterId === undefined ? null : toBeHex(checkUint("meterId", meterId, 32), 32)];
  const names = ["OpenSettled", "PrivateSettled"] as const;
  return watchLogs<"UsageLedger", (typeof names)[number]>(client, "UsageLedger", names, {
    ...watch,
    indexed,
  });
}
