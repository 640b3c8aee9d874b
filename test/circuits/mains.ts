import type { Main } from "./circuit.ts";
import { PADDING } from "./model.ts";

/** The template at its smallest where each loop still runs, for what needs many witnesses. */
export const SMALL_BATCH = usageBatch(3, 2);
export const USAGE_BATCH = usageBatch(16, 4);

export const USAGE_RANGE: Main = {
  name: "usage-range",
  file: "usage-range.circom",
  template: "UsageRange()",
  public: ["usage", "licenseId", "min", "max"],
};

// With public inputs: private ones disappear where an output says the same.
export const USAGE_ROW: Main = {
  name: "usage-row",
  file: "usage-row.circom",
  template: "UsageRow()",
  public: Object.keys(PADDING),
};

/** A template of twins.circom. */
export function twin(template: string): Main {
  return { name: template, file: "twins.circom", template: `${template}()` };
}

function usageBatch(rows: number, offers: number): Main {
  return {
    name: `usage-batch-${rows}x${offers}`,
    file: "usage-batch.circom",
    template: `UsageBatch(${rows}, ${offers})`,
    public: ["r"],
  };
}
