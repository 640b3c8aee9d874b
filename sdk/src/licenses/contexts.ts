import { InvalidParameterError } from "../errors.ts";
import type { ContextKind } from "../shared/context.ts";

export type { ContextKind };

/**
 * Contexts of use and the number of their bit: purposes, sectors and territories. The territories are the regions of
 * UN M49. Governance may name bits 13 to 31 later, see `getContexts`.
 */
export const CONTEXTS = {
  research: 0n,
  education: 1n,
  health: 2n,
  commercial: 3n,
  training: 4n,
  inference: 5n,
  evaluation: 6n,
  government: 7n,
  africa: 8n,
  americas: 9n,
  asia: 10n,
  europe: 11n,
  oceania: 12n,
} as const;
export type Context = keyof typeof CONTEXTS;

/** The kind of each context. */
export const CONTEXT_KINDS: Readonly<Record<Context, ContextKind>> = {
  research: "purpose",
  education: "sector",
  health: "sector",
  commercial: "purpose",
  training: "purpose",
  inference: "purpose",
  evaluation: "purpose",
  government: "sector",
  africa: "territory",
  americas: "territory",
  asia: "territory",
  europe: "territory",
  oceania: "territory",
};

/**
 * A set of contexts in the chain's format, one bit each.
 *
 * @throws {@link InvalidParameterError} for a name outside of {@link CONTEXTS}
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
    throw new InvalidParameterError(
      "contexts",
      `contain ${String(context)}, an unknown context`,
      `Pass any of ${names}`,
    );
  }
  return CONTEXTS[context];
}

/**
 * The names of a set of contexts, without unnamed bits.
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
