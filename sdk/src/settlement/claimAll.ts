import type { Client } from "../client.ts";
import type { Address, AddressInput } from "../core/abi.ts";
import { checkAddress, checkCount, checkNotEmpty, checkUint } from "../core/check.ts";
import { chunks } from "../core/lists.ts";
import { type BatchedClaims, claimInBatches } from "./claimInBatches.ts";
import { type EarnerAmount, toRanges } from "./claims.ts";
import { type Earner, findEarners } from "./findEarners.ts";
import { getClaimable } from "./getClaimable.ts";
import { passOn } from "./passOn.ts";

export type ClaimAllParameters = (
  | {
      /** Claims everything this account earned, from any capsule. */
      readonly account: AddressInput;
    }
  | {
      /** Claims for everybody who earns from this capsule. */
      readonly capsuleId: bigint;
    }
) & {
  /** ERC-20 tokens to claim, at least one. */
  readonly tokens: readonly AddressInput[];
  /** Capsules between payment and beneficiary. Revenue waiting at them is passed on first. @default 0 */
  readonly hops?: number;
  /** Most earners to pay in one transaction. @default 100 */
  readonly maxRows?: number;
  /** Blocks per request to the node. @default 10_000 */
  readonly blockRange?: number;
};
export type ClaimAllReturnType = BatchedClaims;

/**
 * Finds and claims all earnings of an account, or of everybody who earns from a capsule. Reads all events of shares
 * since the deployment. Anyone may call; beneficiaries receive.
 *
 * @throws {@link InvalidParameterError} for an empty list or a malformed address
 * @example
 * ```ts
 * const { paid, refused } = await claimAll(client, { account, tokens: [token], hops: 1 });
 * ```
 */
export async function claimAll(client: Client, parameters: ClaimAllParameters): Promise<ClaimAllReturnType> {
  const hops = checkCount("hops", parameters.hops ?? 0, 0);
  const maxRows = checkCount("maxRows", parameters.maxRows ?? 100, 1);
  const blockRange = checkCount("blockRange", parameters.blockRange ?? 10_000, 1);
  const tokens = checkNotEmpty("tokens", parameters.tokens).map((token, i) =>
    checkAddress(`tokens[${i}]`, token),
  );
  const isWanted = wantedBy(parameters);
  const onlyCapsule = hops === 0 && "capsuleId" in parameters ? parameters.capsuleId : undefined;
  const earners = await findEarners(client, blockRange, onlyCapsule);
  const wanted = earners.filter(isWanted);
  for (const rows of upstream(earners, wanted, hops)) {
    const waiting = await amountsDue(client, rows, tokens);
    for (const part of chunks(waiting, maxRows)) await passOn(client, { claims: toRanges(part) });
  }
  return await claimInBatches(client, await amountsDue(client, wanted, tokens), maxRows);
}

function wantedBy(parameters: ClaimAllParameters): (earner: Earner) => boolean {
  if ("account" in parameters) {
    const account = checkAddress("account", parameters.account);
    return (earner) => earner.account === account;
  }
  const capsuleId = checkUint("capsuleId", parameters.capsuleId, 64);
  return (earner) => earner.capsuleId === capsuleId && earner.account !== undefined;
}

/** The rows leading to the capsules of `wanted`, farthest first. */
function upstream(earners: readonly Earner[], wanted: readonly Earner[], hops: number): Earner[][] {
  const levels: Earner[][] = [];
  let targets = new Set(wanted.map(({ capsuleId }) => capsuleId));
  for (let hop = 0; hop < hops; hop++) {
    const rows = earners.filter(({ toCapsuleId }) => toCapsuleId !== undefined && targets.has(toCapsuleId));
    levels.unshift(rows);
    targets = new Set(rows.map(({ capsuleId }) => capsuleId));
  }
  return levels;
}

async function amountsDue(
  client: Client,
  earners: readonly Earner[],
  tokens: readonly Address[],
): Promise<EarnerAmount[]> {
  const due: EarnerAmount[] = [];
  for (const token of tokens) {
    for (const range of toRanges(earners.map((earner) => ({ ...earner, token })))) {
      const { capsuleId, sharesVersion } = range;
      const found = await getClaimable(client, range);
      const rows = found.map(({ earner, amount }) => ({ capsuleId, sharesVersion, token, earner, amount }));
      due.push(...rows.filter(({ amount }) => amount !== 0n));
    }
  }
  return due;
}
