/** What a context says about a use: why, for whom or where. The chain numbers kinds in this order. */
export const CONTEXT_KIND_NAMES = ["purpose", "sector", "territory"] as const;
export type ContextKind = (typeof CONTEXT_KIND_NAMES)[number];
