import { P } from "./field.ts";
import { type Batch, PADDING, type Row, totalsOf } from "./model.ts";

const CUSTOMERS: Row[] = [
  {
    ...PADDING,
    enabled: 1n,
    licenseId: 7n,
    cap: 100n,
    allowedContexts: 0b111n,
    oldUnits: 3n,
    oldContexts: 0b001n,
    oldSalt: 1_001n,
    newUnits: 8n,
    newContexts: 0b011n,
    newSalt: 1_002n,
  },
  {
    ...PADDING,
    enabled: 1n,
    first: 1n,
    licenseId: 8n,
    cap: 100n,
    allowedContexts: 0b111n,
    newUnits: 20n,
    newContexts: 0b100n,
    newSalt: 1_003n,
  },
];

/**
 * For the small circuit: a customer settled before, a first-time customer, and padding, each with its changes.
 *
 * @param totals - the rows' own sums by default
 */
export function smallBatch(changes: Partial<Row>[] = [], totals?: bigint[]): Batch {
  const rows = [...CUSTOMERS, PADDING].map((row, index) => ({ ...row, ...changes[index] }));
  return { totals: totals ?? totalsOf(rows, 2), rows, r: 123_456_789n };
}

/** Draws from a fixed sequence (mulberry32). */
export function drawer(seed: number) {
  let state = seed;
  const word = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return BigInt((mixed ^ (mixed >>> 14)) >>> 0);
  };
  const bits = (count: number) => {
    let value = 0n;
    for (let have = 0; have < count; have += 32) value = (value << 32n) | word();
    return BigInt.asUintN(count, value);
  };
  const upTo = (highest: bigint) => bits(128) % (highest + 1n);
  return { bits, upTo, element: () => bits(320) % P, chance: (percent: bigint) => upTo(99n) < percent };
}

export type Drawer = ReturnType<typeof drawer>;

/** A batch of 16 rows and 4 offers: first rows, rows without increase, and all sizes up to the limits. */
export function randomBatch(draw: Drawer, count: number): Batch {
  const customers = Array.from({ length: count }, () => randomRow(draw));
  const padding = Array.from({ length: 16 - count }, () => ({
    ...PADDING,
    oldSalt: draw.element(),
    newSalt: draw.element(),
  }));
  const rows = [...customers, ...padding];
  return { totals: totalsOf(rows, 4), rows, r: draw.element() };
}

function randomRow(draw: Drawer): Row {
  const cap = draw.bits(draw.chance(30n) ? 60 : 20);
  const newUnits = draw.upTo(cap);
  const isFirst = draw.chance(25n);
  const allowedContexts = draw.bits(32);
  const newContexts = allowedContexts & draw.bits(32);
  const oldUnits = draw.chance(25n) ? newUnits : draw.upTo(newUnits);
  return {
    enabled: 1n,
    first: isFirst ? 1n : 0n,
    licenseId: draw.bits(64),
    index: draw.upTo(3n),
    cap,
    allowedContexts,
    oldUnits: isFirst ? 0n : oldUnits,
    oldContexts: isFirst ? 0n : newContexts & draw.bits(32),
    oldSalt: draw.element(),
    newUnits,
    newContexts,
    newSalt: draw.element(),
  };
}
