import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CircuitError } from "./errors.ts";

/** An entry of circuits/circuits.json: a template with its parameters. */
export type Instance = {
  name: string;
  /** The file in circuits/src, without its extension. */
  file: string;
  template: string;
  params: number[];
  public: string[];
  /** Takes minutes to build, so it is built on request only. */
  slow?: boolean;
  /** Folder in circuits/ of the package with its prover's files. By default circuits/ itself. */
  folder?: string;
};

/** A circuit of batches, and its index in the ledger's list. */
export type BatchInstance = { index: number; circuit: string; rows: number; offers: number };

/** The folder of built files and work in progress; git ignores it. */
export const BUILD = "circuits/build";

/** The record of all keys. */
export const MANIFEST = "circuits/keys/manifest.json";

/** The origin of a key, as part of its file name. */
export type Setup = "dev-insecure" | "ceremony";

export function readInstances(): Instance[] {
  const instances: Record<string, Omit<Instance, "name">> = JSON.parse(
    readFileSync("circuits/circuits.json", "utf8"),
  );
  return Object.entries(instances).map(([name, instance]) => ({ name, ...instance }));
}

export function quickInstances(): Instance[] {
  return readInstances().filter(({ slow }) => !slow);
}

/** In the ledger's order: the smallest first. */
export function batchInstances(): BatchInstance[] {
  return readInstances()
    .filter(({ template }) => template === "UsageBatch")
    .map(({ name, params: [rows = 0, offers = 0] }, index) => ({ index, circuit: name, rows, offers }));
}

export function findInstances(names: readonly string[]): Instance[] {
  const instances = readInstances();
  return names.map((name) => {
    const found = instances.find((instance) => instance.name === name);
    if (found) return found;
    throw new CircuitError(
      `There is no circuit ${name}. There are ${instances.map((instance) => instance.name).join(", ")}.`,
    );
  });
}

/** The folder of an instance's package. */
export function packageFolder(name: string): string {
  const folder = readInstances().find((instance) => instance.name === name)?.folder;
  return folder === undefined ? "circuits" : join("circuits", folder);
}

export type BuiltFiles = Record<"r1cs" | "sym" | "wasm" | "zkey", string>;

/** The origin of an instance's recorded key. Without a record it is a development key. */
export function setupOf(name: string): Setup {
  if (!existsSync(MANIFEST)) return "dev-insecure";
  return JSON.parse(readFileSync(MANIFEST, "utf8")).instances[name]?.setup ?? "dev-insecure";
}

export function builtFiles(
  name: string,
  folder: string = join(packageFolder(name), "build"),
  setup: Setup = setupOf(name),
): BuiltFiles {
  return {
    r1cs: join(folder, `${name}.r1cs`),
    sym: join(folder, `${name}.sym`),
    wasm: join(folder, `${name}.wasm`),
    zkey: join(folder, `${name}.${setup}.zkey`),
  };
}

/** usage-batch-16x4: UsageBatch16x4Verifier */
export function verifierName(instance: string): string {
  const words = instance.split("-").map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
  return `${words.join("")}Verifier`;
}
