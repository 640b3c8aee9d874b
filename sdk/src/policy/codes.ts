import { CONTEXT_KINDS, CONTEXTS, type Context, type ContextKind } from "../licenses/contexts.ts";

/** A context of use with the number of its bit on chain. */
export type ContextCode = { readonly name: string; readonly code: bigint; readonly kind: ContextKind };

/** The contexts that each chain has from its deployment on. Governance may add others. */
export const GENESIS_CONTEXTS: readonly ContextCode[] = (Object.keys(CONTEXTS) as Context[]).map((name) => ({
  name,
  code: CONTEXTS[name],
  kind: CONTEXT_KINDS[name],
}));

export type CodesOption = {
  /**
   * The chain's contexts, to know those that governance added.
   *
   * @default {@link GENESIS_CONTEXTS}
   */
  readonly codes?: readonly ContextCode[];
};

export function bitsOf(codes: readonly ContextCode[]): bigint {
  return codes.reduce((bits, { code }) => bits | (1n << code), 0n);
}
