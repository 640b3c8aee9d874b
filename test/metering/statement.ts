// The statement of a private batch, from the design and not from the code under test: words, c, r and y.
// @ts-expect-error: circomlibjs has no types
import { buildPoseidon } from "circomlibjs";
import { concat, keccak256, toBeHex, toUtf8Bytes } from "ethers";

type Poseidon = ((inputs: readonly bigint[]) => Uint8Array) & { F: { toObject(value: Uint8Array): bigint } };
const built: Poseidon = await buildPoseidon();

export const PRIME = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n;

export type Opening = { units: bigint; contexts: bigint; salt: bigint };
/** A license and its next opening; `old` is undefined before its first settlement. */
export type Move = { licenseId: bigint; cap: bigint; allowed: bigint; old?: Opening; next: Opening };
export type OfferMoves = { offerId: bigint; moves: readonly Move[] };
export type Room = { rows: number; offers: number };
/** The place of a batch. `rowCount` is the number of its rows unless a test gives another. */
export type Place = {
  chainId: bigint;
  ledger: string;
  instance: bigint;
  meterId: bigint;
  rowCount?: bigint;
};

export function poseidon(inputs: readonly bigint[]): bigint {
  return built.F.toObject(built(inputs));
}

export function commitmentOf(licenseId: bigint, { units, contexts, salt }: Opening): bigint {
  return poseidon([licenseId | (contexts << 64n) | (units << 96n), salt]);
}

export function increaseOf({ old, next }: Move): bigint {
  return next.units - (old?.units ?? 0n);
}

export function unitsOf({ moves }: OfferMoves): bigint {
  return moves.reduce((sum, move) => sum + increaseOf(move), 0n);
}

/** Totals, as many as there is room for, then three words a row. */
export function vectorOf(offers: readonly OfferMoves[], room: Room): bigint[] {
  const totals = offers.map(unitsOf);
  const rows = offers.flatMap(({ moves }, index) =>
    moves.flatMap(({ licenseId, cap, allowed, old, next }) => [
      licenseId | (BigInt(index) << 64n) | (allowed << 68n) | (cap << 100n),
      old ? commitmentOf(licenseId, old) : 0n,
      commitmentOf(licenseId, next),
    ]),
  );
  return [...totals, ...Array<bigint>(room.offers - totals.length).fill(0n), ...rows];
}

/** 15 words a round, behind the state; missing words are 0. */
export function spongeOf(vector: readonly bigint[], length: number): bigint {
  let state = 0n;
  for (let from = 0; from < length; from += 15) {
    state = poseidon([state, ...Array.from({ length: 15 }, (_, i) => vector[from + i] ?? 0n)]);
  }
  return state;
}

export function challengeOf(place: Place, rowCount: bigint, c: bigint, vector: readonly bigint[]): bigint {
  const domain = BigInt(keccak256(toUtf8Bytes("Benefit Grid usage batch")));
  const header = [domain, place.chainId, BigInt(place.ledger), place.instance, place.meterId, rowCount, c];
  return BigInt(keccak256(concat([...header, ...vector].map((word) => toBeHex(word, 32))))) % PRIME;
}

/** The sum of each word times its power of r. */
export function valueAt(vector: readonly bigint[], r: bigint): bigint {
  let [sum, power] = [0n, 1n];
  for (const word of vector) {
    sum = (sum + word * power) % PRIME;
    power = (power * r) % PRIME;
  }
  return sum;
}

function countRows(offers: readonly OfferMoves[]): bigint {
  return BigInt(offers.reduce((sum, { moves }) => sum + moves.length, 0));
}

export function signalsOf(offers: readonly OfferMoves[], room: Room, place: Place) {
  const vector = vectorOf(offers, room);
  const { rowCount = countRows(offers) } = place;
  const c = spongeOf(vector, room.offers + 3 * room.rows);
  const r = challengeOf(place, rowCount, c, vector);
  return { c, y: valueAt(vector, r), r };
}
