import { toBeHex } from "ethers";
import type { Client } from "../client.ts";
import type { Address, AddressInput, EventArgs } from "../core/abi.ts";
import { type BlockRange, readLogs } from "../core/logs.ts";
import { read } from "../core/read.ts";
import { decodeShare, type Share } from "../shared/shares.ts";

/** An earner of a shares version, numbered as in claims: an account or a capsule. */
export type Earner = {
  readonly capsuleId: bigint;
  readonly sharesVersion: bigint;
  /** 0 is the platform, `i + 1` is share row `i`. */
  readonly earner: bigint;
  readonly account?: AddressInput;
  readonly toCapsuleId?: bigint;
};

type SharesEvent =
  | EventArgs<"CapsuleRegistry", "SharesSet">
  | EventArgs<"CapsuleRegistry", "SharesCarriedOver">;

/** All earners ever, from the events of all shares versions or of some capsules'. */
export async function findEarners(
  client: Client,
  range: BlockRange,
  capsuleIds: readonly bigint[] | undefined,
): Promise<Earner[]> {
  const commons = await read(client, "SettlementRouter", "COMMONS", []);
  const earners: Earner[] = [];
  const tables = new Map<bigint, readonly Share[]>();
  for (const event of await sharesEvents(client, range, capsuleIds)) {
    const shares =
      "rows" in event ? withOwnerRows(event.rows.map(decodeShare)) : (tables.get(event.capsuleId) ?? []);
    tables.set(event.capsuleId, shares);
    earners.push(...earnersOf(event, shares, commons));
  }
  return earners;
}

async function sharesEvents(
  client: Client,
  { blockRange }: BlockRange,
  capsuleIds: readonly bigint[] | undefined,
): Promise<SharesEvent[]> {
  const topic = capsuleIds?.map((id) => toBeHex(id, 32)) ?? null;
  const range = { indexed: [topic], ...(blockRange !== undefined && { blockRange }) };
  const logs = await readLogs(client, "CapsuleRegistry", ["SharesSet", "SharesCarriedOver"], range);
  return logs.map(({ args }) => args);
}

/** Like the registry, gives a role without rows one for the owner. */
function withOwnerRows(shares: readonly Share[]): Share[] {
  const roles = ["data", "model", "compute"] as const;
  const missing = roles.filter((role) => !shares.some((share) => share.role === role));
  return [...shares, ...missing.map((role) => ({ role, units: 1n }))];
}

function earnersOf(
  { capsuleId, sharesVersion, owner }: SharesEvent,
  shares: readonly Share[],
  commons: Address,
): Earner[] {
  const whose = shares.map((share) =>
    share.capsuleId === undefined ? { account: share.account ?? owner } : { toCapsuleId: share.capsuleId },
  );
  return [{ account: commons }, ...whose].map((who, i) => ({
    capsuleId,
    sharesVersion,
    earner: BigInt(i),
    ...who,
  }));
}
