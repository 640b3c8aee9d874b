import { checkNotEmpty, checkUint } from "../core/check.ts";
import { ascending, sumOf } from "../core/lists.ts";
import { InvalidParameterError, LoneRowError } from "../errors.ts";
import { type BatchRowInput, type CheckedRow, checkRow } from "./checkRow.ts";

/** Vouchers of one offer, from a meter's `privateBatch`. */
export type BatchOfferInput = {
  readonly offerId: bigint;
  /** Contexts allowed by the offer's terms, see `getConditions`. */
  readonly allowedContexts: bigint;
  /** One a license. At least one. */
  readonly rows: readonly BatchRowInput[];
};
/** Sorted rows and the sum of their increases. */
export type BatchOffer = Omit<BatchOfferInput, "rows"> & {
  readonly rows: readonly CheckedRow[];
  readonly units: bigint;
};

/** Offers and rows in the order of circuit and ledger, each license once. */
export function checkOffers(offers: readonly BatchOfferInput[], allowLone: boolean): BatchOffer[] {
  const checked = checkNotEmpty("offers", offers).map(checkOffer);
  checkUnique(
    "offer",
    checked.map(({ offerId }) => offerId),
  );
  checkUnique(
    "license",
    checked.flatMap(({ rows }) => rows.map(licenseIdOf)),
  );
  const lone = checked.find(({ rows }) => rows.length === 1);
  if (lone && !allowLone) throw new LoneRowError(lone.offerId);
  return ascending(checked, ({ offerId }) => offerId);
}

function checkOffer({ offerId, allowedContexts, rows }: BatchOfferInput, index: number): BatchOffer {
  const name = `offers[${index}]`;
  checkUint(`${name}.offerId`, offerId, 64, 1n);
  checkUint(`${name}.allowedContexts`, allowedContexts, 32);
  const checked = checkNotEmpty(`${name}.rows`, rows).map((row, i) =>
    checkRow(`${name}.rows[${i}]`, row, allowedContexts),
  );
  const units = sumOf(checked, increaseOf);
  if (units >> 64n !== 0n) {
    throw new InvalidParameterError(
      `${name}.rows`,
      `add up to ${units} units, above 2^64 - 1`,
      "Split them into several batches",
    );
  }
  return { offerId, allowedContexts, rows: ascending(checked, licenseIdOf), units };
}

function checkUnique(what: string, ids: readonly bigint[]): void {
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice === undefined) return;
  throw new InvalidParameterError(
    "offers",
    `contain ${what} ${twice} twice`,
    "Pass each once, with its newest voucher",
  );
}

export function increaseOf({ voucher, oldOpening }: BatchRowInput): bigint {
  return voucher.units - (oldOpening?.units ?? 0n);
}

function licenseIdOf({ voucher }: BatchRowInput): bigint {
  return voucher.licenseId;
}
