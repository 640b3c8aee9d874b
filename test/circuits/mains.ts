import { readFileSync } from "node:fs";
import type { Main } from "./circuit.ts";
import { PADDING } from "./model.ts";

type Instance = { file: string; template: string; params: number[]; public: string[] };
const INSTANCES: Record<string, Instance> = JSON.parse(readFileSync("circuits/circuits.json", "utf8"));

export const USAGE_BATCH = instance("usage-batch-16x4");
export const USAGE_RANGE = instance("usage-range");

/** The smallest parameters with which each loop still runs, for tests with many witnesses. */
export const SMALL_BATCH: Main = {
  ...USAGE_BATCH,
  name: "usage-batch-3x2",
  template: "UsageBatch(3, 2)",
};

// All inputs are public: the compiler removes a private one that equals an output.
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

function instance(name: string): Main {
  const { file, template, params, public: inputs } = INSTANCES[name] ?? fail(name);
  return { name, file: `${file}.circom`, template: `${template}(${params.join(", ")})`, public: inputs };
}

function fail(name: string): never {
  throw new Error(`circuits.json has no ${name}.`);
}
