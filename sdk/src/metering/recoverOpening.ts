import { manyPoseidon2 } from "#poseidon";
import { type Client, checkCall } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { checkList, checkNotEmpty, checkObject, checkUint } from "../core/check.ts";
import { checkAborted } from "../core/limits.ts";
import { InvalidParameterError, OpeningNotFoundError } from "../errors.ts";
import { isOpening, type Opening } from "../shared/opening.ts";
import { getUsage } from "./getUsage.ts";
import { saltOf } from "./secret.ts";

/** Both bounds are included. */
export type SearchRange = { readonly from: bigint; readonly to: bigint };
/** Bounds of the settled voucher's numbers. */
export type OpeningSearch = {
  readonly units: SearchRange;
  /** Sets of contexts. */
  readonly contexts: readonly bigint[];
  /** Highest number of a cover. @default 0n */
  readonly covers?: bigint;
};

export type RecoverOpeningParameters = {
  readonly licenseId: bigint;
  /** See `deriveUsageSecret`. */
  readonly secret: Hex;
  /** Known vouchers, tried first. One of them may be the settled one. */
  readonly vouchers?: readonly {
    readonly units: bigint;
    readonly contexts: bigint;
    /** @default 0n */
    readonly cover?: bigint;
  }[];
  /** Tries every voucher within these bounds, highest units first, about 8,000 a second in Node. */
  readonly search?: OpeningSearch;
  /** Most vouchers to search. The default takes 40 minutes in Node. @default 20_000_000 */
  readonly limit?: number;
  /** Receives progress from time to time. */
  readonly onProgress?: (tried: number, total: number) => void;
  readonly signal?: AbortSignal;
};
/** Undefined before the first settlement. */
export type RecoverOpeningReturnType = (Opening & { readonly cover: bigint }) | undefined;

type Candidate = NonNullable<RecoverOpeningReturnType>;

const TRIES_BETWEEN_PAUSES = 500;

/**
 * Recovers the opening of a license's usage word from the wallet's secret. For holders without their vouchers, when
 * no meter answers (`openingOf`).
 *
 * @throws {@link InvalidParameterError} for a malformed parameter, a search above the limit, or a license in
 * open mode
 * @throws {@link OpeningNotFoundError} when no tried voucher matches
 * @throws the signal's reason once it is aborted
 * @example
 * ```ts
 * const secret = await deriveUsageSecret(client, { licenseId });
 * const search = {
 *   units: { from: 0n, to: 1_000n },
 *   contexts: [encodeContexts(["education"])],
 *   covers: 3n,
 * };
 * const opening = await recoverOpening(client, { licenseId, secret, search });
 * ```
 */
export async function recoverOpening(
  client: Client,
  parameters: RecoverOpeningParameters,
): Promise<RecoverOpeningReturnType> {
  checkCall(client, parameters);
  const { licenseId, secret, vouchers = [], search, limit = 20_000_000, onProgress, signal } = parameters;
  const total =
    checkList("vouchers", vouchers).length + (search ? sizeOf(checkObject("search", search), limit) : 0);
  const { units, commitment } = await getUsage(client, { licenseId });
  if (!commitment) return nothingSettled(units);
  let tried = 0;
  for (const candidate of candidates(secret, licenseId, vouchers, search)) {
    if (isOpening(commitment, licenseId, candidate, manyPoseidon2)) return candidate;
    tried += 1;
    if (tried % TRIES_BETWEEN_PAUSES !== 0) continue;
    onProgress?.(tried, total);
    await pause();
    signal?.throwIfAborted();
    checkAborted(client);
  }
  throw new OpeningNotFoundError(licenseId, commitment, tried);
}

function sizeOf({ units, contexts, covers = 0n }: OpeningSearch, limit: number): number {
  const size =
    lengthOf("search.units", units) *
    BigInt(checkNotEmpty("search.contexts", contexts).length) *
    (checkUint("search.covers", covers, 64) + 1n);
  if (size <= limit) return Number(size);
  const advice = "Narrow the search or raise `limit`";
  throw new InvalidParameterError("search", `has ${size} vouchers, above the limit of ${limit}`, advice);
}

function lengthOf(name: string, range: SearchRange): bigint {
  const { from, to } = checkObject(name, range);
  checkUint(`${name}.to`, to, 64, checkUint(`${name}.from`, from, 64));
  return to - from + 1n;
}

function nothingSettled(units: bigint): undefined {
  if (units === 0n) return undefined;
  throw new InvalidParameterError(
    "licenseId",
    "is a license in open mode, without an opening",
    "Read its use by `getUsage`",
  );
}

function* candidates(
  secret: Hex,
  licenseId: bigint,
  vouchers: NonNullable<RecoverOpeningParameters["vouchers"]>,
  search: OpeningSearch | undefined,
): Generator<Candidate> {
  const salted = (name: string, use: Omit<Candidate, "salt">): Candidate => ({
    ...use,
    salt: saltOf(name, secret, { licenseId, ...use }),
  });
  for (const [i, { units, contexts, cover = 0n }] of vouchers.entries())
    yield salted(`vouchers[${i}]`, { units, contexts, cover });
  if (!search) return;
  const { units: range, contexts: sets, covers = 0n } = search;
  for (let cover = 0n; cover <= covers; cover++)
    for (let units = range.to; units >= range.from; units--)
      for (const contexts of sets) yield salted("search", { units, contexts, cover });
}

/** Lets other work on this thread run. */
async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}
