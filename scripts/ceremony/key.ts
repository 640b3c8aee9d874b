import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { CircuitError } from "../circuits/errors.ts";
import { COORDINATES, SCALARS } from "../circuits/field.ts";
import { POINT_BYTES } from "../circuits/fixed-base.ts";

export type Beacon = { hash: string; iterationsExp: number };

/** One contribution to phase 2. The contributor chooses the name; only the hash identifies a contribution. */
export type Contribution = { name: string; hash: string; beacon?: Beacon };

const HEADER = 12;
const FIELD_BYTES = 32;
const TERM_BYTES = 44;
const HASH_BYTES = 64;
const GROTH16 = 1;
const SECTIONS = 10;

type Place = { start: number; length: number };

/**
 * Reads the contributions of a key, oldest first, and checks that the file is complete. Only snarkjs's verification shows
 * that they are valid.
 *
 * @throws {CircuitError} for another file, a truncated one, or one with bytes added
 */
export function readContributions(file: string): Contribution[] {
  const fd = openSync(file, "r");
  try {
    const read = ({ start, length }: Place): Buffer => {
      const bytes = Buffer.alloc(length);
      if (readSync(fd, bytes, 0, length, start) !== length) throw damaged(file, "ends too early");
      return bytes;
    };
    const places = readPlaces(file, fstatSync(fd).size, read);
    checkLengths(file, places, read);
    return parseContributions(file, read(placeOf(places, 10)));
  } finally {
    closeSync(fd);
  }
}

function damaged(file: string, problem: string): CircuitError {
  return new CircuitError(`${file} is damaged: it ${problem}. Get it again.`);
}

function placeOf(places: ReadonlyMap<number, Place>, id: number): Place {
  return places.get(id) ?? { start: 0, length: 0 };
}

function readPlaces(file: string, size: number, read: (place: Place) => Buffer): Map<number, Place> {
  const isKey = size >= HEADER && read({ start: 0, length: 4 }).toString("latin1") === "zkey";
  if (!isKey) throw new CircuitError(`${file} is not a zkey file.`);
  const places = new Map<number, Place>();
  let position = HEADER;
  while (position < size) {
    if (position + HEADER > size) throw damaged(file, "ends too early");
    const header = read({ start: position, length: HEADER });
    const [id, length] = [header.readUInt32LE(0), Number(header.readBigUInt64LE(4))];
    const start = position + HEADER;
    position = start + length;
    if (position > size) throw damaged(file, "ends too early");
    if (places.has(id) || id < 1 || id > SECTIONS) throw damaged(file, "has parts that no key has");
    places.set(id, { start, length });
  }
  if (places.size !== SECTIONS) throw damaged(file, "ends too early");
  return places;
}

/** All lengths follow from the numbers in the header. */
function checkLengths(
  file: string,
  places: ReadonlyMap<number, Place>,
  read: (place: Place) => Buffer,
): void {
  const points = 3 * POINT_BYTES.G1 + 3 * POINT_BYTES.G2;
  const [protocol, header] = [read(placeOf(places, 1)), placeOf(places, 2)];
  if (protocol.length !== 4 || protocol.readUInt32LE() !== GROTH16 || header.length !== 84 + points)
    throw new CircuitError(`${file} is not a key of Groth16 over BN254.`);
  const numbers = read(header);
  const field = (offset: number): bigint => fromLittleEndian(numbers.subarray(offset, offset + FIELD_BYTES));
  if (field(4) !== COORDINATES || field(40) !== SCALARS)
    throw new CircuitError(`${file} is not a key of Groth16 over BN254.`);
  const [wires, signals, domain] = [72, 76, 80].map((at) => numbers.readUInt32LE(at)) as [
    number,
    number,
    number,
  ];
  const terms = read({ start: placeOf(places, 4).start, length: 4 }).readUInt32LE();
  const lengths: Record<number, number> = {
    3: (signals + 1) * POINT_BYTES.G1,
    4: 4 + terms * TERM_BYTES,
    5: wires * POINT_BYTES.G1,
    6: wires * POINT_BYTES.G1,
    7: wires * POINT_BYTES.G2,
    8: (wires - signals - 1) * POINT_BYTES.G1,
    9: domain * POINT_BYTES.G1,
  };
  for (const [id, length] of Object.entries(lengths))
    if (placeOf(places, Number(id)).length !== length) throw damaged(file, "has a part of the wrong length");
}

/** The hash of the circuit, then each contribution: delta, public key, hash before it, kind, and parameters by kind. */
function parseContributions(file: string, bytes: Buffer): Contribution[] {
  let position = HASH_BYTES;
  const take = (length: number): Buffer => {
    if (position + length > bytes.length) throw damaged(file, "has an incomplete list of contributions");
    position += length;
    return bytes.subarray(position - length, position);
  };
  const count = take(4).readUInt32LE();
  const contributions: Contribution[] = [];
  for (let i = 0; i < count; i++) {
    const hash = createHash("blake2b512");
    for (let point = 0; point < 3; point++) hash.update(bigEndian(take(POINT_BYTES.G1)));
    // The last point is of G2, with pairs as coordinates. snarkjs hashes the second half of a pair first.
    for (let pair = 0; pair < 2; pair++) {
      const [first, second] = [take(FIELD_BYTES), take(FIELD_BYTES)];
      hash.update(bigEndian(second)).update(bigEndian(first));
    }
    hash.update(take(HASH_BYTES));
    const isBeacon = take(4).readUInt32LE() === 1;
    const { name, beacon } = parseParameters(file, take(take(4).readUInt32LE()));
    if (isBeacon !== (beacon !== undefined)) throw damaged(file, "has a beacon without its value");
    contributions.push({ name, hash: hash.digest("hex"), ...(beacon && { beacon }) });
  }
  if (position !== bytes.length) throw damaged(file, "has bytes after its contributions");
  return contributions;
}

function parseParameters(file: string, bytes: Buffer): { name: string; beacon?: Beacon } {
  let [name, iterationsExp, hash, position] = ["", undefined as number | undefined, "", 0];
  const take = (length: number): Buffer => {
    position += length;
    if (position > bytes.length) throw damaged(file, "has an incomplete contribution");
    return bytes.subarray(position - length, position);
  };
  const byte = (): number => take(1).readUInt8();
  while (position < bytes.length) {
    const kind = byte();
    if (kind === 1) name = new TextDecoder().decode(take(byte()));
    else if (kind === 2) iterationsExp = byte();
    else if (kind === 3) hash = take(byte()).toString("hex");
    else throw damaged(file, "has a contribution of an unknown kind");
  }
  return { name, ...(iterationsExp !== undefined && { beacon: { hash, iterationsExp } }) };
}

const MONTGOMERY_INVERSE = inverse(2n ** 256n % COORDINATES);

/** Coordinates are in Montgomery form, little-endian. snarkjs hashes them as plain numbers, big-endian. */
function bigEndian(bytes: Buffer): Buffer {
  const numbers = Array.from({ length: bytes.length / FIELD_BYTES }, (_, i) => {
    const value = fromLittleEndian(bytes.subarray(FIELD_BYTES * i, FIELD_BYTES * (i + 1)));
    const plain = (value * MONTGOMERY_INVERSE) % COORDINATES;
    return Buffer.from(plain.toString(16).padStart(2 * FIELD_BYTES, "0"), "hex");
  });
  return Buffer.concat(numbers);
}

function fromLittleEndian(bytes: Buffer): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
}

function inverse(value: bigint): bigint {
  let [result, base] = [1n, value];
  for (let exponent = COORDINATES - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % COORDINATES;
    base = (base * base) % COORDINATES;
  }
  return result;
}
