/** A context is the purpose of a use, its sector or its territory. The chain numbers kinds in this order. */
export const CONTEXT_KIND_NAMES = ["purpose", "sector", "territory"] as const;
export type ContextKind = (typeof CONTEXT_KIND_NAMES)[number];
