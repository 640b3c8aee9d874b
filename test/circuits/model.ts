import { buildPoseidonReference } from "circomlibjs";
import { mod, P } from "./field.ts";

const poseidon = await buildPoseidonReference();
const hash = (inputs: readonly bigint[]) => poseidon.F.toObject(poseidon(inputs));

export type Row = {
  enabled: bigint;
  first: bigint;
  licenseId: bigint;
  offerId: bigint;
  cap: bigint;
  allowedContexts: bigint;
  oldUnits: bigint;
  oldContexts: bigint;
  oldSalt: bigint;
  newUnits: bigint;
  newContexts: bigint;
  newSalt: bigint;
};

export type Batch = { offerIds: bigint[]; rows: Row[]; r: bigint };

export const PADDING: Row = {
  enabled: 0n,
  first: 0n,
  licenseId: 0n,
  offerId: 0n,
  cap: 0n,
  allowedContexts: 0n,
  oldUnits: 0n,
  oldContexts: 0n,
  oldSalt: 0n,
  newUnits: 0n,
  newContexts: 0n,
  newSalt: 0n,
};

/** The circuit's inputs: an array for each field of the rows. */
export function inputsOf({ rows, offerIds, r }: Batch) {
  const fields = Object.keys(PADDING) as (keyof Row)[];
  return { r, offerIds, ...Object.fromEntries(fields.map((field) => [field, rows.map((row) => row[field])])) };
}

export function commitment(licenseId: bigint, units: bigint, contexts: bigint, salt: bigint): bigint {
  return hash([licenseId, units, contexts, salt]);
}

/** Totals, then static, old and new word of each row. */
export function vector(batch: Batch): bigint[] {
  const totals = batch.offerIds.map((offerId, slot) => offerId + (unitsOf(batch, slot) << 64n));
  const words = batch.rows.flatMap((row) => {
    if (row.enabled === 0n) return [0n, 0n, 0n];
    const { licenseId } = row;
    return [
      licenseId + (row.offerId << 64n) + (row.cap << 128n) + (row.allowedContexts << 192n),
      row.first === 1n ? 0n : commitment(licenseId, row.oldUnits, row.oldContexts, row.oldSalt),
      commitment(licenseId, row.newUnits, row.newContexts, row.newSalt),
    ];
  });
  return [...totals, ...words].map(mod);
}

export function sponge(words: readonly bigint[]): bigint {
  let state = 0n;
  for (let block = 0; block < words.length; block += 15) {
    const padded = Array.from({ length: 15 }, (_, index) => words[block + index] ?? 0n);
    state = hash([state, ...padded]);
  }
  return state;
}

export function evaluate(words: readonly bigint[], r: bigint): bigint {
  let power = 1n;
  let sum = 0n;
  for (const word of words) {
    sum += word * power;
    power = (power * r) % P;
  }
  return sum % P;
}

/**
 * What of the statement does not hold, as "row 2: cap has 64 bits". Everything is of the field: p + 1 is 1, and 3 - 5
 * has some 254 bits. A word of too many bits still has its lowest ones, and contexts are compared by those.
 */
export function violations(batch: Batch): string[] {
  const offerIds = batch.offerIds.map(mod);
  return [
    ...batch.rows.flatMap((row, index) => failing(rowConditions(row, offerIds)).map((name) => `row ${index}: ${name}`)),
    ...offerIds.flatMap((offerId, slot) =>
      failing({
        "offer id has 64 bits": isBelow(64n, offerId),
        "units have 64 bits": isBelow(64n, unitsOf(batch, slot)),
      }).map((name) => `total ${slot}: ${name}`),
    ),
  ];
}

function rowConditions(given: Row, offerIds: bigint[]): Record<string, boolean> {
  const row = Object.fromEntries(Object.entries(given).map(([field, value]) => [field, mod(value)])) as Row;
  const { enabled, first, oldContexts, newContexts, allowedContexts } = row;
  const matches = offerIds.filter((offerId) => offerId === row.offerId).length;
  const identity = [row.licenseId, row.offerId, row.cap, allowedContexts];
  const isZero = (values: bigint[]) => staticOf(values) === 0n;
  return {
    "enabled is 0 or 1": enabled < 2n,
    "first is 0 or 1": first < 2n,
    "first only if enabled": first === 0n || enabled === 1n,
    "license id has 64 bits": isBelow(64n, row.licenseId),
    "offer id has 64 bits": isBelow(64n, row.offerId),
    "cap has 64 bits": isBelow(64n, row.cap),
    "allowed contexts have 32 bits": isBelow(32n, allowedContexts),
    "old contexts have 32 bits": isBelow(32n, oldContexts),
    "new contexts have 32 bits": isBelow(32n, newContexts),
    "old contexts are among new": isSubset(oldContexts, newContexts),
    "new contexts are among allowed": isSubset(newContexts, allowedContexts),
    "increase has 64 bits": isBelow(64n, row.newUnits - row.oldUnits),
    "new units have 64 bits": isBelow(64n, row.newUnits),
    "cap minus new units has 64 bits": isBelow(64n, row.cap - row.newUnits),
    "first has no old units": first === 0n || row.oldUnits === 0n,
    "first has no old contexts": first === 0n || oldContexts === 0n,
    "disabled has no static word": enabled === 1n || isZero(identity),
    "disabled has no increase": enabled === 1n || row.newUnits === row.oldUnits,
    "enabled matches one total": enabled === 0n || matches === 1,
  };
}

const staticOf = (fields: bigint[]) => fields.reduce((sum, field, index) => mod(sum + (field << BigInt(64 * index))), 0n);
const isBelow = (bits: bigint, value: bigint) => mod(value) >> bits === 0n;
const lowest32 = (value: bigint) => value & 0xffff_ffffn;
const isSubset = (part: bigint, whole: bigint) => (lowest32(part) & ~lowest32(whole)) === 0n;
const failing = (conditions: Record<string, boolean>) =>
  Object.entries(conditions).flatMap(([name, holds]) => (holds ? [] : [name]));

// A row counts wherever its offer id is found, as the circuit does it; that it is found once is a condition of its own.
function unitsOf({ offerIds, rows }: Batch, slot: number): bigint {
  const matching = rows.filter((row) => mod(row.offerId) === mod(offerIds[slot] ?? 0n));
  return mod(matching.reduce((sum, row) => sum + row.newUnits - row.oldUnits, 0n));
}
