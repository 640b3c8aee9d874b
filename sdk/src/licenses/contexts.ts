import { InvalidParameterError } from "../errors.ts";

/** In what contexts something may be used: the number of each one's bit. Bits 8 to 31 have no name yet. */
export const CONTEXTS = {
  research: 0n,
  education: 1n,
  health: 2n,
  commercial: 3n,
  training: 4n,
  inference: 5n,
  evaluation: 6n,
  government: 7n,
} as const;
export type Context = keyof typeof CONTEXTS;

/**
 * The set of contexts as the chain has it, one bit each.
 *
 * @throws {@link InvalidParameterError} for a name that is not in {@link CONTEXTS}
 * @example
 * ```ts
 * encodeContexts(["research", "education"]); // 3n
 * ```
 */
export function encodeContexts(contexts: readonly Context[]): bigint {
  return contexts.reduce((bits, context) => bits | (1n << bitOf(context)), 0n);
}

function bitOf(context: Context): bigint {
  if (!Object.hasOwn(CONTEXTS, context)) {
    const names = Object.keys(CONTEXTS).join(", ");
    throw new InvalidParameterError("contexts", `has ${String(context)}`, `Pass some of ${names}`);
  }
  return CONTEXTS[context];
}

/**
 * The names of a set of contexts; bits without a name are left out.
 *
 * @example
 * ```ts
 * decodeContexts(3n); // ["research", "education"]
 * ```
 */
export function decodeContexts(bits: bigint): Context[] {
  const contexts = Object.keys(CONTEXTS) as Context[];
  return contexts.filter((context) => (bits >> CONTEXTS[context]) & 1n);
}
