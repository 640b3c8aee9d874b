import { Contract } from "ethers";
import { addressOf, type Client } from "../client.ts";
import { type Address, type AddressInput, type Hex, interfaceOf } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { sumOf } from "../core/lists.ts";
import type { BlockRange } from "../core/logs.ts";
import { read } from "../core/read.ts";
import { explained } from "../core/revert.ts";
import { type ProceedsEntry, readProceeds } from "../shared/proceeds.ts";

export type AuditProceedsParameters = BlockRange & {
  /**
   * Audits this ERC-20 token; unless given, all that coins were sold for or that governance moved. What was only ever
   * given is none of them: it may be any contract, and say anything.
   */
  readonly token?: AddressInput;
};
/** Base units throughout. */
export type AuditProceedsReturnType = {
  /** Whether all that follows agrees. */
  readonly agrees: boolean;
  /** The block of which all is said. */
  readonly blockNumber: number;
  /** Everything that came into vaults or left them, in order. */
  readonly entries: readonly ProceedsEntry[];
  /** `received` and `released` are what events say; `balance` is what the vault says it has. */
  readonly vaults: readonly {
    readonly programmeId: bigint;
    readonly token: Address;
    readonly received: bigint;
    readonly released: bigint;
    readonly balance: bigint;
    readonly agrees: boolean;
  }[];
  /** `inVaults` is what the Commons says, `held` its balance at the token: it may have more, that came unasked. */
  readonly tokens: readonly {
    readonly token: Address;
    readonly received: bigint;
    readonly released: bigint;
    readonly inVaults: bigint;
    readonly held: bigint;
    readonly agrees: boolean;
  }[];
  /** Transactions in which a contribution to a lot was not paid into its programme's vault at once. */
  readonly unexplained: readonly Hex[];
};

/**
 * Checks from chain data alone that all proceeds are in vaults or released: adds up every event since the deployment,
 * compares each sum with what the Commons stores and with what it has at the tokens, and each sale of coins with the
 * vault that it paid into.
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
  { token, blockRange }: AuditProceedsParameters = {},
): Promise<AuditProceedsReturnType> {
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

/** Of those that are not mere gifts. */
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
