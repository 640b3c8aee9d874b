import { type Client, checkClient, clientWith, limitsOf } from "../client.ts";
import type { Limits } from "./limits.ts";

export type WithOptionsParameters = Limits;

/**
 * The same client with a time limit or a signal to cancel. Each request, each wait for the wallet and each wait for a
 * receipt ends with `TimeoutError` or `AbortedError`. A transaction that was sent before stays sent.
 *
 * @throws {@link InvalidParameterError} for a malformed timeout or signal
 * @example
 * ```ts
 * const patient = withOptions(client, { timeout: 60_000, signal: AbortSignal.timeout(300_000) });
 * await pay(patient, { capsuleId, token, amount: 1_000_000n });
 * ```
 */
export function withOptions(client: Client, options: WithOptionsParameters): Client {
  checkClient(client);
  const { signal, timeout } = client;
  return clientWith(client, { ...limitsOf({ signal, timeout }), ...limitsOf(options) });
}
