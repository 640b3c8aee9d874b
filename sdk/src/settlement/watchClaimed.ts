import { toBeHex } from "ethers";
import { type Client, checkCall } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { addressTopic } from "../core/logs.ts";
import { type Unwatch, type Watched, type WatchParameters, watchLogs } from "../core/watch.ts";

export type ClaimedEvent = Watched<"SettlementRouter", "Claimed">;
export type WatchClaimedParameters = WatchParameters<ClaimedEvent> & {
  /** Only claims from this capsule. */
  readonly capsuleId?: bigint;
  /** Only claims in this ERC-20 token. */
  readonly token?: AddressInput;
};

/**
 * Reports claims of earnings, each once. Returns a function that ends the watch. Failures and reorganisations: see
 * `watchPaid`.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter
 * @example
 * ```ts
 * const unwatch = watchClaimed(client, {
 *   token,
 *   onEvents: (events) => console.log(events.map(({ args }) => args.amounts)),
 * });
 * ```
 */
export function watchClaimed(client: Client, parameters: WatchClaimedParameters): Unwatch {
  const { capsuleId, token, ...watch } = checkCall(client, parameters);
  const indexed = [
    capsuleId === undefined ? null : toBeHex(checkUint("capsuleId", capsuleId, 64), 32),
    null,
    token === undefined ? null : addressTopic(checkAddress("token", token)),
  ];
  return watchLogs(client, "SettlementRouter", ["Claimed"], { ...watch, indexed });
}
