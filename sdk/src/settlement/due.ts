import type { Client } from "../client.ts";
import type { Address } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { inParts } from "../core/lists.ts";
import { checkExists } from "../core/read.ts";
import { type EarnerAmount, type TokenRange, toRanges } from "./claims.ts";
import type { Earner } from "./findEarners.ts";
import { getClaimable } from "./getClaimable.ts";

/** The unclaimed amounts of rows, without zeros. */
export async function amountsDue(
  client: Client,
  earners: readonly Earner[],
  tokens: readonly Address[],
): Promise<EarnerAmount[]> {
  const ranges = tokens.flatMap((token) => toRanges(earners.map((earner) => ({ ...earner, token }))));
  return (await inParts(ranges, (range) => amountsOf(client, range))).flat();
}

async function amountsOf(client: Client, range: TokenRange): Promise<EarnerAmount[]> {
  const { capsuleId, sharesVersion, token } = range;
  const found = await getClaimable(client, range);
  return found
    .filter(({ amount }) => amount !== 0n)
    .map(({ earner, amount }) => ({ capsuleId, sharesVersion, token, earner, amount }));
}

/** Refuses unknown capsules: they have no earners, so nothing would be found. */
export async function checkCapsules(client: Client, capsuleIds: readonly bigint[] = []): Promise<void> {
  for (const [i, id] of capsuleIds.entries()) {
    await checkExists(client, "capsule", checkUint(`capsuleIds[${i}]`, id, 64));
  }
}
