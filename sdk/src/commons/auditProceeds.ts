import { Contract } from "ethers";
import { addressOf, type Client, checkCall } from "../client.ts";
import { type Address, type AddressInput, type Hex, interfaceOf } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { explained } from "../core/failure.ts";
import { sumOf } from "../core/lists.ts";
import type { BlockRange } from "../core/logs.ts";
import { read } from "../core/read.ts";
import { type ProceedsEntry, readProceeds } from "../shared/proceeds.ts";

export type AuditProceedsParameters = BlockRange & {
  /**
   * Audits this ERC-20 token. A token of gifts alone is left out: it may be any contract and return anything.
   * @default all tokens of sales, assignments and releases
   */
  readonly token?: AddressInput;
};
/** Base units throughout. */
export type AuditProceedsReturnType = {
  /** Whether all figures below agree. */
  readonly agrees: boolean;
  /** The block of all these figures. */
  readonly blockNumber: number;
  /** All payments into and out of vaults, in order. */
  readonly entries: readonly ProceedsEntry[];
  /** `received` and `released` are from events, `balance` is from the vault. */
  readonly vaults: readonly {
    readonly programmeId: bigint;
    readonly token: Address;
    readonly received: bigint;
    readonly released: bigint;
    readonly balance: bigint;
    readonly agrees: boolean;
  }[];
  /**
   * `inVaults` is from the Commons. `held` is its balance at the token, which may be higher by unasked transfers.
   */
  readonly tokens: readonly {
    readonly token: Address;
    readonly received: bigint;
    readonly released: bigint;
    readonly inVaults: bigint;
    readonly held: bigint;
    readonly agrees: boolean;
  }[];
  /** Transactions with a contribution to a lot, but without the payment into its programme's vault. */
  readonly unexplained: readonly Hex[];
};

/**
 * Checks from chain data alone that all proceeds are in vaults or released. Adds up every event since the
 * deployment. Compares the sums with the vaults of the Commons and its balances at the tokens. Matches each sale of
 * coins with its payment into a vault.
 *
 * @throws {@link InvalidParameterError} for a malformed address or block range
 * @example
 * ```ts
 * const { agrees, entries } = await auditProceeds(client, { token });
 * const sold = entries.filter(({ kind }) => kind === "sale");
 * ```
 */
export async function auditProceeds(
  client: Client,
  parameters: AuditProceedsParameters = {},
): Promise<AuditProceedsReturnType> {
  const { token, blockRange } = checkCall(client, parameters);
  const only = token === undefined ? undefined : checkAddress("token", token);
  const blockNumber = await client.provider.getBlockNumber();
  const range = { toBlock: blockNumber, ...(blockRange !== undefined && { blockRange }) };
  const { entries: all, unexplained } = await readProceeds(client, range);
  const audited = only === undefined ? tokensOf(all) : [only];
  const entries = all.filter(({ token }) => audited.includes(token));
  const vaults = await Promise.all(
    groups(entries, ({ programmeId, token }) => `${programmeId}/${token}`).map((group) =>
      auditVault(client, group, blockNumber),
    ),
  );
  const tokens = await Promise.all(audited.map((token) => auditToken(client, token, entries, blockNumber)));
  const agrees = unexplained.length === 0 && [...vaults, ...tokens].every((row) => row.agrees);
  return { agrees, blockNumber, entries, vaults, tokens, unexplained };
}

/** Tokens with more than gifts. */
function tokensOf(entries: readonly ProceedsEntry[]): Address[] {
  return [...new Set(entries.filter(({ kind }) => kind !== "gift").map(({ token }) => token))];
}

type Group = readonly [ProceedsEntry, ...ProceedsEntry[]];

function groups(entries: readonly ProceedsEntry[], keyOf: (entry: ProceedsEntry) => string): Group[] {
  const found = new Map<string, [ProceedsEntry, ...ProceedsEntry[]]>();
  for (const entry of entries) {
    const group = found.get(keyOf(entry));
    if (group) group.push(entry);
    else found.set(keyOf(entry), [entry]);
  }
  return [...found.values()];
}

function totalsOf(group: readonly ProceedsEntry[]) {
  const sum = (kinds: readonly ProceedsEntry["kind"][]) =>
    sumOf(group, ({ kind, amount }) => (kinds.includes(kind) ? amount : 0n));
  return { received: sum(["sale", "gift", "assignment"]), released: sum(["release"]) };
}

async function auditVault(client: Client, group: Group, blockNumber: number) {
  const [{ programmeId, token }] = group;
  const { received, released } = totalsOf(group);
  const stored = await read(client, "Commons", "vaultOf", [programmeId, token], blockNumber);
  const agrees = stored.balance === received - released && stored.released === released;
  return { programmeId, token, received, released, balance: stored.balance, agrees };
}

async function auditToken(
  client: Client,
  token: Address,
  entries: readonly ProceedsEntry[],
  blockNumber: number,
) {
  const { received, released } = totalsOf(entries.filter((entry) => entry.token === token));
  const inVaults = await read(client, "Commons", "inVaults", [token], blockNumber);
  const held = await balanceAt(client, token, blockNumber);
  const agrees = inVaults === received - released && held >= inVaults;
  return { token, received, released, inVaults, held, agrees };
}

async function balanceAt(client: Client, token: Address, blockTag: number): Promise<bigint> {
  const balanceOf = new Contract(token, interfaceOf("TestUSD"), client.provider).getFunction("balanceOf");
  return await explained(balanceOf(addressOf(client, "Commons"), { blockTag }));
}
