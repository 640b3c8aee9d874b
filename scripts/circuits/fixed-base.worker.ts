// A process of fixed-base.ts. It adds one point of a table for each byte of a scalar, instead of 254 doublings.
import { buildBn128 } from "ffjavascript";
import type { GroupName, Points, Task } from "./fixed-base.ts";

const SCALAR_BYTES = 32;
const DIGITS = 256;
const PAGE = 65_536;

/** An address in the memory of ffjavascript's WebAssembly. */
type Address = number;
type Operation = (...addresses: number[]) => void;

// Single-threaded: each core has its own process.
const curve = await buildBn128(true);
const { memory, instance } = curve.tm;
const tables: Partial<Record<GroupName, Address>> = {};

process.on("message", (task: Task) => process.send?.(multiply(task)));

function multiply({ group, scalars }: Task): Points {
  tables[group] ??= buildTable(group);
  const table = tables[group];
  const { add, clear, toAffine, toUncompressed, affineBytes, sumBytes } = operations(group);
  const count = scalars.length / SCALAR_BYTES;

  return scratch(() => {
    const sums = allocate(count * sumBytes);
    for (let i = 0; i < count; i++) {
      const sum = sums + i * sumBytes;
      clear(sum);
      for (let place = 0; place < SCALAR_BYTES; place++) {
        const digit = scalars[i * SCALAR_BYTES + place] ?? 0;
        if (digit > 0) add(sum, table + (place * DIGITS + digit) * affineBytes, sum);
      }
    }
    const affine = allocate(count * affineBytes);
    const uncompressed = allocate(count * affineBytes);
    toAffine(sums, count, affine);
    toUncompressed(affine, count, uncompressed);
    return {
      affine: read(affine, count * affineBytes),
      uncompressed: read(uncompressed, count * affineBytes),
    };
  });
}

/** The product digit x 256^place x generator for each place and digit. */
function buildTable(group: GroupName): Address {
  const { add, clear, double, toAffine, oneToAffine, affineBytes, sumBytes } = operations(group);
  const table = allocate(SCALAR_BYTES * DIGITS * affineBytes);
  scratch(() => {
    const base = allocate(sumBytes);
    const affineBase = allocate(affineBytes);
    const row = allocate(DIGITS * sumBytes);
    new Uint8Array(memory.buffer).set(curve[group].g, base);
    for (let place = 0; place < SCALAR_BYTES; place++) {
      oneToAffine(base, affineBase);
      clear(row);
      for (let digit = 1; digit < DIGITS; digit++) {
        add(row + (digit - 1) * sumBytes, affineBase, row + digit * sumBytes);
      }
      toAffine(row, DIGITS, table + place * DIGITS * affineBytes);
      for (let bit = 0; bit < 8; bit++) double(base, base);
    }
  });
  return table;
}

function operations(group: GroupName) {
  const prefix = group === "G1" ? "g1m" : "g2m";
  const operation = (name: string) => instance.exports[`${prefix}_${name}`] as Operation;
  const coordinateBytes = curve[group].F.n8;
  return {
    add: operation("addMixed"),
    clear: operation("zero"),
    double: operation("double"),
    oneToAffine: operation("toAffine"),
    toAffine: operation("batchToAffine"),
    toUncompressed: operation("batchLEMtoU"),
    affineBytes: 2 * coordinateBytes,
    sumBytes: 3 * coordinateBytes,
  };
}

// Address 0 holds the address of the first free byte, by ffjavascript's convention.
function allocate(bytes: number): Address {
  const address = (firstFree() + 7) & ~7;
  // Batch operations also use memory behind the allocated part.
  const missing = address + 3 * bytes + PAGE - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  setFirstFree(address + bytes);
  return address;
}

function scratch<T>(run: () => T): T {
  const before = firstFree();
  try {
    return run();
  } finally {
    setFirstFree(before);
  }
}

function firstFree(): Address {
  return new Uint32Array(memory.buffer, 0, 1)[0] ?? 0;
}

function setFirstFree(address: Address): void {
  new Uint32Array(memory.buffer, 0, 1)[0] = address;
}

function read(address: Address, bytes: number): Uint8Array {
  return new Uint8Array(memory.buffer.slice(address, address + bytes));
}
