/** A sorted copy. */
export function ascending<T>(list: readonly T[], key: (one: T) => bigint): T[] {
  return [...list].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
