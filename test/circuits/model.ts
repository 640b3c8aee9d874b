import { buildPoseidonReference } from "circomlibjs";
import { mod, P } from "./field.ts";

const poseidon = await buildPoseidonReference();
const hashes = new Map<string, bigint>();

/** Similar batches have most of their words in common, and the reference is slow. */
function hash(inputs: readonly bigint[]): bigint {
  const key = inputs.join();
  const known = hashes.get(key) ?? poseidon.F.toObject(poseidon(inputs));
  hashes.set(key, known);
  return known;
}

export type Row = {
  enabled: bigint;
  first: bigint;
  licenseId: bigint;
  index: bigint;
  cap: bigint;
  allowedContexts: bigint;
  oldUnits: bigint;
  oldContexts: bigint;
  oldSalt: bigint;
  newUnits: bigint;
  newContexts: bigint;
  newSalt: bigint;
};

export type Batch = { totals: bigint[]; rows: Row[]; r: bigint };

export const PADDING: Row = {
  enabled: 0n,
  first: 0n,
  licenseId: 0n,
  index: 0n,
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
export function inputsOf({ rows, totals, r }: Batch) {
  const fields = Object.keys(PADDING) as (keyof Row)[];
  return {
    r,
    totals,
    ...Object.fromEntries(fields.map((field) => [field, rows.map((row) => row[field])])),
  };
}

export function commitment(licenseId: bigint, units: bigint, contexts: bigint, salt: bigint): bigint {
  return hash([mod(licenseId + (contexts << 64n) + (units << 96n)), salt]);
}

/** Totals, then static, old and new word of each row. */
export function vector(given: Batch): bigint[] {
  const batch = reduced(given);
  const words = batch.rows.flatMap((row) => {
    if (row.enabled === 0n) return [0n, 0n, 0n];
    const { licenseId } = row;
    return [
      staticOf(row),
      row.first === 1n ? 0n : commitment(licenseId, row.oldUnits, row.oldContexts, row.oldSalt),
      commitment(licenseId, row.newUnits, row.newContexts, row.newSalt),
    ];
  });
  return [...batch.totals, ...words];
}

/** The honest totals of some rows: the sums of their increases, by index. */
export function totalsOf(rows: readonly Row[], count: number): bigint[] {
  return Array.from({ length: count }, (_, slot) => {
    const ofSlot = rows.filter((row) => indexBits(row) === BigInt(slot));
    return mod(ofSlot.reduce((sum, row) => sum + row.newUnits - row.oldUnits, 0n));
  });
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
 * The broken conditions of the statement, as "row 2: new units have 64 bits". All arithmetic is in the field: p + 1 is 1,
 * and 3 - 5 has some 254 bits. Contexts are compared by their lowest 32 bits, even if they have more, and increases add
 * up by the lowest 4 bits of an index.
 */
export function violations(given: Batch): string[] {
  const batch = reduced(given);
  return [
    ...batch.rows.flatMap((row, index) => failing(`row ${index}`, rowConditions(row))),
    ...batch.totals.flatMap((units, slot) => failing(`total ${slot}`, totalConditions(units))),
    ...failing("batch", batchConditions(batch)),
  ];
}

/** Every condition, named as by `violations` but without the index. */
export const CONDITIONS = [
  ...Object.keys(rowConditions(PADDING)).map((name) => `row: ${name}`),
  ...Object.keys(totalConditions(0n)).map((name) => `total: ${name}`),
  ...Object.keys(batchConditions({ rows: [], totals: [], r: 0n })).map((name) => `batch: ${name}`),
];

function batchConditions({ rows, totals, r }: Batch): Record<string, boolean> {
  const increases = totalsOf(rows, 16);
  return { "increases add up to the totals": evaluate(increases, r) === evaluate(totals, r) };
}

function totalConditions(units: bigint): Record<string, boolean> {
  return { "units have 64 bits": isBelow(64n, units) };
}

function rowConditions(row: Row): Record<string, boolean> {
  const { enabled, first, oldContexts, newContexts, allowedContexts } = row;
  return {
    "enabled is 0 or 1": enabled < 2n,
    "first is 0 or enabled": first === 0n || first === enabled,
    "license id has 64 bits": isBelow(64n, row.licenseId),
    "index has 4 bits": isBelow(4n, row.index),
    "allowed contexts have 32 bits": isBelow(32n, allowedContexts),
    "old contexts have 32 bits": isBelow(32n, oldContexts),
    "new contexts have 32 bits": isBelow(32n, newContexts),
    "old contexts are among new": isSubset(oldContexts, newContexts),
    "new contexts are among allowed": isSubset(newContexts, allowedContexts),
    "increase has 64 bits": isBelow(64n, row.newUnits - row.oldUnits),
    "new units have 64 bits": isBelow(64n, row.newUnits),
    "cap minus new units has 64 bits": isBelow(64n, row.cap - row.newUnits),
    "first has no old use": first === 0n || mod(oldContexts + (row.oldUnits << 32n)) === 0n,
    "disabled has no static word": enabled === 1n || staticOf(row) === 0n,
    "disabled has no increase": enabled === 1n || row.newUnits === row.oldUnits,
  };
}

function staticOf({ licenseId, index, allowedContexts, cap }: Row): bigint {
  return mod(licenseId + (index << 64n) + (allowedContexts << 68n) + (cap << 100n));
}

function indexBits({ index }: Row): bigint {
  return mod(index) & 15n;
}

function isBelow(bits: bigint, value: bigint): boolean {
  return mod(value) >> bits === 0n;
}

function isSubset(part: bigint, whole: bigint): boolean {
  return (part & 0xffff_ffffn & ~whole) === 0n;
}

function failing(where: string, conditions: Record<string, boolean>): string[] {
  return Object.entries(conditions).flatMap(([name, holds]) => (holds ? [] : [`${where}: ${name}`]));
}

function reduced({ totals, rows, r }: Batch): Batch {
  const reduceRow = (row: Row) =>
    Object.fromEntries(Object.entries(row).map(([field, value]) => [field, mod(value)])) as Row;
  return { totals: totals.map(mod), rows: rows.map(reduceRow), r: mod(r) };
}

export type Range = {
  usage: bigint;
  licenseId: bigint;
  min: bigint;
  max: bigint;
  units: bigint;
  contexts: bigint;
  salt: bigint;
};

/** The broken conditions of the statement of a range. */
export function rangeViolations(range: Range): string[] {
  const { usage, licenseId, min, max, units, contexts, salt } = range;
  return Object.entries({
    "usage opens": mod(usage) === commitment(mod(licenseId), mod(units), mod(contexts), mod(salt)),
    "license id has 64 bits": isBelow(64n, licenseId),
    "units have 64 bits": isBelow(64n, units),
    "contexts have 32 bits": isBelow(32n, contexts),
    "min has 64 bits": isBelow(64n, min),
    "max has 64 bits": isBelow(64n, max),
    "units minus min has 64 bits": isBelow(64n, units - min),
    "max minus units has 64 bits": isBelow(64n, max - units),
  }).flatMap(([name, holds]) => (holds ? [] : [name]));
}
