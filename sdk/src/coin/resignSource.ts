import type { Address } from "../core/abi.ts";
import { one } from "../core/events.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type ResignSourceParameters = Readonly<Record<string, never>>;
export type ResignSourceReturnType = Sent & {
  /** The caller. */
  readonly source: Address;
};

/**
 * Stops the caller from reporting benefit, at once: what to do when its key leaked. What it reported stays; governance
 * may admit it again.
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
