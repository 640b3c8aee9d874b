import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import type { Batch } from "../shared/batch.ts";
import type { CheckedRow } from "./checkRow.ts";
import { inputOf } from "./input.ts";
import { chooseInstance } from "./instances.ts";
import { type BatchOffer, type BatchOfferInput, checkOffers, increaseOf } from "./offers.ts";
import { challenge, evaluate, hashVector, vectorOf } from "./vector.ts";

export type BuildBatchParameters = {
  readonly chainId: bigint;
  /** The `UsageLedger` for the settlement. */
  readonly ledger: AddressInput;
  readonly meterId: bigint;
  /** Number of the circuit in the ledger's list. @default the smallest fitting one */
  readonly instance?: number;
  /** At least one. */
  readonly offers: readonly BatchOfferInput[];
  /** Permits offers with a single license. Their total publishes its count. @default false */
  readonly allowLone?: boolean;
};
export type BuildBatchReturnType = Batch;

/**
 * Orders private vouchers for a proof. Refuses in advance any row that circuit or ledger would refuse. A voucher
 * without an increase is a cover: others cannot tell it apart. `anonymity` counts licenses and covers per offer.
 *
 * @throws {@link InvalidParameterError} for too many rows, or an invalid row, with its path
 * @throws {@link LoneRowError} for an offer with a single license, unless allowed
 * @example
 * ```ts
 * const { chainId, addresses } = client;
 * const offers = books.privateBatch({ maxRows: 16, maxOffers: 4 });
 * const batch = buildBatch({ chainId, ledger: addresses.UsageLedger, meterId, offers });
 * ```
 */
export function buildBatch(parameters: BuildBatchParameters): BuildBatchReturnType {
  const chainId = checkUint("chainId", parameters.chainId, 256);
  const ledger = checkAddress("ledger", parameters.ledger);
  const meterId = checkUint("meterId", parameters.meterId, 32, 1n);
  const offers = checkOffers(parameters.offers, parameters.allowLone ?? false);
  const count = offers.reduce((sum, { rows }) => sum + rows.length, 0);
  const instance = chooseInstance(count, offers.length, parameters.instance);

  const vector = vectorOf(offers, instance);
  const c = hashVector(vector, instance.offers + 3 * instance.rows);
  const context = [chainId, BigInt(ledger), BigInt(instance.index), meterId, BigInt(count), c];
  const r = challenge(context, vector);
  return deepFreeze({
    chainId,
    ledger,
    meterId,
    instance: instance.index,
    circuit: instance.circuit,
    offers: offers.map(({ offerId, units, rows }) => ({ offerId, units, rows: rows.map(publicRow) })),
    anonymity: offers.map(anonymityOf),
    vector,
    signals: { c, y: evaluate(vector, r), r },
    input: inputOf(offers, instance, r),
  });
}

function publicRow({ voucher: { licenseId, usage, signature }, cap, oldUsage }: CheckedRow) {
  return { licenseId, cap, oldUsage, usage, signature };
}

function anonymityOf({ offerId, units, rows }: BatchOffer) {
  return { offerId, units, rows: rows.length, covers: rows.filter((row) => increaseOf(row) === 0n).length };
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === "object" && inner) deepFreeze(inner);
  return Object.freeze(value);
}
