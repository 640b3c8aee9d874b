import type { Revert } from "../core/abi.ts";

/** A revert's error: what happened, and what to do. Names in backquotes are the error's arguments or SDK functions. */
export type Explanations = { readonly [N in Revert["name"]]?: readonly [happened: string, advice: string] };
