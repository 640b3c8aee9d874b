/** The sum of what a function makes of each. */
export function sumOf<T>(list: readonly T[], amountOf: (one: T) => bigint): bigint {
  return list.reduce((sum, one) => sum + amountOf(one), 0n);
}
