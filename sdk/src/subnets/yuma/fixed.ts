/** 1 in I32F32, a fixed-point number with 32 bits of fraction. */
export const YUMA_ONE = 1n << 32n;

export type Row = readonly bigint[];
export type Matrix = readonly Row[];

/** Rounds down, below zero as well. */
export const mul = (a: bigint, b: bigint): bigint => (a * b) >> 32n;
/** Rounds down. By zero it is zero. */
export const div = (a: bigint, b: bigint): bigint => (b === 0n ? 0n : (a << 32n) / b);
export const sumOf = (values: Row): bigint => values.reduce((sum, value) => sum + value, 0n);
export const maxOf = (values: Row): bigint =>
  values.reduce((most, value) => (value > most ? value : most), 0n);
/** Fractions of the sum. All zero if the sum is. */
export function normalize(values: Row): bigint[] {
  const sum = sumOf(values);
  return values.map((value) => div(value, sum));
}
/** Columns become rows. `width` is the number of columns, also without rows. */
export const transpose = (matrix: Matrix, width: number): bigint[][] =>
  Array.from({ length: width }, (_, j) => matrix.map((row) => row[j] as bigint));
