import type { Client } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { checkNotEmpty, checkUint } from "../core/check.ts";
import { InvalidParameterError, OpeningNotFoundError } from "../errors.ts";
import { isOpening, type Opening } from "../shared/opening.ts";
import { getUsage } from "./getUsage.ts";
import { saltOf } from "./secret.ts";

/** Both bounds are included. */
export type SearchRange = { readonly from: bigint; readonly to: bigint };
/** Bounds of the settled voucher's numbers. */
export type OpeningSearch = {
  readonly sequences: SearchRange;
  readonly units: SearchRange;
  /** Sets of contexts. */
  readonly contexts: readonly bigint[];
};

export type RecoverOpeningParameters = {
  readonly licenseId: bigint;
  /** See `deriveUsageSecret`. */
  readonly secret: Hex;
  /** Known vouchers, tried first. One of them may be the settled one. */
  readonly vouchers?: readonly {
    readonly units: bigint;
    readonly contexts: bigint;
    readonly sequence: bigint;
  }[];
  /** Tries every voucher within these bounds, newest first, about 3,000 a second. */
  readonly search?: OpeningSearch;
  /** Most vouchers to search. @default 1_000_000 */
  readonly limit?: number;
  /** Receives progress from time to time. */
  readonly onProgress?: (tried: number, total: number) => void;
  readonly signal?: AbortSignal;
};
/** Undefined before the first settlement. */
export type RecoverOpeningReturnType = (Opening & { readonly sequence: bigint }) | undefined;

type Candidate = NonNullable<RecoverOpeningReturnType>;

const TRIES_BETWEEN_PAUSES = 50;

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
 *   sequences: { from: 1n, to: 20n },
 *   units: { from: 0n, to: 1_000n },
 *   contexts: [encodeContexts(["education"])],
 * };
 * const opening = await recoverOpening(client, { licenseId, secret, search });
 * ```
 */
export async function recoverOpening(
  client: Client,
  parameters: RecoverOpeningParameters,
): Promise<RecoverOpeningReturnType> {
  const { licenseId, secret, vouchers = [], search, limit = 1_000_000, onProgress, signal } = parameters;
  const total = vouchers.length + (search ? sizeOf(search, limit) : 0);
  const { units, commitment } = await getUsage(client, { licenseId });
  if (!commitment) return nothingSettled(units);
  let tried = 0;
  for (const candidate of candidates(secret, licenseId, vouchers, search)) {
    if (isOpening(commitment, licenseId, candidate)) return candidate;
    tried += 1;
    if (tried % TRIES_BETWEEN_PAUSES !== 0) continue;
    onProgress?.(tried, total);
    await pause();
    signal?.throwIfAborted();
  }
  throw new OpeningNotFoundError(licenseId, commitment, tried);
}

function sizeOf({ sequences, units, contexts }: OpeningSearch, limit: number): number {
  const size =
    lengthOf("search.sequences", sequences) *
    lengthOf("search.units", units) *
    BigInt(checkNotEmpty("search.contexts", contexts).length);
  if (size <= limit) return Number(size);
  const advice = "Narrow the search or raise `limit`";
  throw new InvalidParameterError("search", `has ${size} vouchers, above the limit of ${limit}`, advice);
}

function lengthOf(name: string, { from, to }: SearchRange): bigint {
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
  for (const { units, contexts, sequence } of vouchers)
    yield { units, contexts, sequence, salt: saltOf(secret, licenseId, sequence) };
  if (!search) return;
  const { sequences, units: range, contexts: sets } = search;
  for (let sequence = sequences.to; sequence >= sequences.from; sequence--) {
    const salt = saltOf(secret, licenseId, sequence);
    for (let units = range.to; units >= range.from; units--)
      for (const contexts of sets) yield { units, contexts, sequence, salt };
  }
}

/** Lets other work on this thread run. */
async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}
