/** A sorted copy. */
export function ascending<T>(list: readonly T[], key: (one: T) => bigint): T[] {
  return [...list].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** The sum of a function's results. */
export function sumOf<T>(list: readonly T[], amountOf: (one: T) => bigint): bigint {
  return list.reduce((sum, one) => sum + amountOf(one), 0n);
}

const AT_ONCE = 50;

/** A function's results for each element, in order. It runs for some elements at once. */
export async function inParts<T, R>(list: readonly T[], run: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const part of chunks(list, AT_ONCE)) results.push(...(await Promise.all(part.map(run))));
  return results;
}

/** Parts of a list, each with at most this many elements. */
export function chunks<T>(list: readonly T[], size: number): T[][] {
  const count = Math.ceil(list.length / size);
  return Array.from({ length: count }, (_, i) => list.slice(i * size, (i + 1) * size));
}
