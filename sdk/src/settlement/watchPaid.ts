import { toBeHex } from "ethers";
import { type Client, checkCall } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { addressTopic } from "../core/logs.ts";
import { type Unwatch, type Watched, type WatchParameters, watchLogs } from "../core/watch.ts";

export type PaidEvent = Watched<"SettlementRouter", "Paid">;
export type WatchPaidParameters = WatchParameters<PaidEvent> & {
  /** Only payments to this capsule. */
  readonly capsuleId?: bigint;
  /** Only payments by this account. */
  readonly payer?: AddressInput;
  /** Only payments in this ERC-20 token. */
  readonly token?: AddressInput;
};

/**
 * Reports payments to capsules, each once. Returns a function that ends the watch.
 *
 * It searches every 4 seconds. While the node is down, `onError` gets each failure, and nothing is lost. After a
 * reorganisation of up to 128 blocks, payments of abandoned blocks come again with `removed`. With `confirmations`,
 * payments are reported later and are less likely to be removed.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter
 * @example
 * ```ts
 * const unwatch = watchPaid(client, {
 *   capsuleId,
 *   onEvents: (events) => {
 *     for (const { args, removed } of events) console.log(removed ? -args.amount : args.amount);
 *   },
 *   onError: (error) => console.warn(error.message),
 * });
 * ```
 */
export function watchPaid(client: Client, parameters: WatchPaidParameters): Unwatch {
  const { capsuleId, payer, token, ...watch } = checkCall(client, parameters);
  const indexed = [
    capsuleId === undefined ? null : toBeHex(checkUint("capsuleId", capsuleId, 64), 32),
    payer === undefined ? null : addressTopic(checkAddress("payer", payer)),
    token === undefined ? null : addressTopic(checkAddress("token", token)),
  ];
  return watchLogs(client, "SettlementRouter", ["Paid"], { ...watch, indexed });
}
