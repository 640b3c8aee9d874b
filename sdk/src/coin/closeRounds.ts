import { type Client, checkCall } from "../client.ts";
import { checkCount } from "../core/check.ts";
import { read } from "../core/read.ts";
import { type CloseRoundReturnType, closeRound } from "./closeRound.ts";

export type CloseRoundsParameters = {
  /** Most rounds to close, one transaction each. @default 30 */
  readonly limit?: number;
};
/** In order. Empty if there was nothing to close. */
export type CloseRoundsReturnType = readonly (CloseRoundReturnType & { readonly round: bigint })[];

/**
 * Closes every round with benefit whose hold of 3 days is over. Anyone may call.
 *
 * @throws {@link InvalidParameterError} for a malformed limit
 * @example
 * ```ts
 * const closed = await closeRounds(client);
 * ```
 */
export async function closeRounds(
  client: Client,
  parameters: CloseRoundsParameters = {},
): Promise<CloseRoundsReturnType> {
  checkCall(client, parameters);
  const limit = checkCount("limit", parameters.limit ?? 30, 1);
  const [length, hold] = await Promise.all([
    read(client, "BenefitMine", "ROUND", []),
    read(client, "BenefitMine", "HOLD", []),
  ]);
  const closed: (CloseRoundReturnType & { round: bigint })[] = [];
  while (closed.length < limit) {
    const round = await read(client, "BenefitMine", "nextRound", []);
    if (round === 0n) break;
    if (round + hold / length >= (await read(client, "BenefitMine", "currentRound", []))) break;
    closed.push({ round, ...(await closeRound(client, { round })) });
  }
  return closed;
}
