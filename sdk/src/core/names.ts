import { UnknownValueError } from "../errors.ts";

/** The name at an index from the chain. */
export function nameAt<T extends string>(names: readonly T[], index: bigint): T {
  const name = names[Number(index)];
  if (name === undefined) throw new UnknownValueError(index, names);
  return name;
}

const MAX_TYPOS = 2;

/** The name that this one is probably a misspelling of. */
export function closestTo(name: string, names: readonly string[]): string | undefined {
  const distances = names.map((known) => [distance(name.toLowerCase(), known.toLowerCase()), known] as const);
  const [best] = distances.sort(([a], [b]) => a - b);
  return best && best[0] <= MAX_TYPOS ? best[1] : undefined;
}

/** Levenshtein's: insertions, deletions and replacements between two words. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      const replaced = (row[j] as number) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] as number) + 1, (next[j] as number) + 1));
    }
    row = next;
  }
  return row.at(-1) as number;
}
