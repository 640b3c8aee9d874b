import { type Client, checkCall } from "../client.ts";
import type { Address, AddressInput } from "../core/abi.ts";
import { checkAddress, checkCount, checkNotEmpty, checkUint } from "../core/check.ts";
import type { BlockRange } from "../core/logs.ts";
import { readTokenOr } from "../core/token.ts";
import { InvalidParameterError } from "../errors.ts";
import { amountsDue, checkCapsules } from "./due.ts";
import { type Earner, findEarners } from "./findEarners.ts";
import { type BatchedClaims, type BatchLimits, type ClaimResult, sendInBatches } from "./sendInBatches.ts";

/** An ERC-20 token to claim. */
export type ClaimToken = {
  readonly token: AddressInput;
  /** Least amount of a row, in base units. @default a hundredth of a whole token, by its `decimals` */
  readonly minAmount?: bigint;
};

export type ClaimAllParameters = (
  | {
      /** Claims everything this account earned. */
      readonly account: AddressInput;
      /** Claims only from these capsules. @default all */
      readonly capsuleIds?: readonly bigint[];
    }
  | {
      /** Claims for everybody who earns from this capsule. */
      readonly capsuleId: bigint;
    }
) &
  BatchLimits &
  BlockRange & {
    /** At least one. */
    readonly tokens: readonly (AddressInput | ClaimToken)[];
    /** Capsules between payment and beneficiary. Revenue waiting at them is passed on first. @default 0 */
    readonly hops?: number;
  };
export type ClaimAllReturnType = BatchedClaims;

/**
 * Finds and claims earnings of an account, or of everybody who earns from a capsule. Anyone may call; beneficiaries
 * receive.
 *
 * Strangers can name an account in any number of rows and pay dust to each. So small rows are left out, the largest
 * amounts go first, and `maxTransactions` limits the gas. `confirm` sees cost and yield before each transaction.
 * The reads still grow with the rows: all events of shares since the deployment, and one call for neighboring rows.
 * `capsuleIds` limits both.
 *
 * @throws {@link InvalidParameterError} for an empty list, a malformed address, or a token without `decimals` and
 * `minAmount`
 * @throws {@link NotFoundError} for an unknown capsule
 * @example
 * ```ts
 * const { paid, left } = await claimAll(client, { account, tokens: [{ token, minAmount: 50_000n }], hops: 1 });
 * ```
 */
export async function claimAll(client: Client, parameters: ClaimAllParameters): Promise<ClaimAllReturnType> {
  checkCall(client, parameters);
  const hops = checkCount("hops", parameters.hops ?? 0, 0);
  if (parameters.blockRange !== undefined) checkCount("blockRange", parameters.blockRange, 1);
  const limits = {
    maxRows: checkCount("maxRows", parameters.maxRows ?? 100, 1),
    maxTransactions: checkCount("maxTransactions", parameters.maxTransactions ?? 10, 1),
    confirm: parameters.confirm ?? (() => true),
  };
  const isWanted = wantedBy(parameters);
  await checkCapsules(client, capsuleIdsOf(parameters));
  const minAmounts = await minAmountsOf(client, checkNotEmpty("tokens", parameters.tokens));
  const tokens = [...minAmounts.keys()];
  const earners = await findEarners(client, parameters, hops === 0 ? capsuleIdsOf(parameters) : undefined);
  const wanted = earners.filter(isWanted);
  const result: ClaimResult = { paid: [], refused: [], dust: [], left: [], hashes: [] };
  for (const rows of upstream(earners, wanted, hops)) {
    await sendInBatches(client, "passOn", await amountsDue(client, rows, tokens), minAmounts, limits, result);
  }
  await sendInBatches(client, "claim", await amountsDue(client, wanted, tokens), minAmounts, limits, result);
  return result;
}

/** The least amount of a row by token. */
async function minAmountsOf(
  client: Client,
  tokens: ClaimAllParameters["tokens"],
): Promise<ReadonlyMap<Address, bigint>> {
  const given = tokens.map((one, i) => {
    if (typeof one === "string") return { address: checkAddress(`tokens[${i}]`, one) };
    const address = checkAddress(`tokens[${i}].token`, one.token);
    if (one.minAmount === undefined) return { address };
    return { address, minAmount: checkUint(`tokens[${i}].minAmount`, one.minAmount, 128, 1n) };
  });
  const minAmounts = new Map<Address, bigint>();
  for (const [i, { address, minAmount }] of given.entries()) {
    minAmounts.set(address, minAmount ?? (await defaultMinAmount(client, `tokens[${i}]`, address)));
  }
  return minAmounts;
}

async function defaultMinAmount(client: Client, name: string, token: Address): Promise<bigint> {
  const decimals = await readTokenOr(client, token, "decimals", []);
  if (decimals === undefined) {
    throw new InvalidParameterError(name, `is ${token}, which has no decimals`, "Pass { token, minAmount }");
  }
  return decimals > 2n ? 10n ** (decimals - 2n) : 1n;
}

function capsuleIdsOf(parameters: ClaimAllParameters): readonly bigint[] | undefined {
  return "account" in parameters ? parameters.capsuleIds : [parameters.capsuleId];
}

function wantedBy(parameters: ClaimAllParameters): (earner: Earner) => boolean {
  if ("account" in parameters) {
    const account = checkAddress("account", parameters.account);
    const capsuleIds =
      parameters.capsuleIds &&
      checkNotEmpty("capsuleIds", parameters.capsuleIds).map((id, i) =>
        checkUint(`capsuleIds[${i}]`, id, 64),
      );
    return (earner) => earner.account === account && (capsuleIds?.includes(earner.capsuleId) ?? true);
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
