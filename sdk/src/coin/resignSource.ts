import type { Address } from "../core/abi.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type ResignSourceParameters = Readonly<Record<string, never>>;
export type ResignSourceReturnType = Sent & {
  /** The caller. */
  readonly source: Address;
};

/**
 * Ends the caller's permission to report benefit at once. Its earlier reports stay: after a leak of its key, ask the
 * guardian's council for `stopSource`. Governance may admit it again.
 *
 * @throws {@link ContractRevertError} `CallerNotSource`
 * @example
 * ```ts
 * await resignSource(client, {});
 * ```
 */
export const resignSource = defineWrite({
  contract: "BenefitMine",
  method: "resign",
  args: (_: ResignSourceParameters) => [],
  result: (events) => {
    const { source } = one(events("BenefitMine", "SourceRemoved"));
    return { source };
  },
});
