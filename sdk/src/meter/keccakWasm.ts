/**
 * Assembles Keccak-f[1600] (FIPS 202, section 3) as a WebAssembly module. The state is in the first 25 words of its
 * memory, the round constants follow.
 */

export const ROUNDS = 24;

const AXIS = [0, 1, 2, 3, 4];
// Local variables: the lanes, the lanes of the next step, and column parities.
const lane = (x: number, y: number) => (x % 5) + 5 * (y % 5);
const moved = (x: number, y: number) => 25 + lane(x, y);
const parity = (x: number) => 50 + (x % 5);
const EFFECT = 55;
const LOCALS = 56;

const XOR = [0x85];
const AND = [0x83];
const ROTATE_LEFT = [0x89];
const NOT = [0x42, 0x7f, ...XOR]; // xor -1
const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
// Below 64: one byte whose sign bit is free.
const constant = (value: number) => [0x42, value];
const load = (word: number) => [0x41, 0, 0x29, 3, ...unsigned(8 * word)];
const store = (word: number, local: number) => [0x41, 0, ...get(local), 0x37, 3, ...unsigned(8 * word)];

export function permutationModule(): Uint8Array<ArrayBuffer> {
  const body = [1, LOCALS, 0x7e, ...permutation(), 0x0b];
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // "\0asm", version 1
    ...section(1, [1, 0x60, 0, 0]), // type: no parameters, no results
    ...section(3, [1, 0]), // one function of that type
    ...section(5, [1, 0, 1]), // one page of memory
    ...section(7, [2, ...text("permute"), 0, 0, ...text("memory"), 2, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ]);
}

function permutation(): number[] {
  const words = Array.from({ length: 25 }, (_, i) => i);
  const rounds = Array.from({ length: ROUNDS }, (_, i) => round(25 + i));
  return [
    ...words.flatMap((word) => [...load(word), ...set(word)]),
    ...rounds.flat(),
    ...words.flatMap((word) => store(word, word)),
  ];
}

function round(constantWord: number): number[] {
  const iota = [...get(0), ...load(constantWord), ...XOR, ...set(0)];
  return [...AXIS.flatMap(columnParity), ...AXIS.flatMap(thetaRhoPi), ...AXIS.flatMap(chi), ...iota];
}

function columnParity(x: number): number[] {
  return [...AXIS.flatMap((y) => [...get(lane(x, y)), ...(y === 0 ? [] : XOR)]), ...set(parity(x))];
}

function thetaRhoPi(x: number): number[] {
  const effect = [...get(parity(x + 4)), ...get(parity(x + 1)), ...constant(1), ...ROTATE_LEFT, ...XOR];
  const lanes = AXIS.flatMap((y) => [
    ...[...get(lane(x, y)), ...get(EFFECT), ...XOR],
    ...[...constant(OFFSETS[lane(x, y)] ?? 0), ...ROTATE_LEFT, ...set(moved(y, 2 * x + 3 * y))],
  ]);
  return [...effect, ...set(EFFECT), ...lanes];
}

function chi(y: number): number[] {
  return AXIS.flatMap((x) => [
    ...[...get(moved(x, y)), ...get(moved(x + 1, y)), ...NOT, ...get(moved(x + 2, y)), ...AND, ...XOR],
    ...set(lane(x, y)),
  ]);
}

/** By how much rho rotates each lane. */
const OFFSETS: readonly number[] = rhoOffsets();

function rhoOffsets(): number[] {
  const offsets = [0];
  let [x, y] = [1, 0];
  for (let t = 0; t < 24; t++) {
    offsets[lane(x, y)] = (((t + 1) * (t + 2)) / 2) % 64;
    [x, y] = [y, (2 * x + 3 * y) % 5];
  }
  return offsets;
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function text(value: string): number[] {
  return [value.length, ...new TextEncoder().encode(value)];
}

/** LEB128. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >> 7)];
}
