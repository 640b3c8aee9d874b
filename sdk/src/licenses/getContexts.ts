import { type Client, checkClient } from "../client.ts";
import { nameAt } from "../core/names.ts";
import { read } from "../core/read.ts";
import { CONTEXT_KIND_NAMES, type ContextKind } from "../shared/context.ts";

export type DefinedContext = {
  /** The number of its bit in sets of contexts. */
  readonly code: bigint;
  readonly kind: ContextKind;
  readonly name: string;
};
export type GetContextsReturnType = readonly DefinedContext[];

/**
 * All contexts that terms may allow, by code. Governance adds to them and never changes one: the first are `CONTEXTS`.
 *
 * @example
 * ```ts
 * const contexts = await getContexts(client);
 * const territories = contexts.filter(({ kind }) => kind === "territory");
 * ```
 */
export async function getContexts(client: Client): Promise<GetContextsReturnType> {
  checkClient(client);
  const defined = await read(client, "TermsRegistry", "contextsDefined", []);
  const codes = Array.from({ length: 32 }, (_, i) => BigInt(i)).filter((code) => (defined >> code) & 1n);
  return await Promise.all(
    codes.map(async (code) => {
      const { kind, name } = await read(client, "TermsRegistry", "contextOf", [code]);
      return { code, kind: nameAt(CONTEXT_KIND_NAMES, kind), name };
    }),
  );
}
