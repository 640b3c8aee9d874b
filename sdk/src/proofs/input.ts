import type { Batch } from "../shared/batch.ts";
import type { Instance } from "./instances.ts";
import type { BatchOffer } from "./offers.ts";

/** The circuit's input. Padding is zero. */
export function inputOf(offers: readonly BatchOffer[], instance: Instance, r: bigint): Batch["input"] {
  const rows = offers.flatMap(({ allowedContexts, rows }, index) =>
    rows.map((row) => ({ ...row, index: BigInt(index), allowedContexts })),
  );
  const of = (value: (row: (typeof rows)[number]) => bigint) => padded(rows.map(value), instance.rows);
  return {
    r,
    totals: padded(
      offers.map(({ units }) => units),
      instance.offers,
    ),
    enabled: of(() => 1n),
    first: of(({ oldOpening }) => (oldOpening ? 0n : 1n)),
    licenseId: of(({ voucher }) => voucher.licenseId),
    index: of(({ index }) => index),
    cap: of(({ cap }) => cap),
    allowedContexts: of(({ allowedContexts }) => allowedContexts),
    oldUnits: of(({ oldOpening }) => oldOpening?.units ?? 0n),
    oldContexts: of(({ oldOpening }) => oldOpening?.contexts ?? 0n),
    oldSalt: of(({ oldOpening }) => oldOpening?.salt ?? 0n),
    newUnits: of(({ voucher }) => voucher.units),
    newContexts: of(({ voucher }) => voucher.contexts),
    newSalt: of(({ voucher }) => voucher.salt),
  };
}

/** Appends zeros up to this length. */
export function padded(words: readonly bigint[], length: number): bigint[] {
  return Array.from({ length }, (_, i) => words[i] ?? 0n);
}
