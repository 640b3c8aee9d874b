import { createHash } from "node:crypto";
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A piece of work that depends on the content of some files alone; globs name them. */
export type Work = { name: string; inputs: readonly string[]; outputs: readonly string[] };

export type Freshness = {
  /** Inputs and outputs are those of the last success. */
  isFresh: boolean;
  /** Outputs are missing, or something else wrote them. */
  isTouched: boolean;
  /** Ends the record of the last success. */
  begin(): void;
  /** Records success, for the inputs as they were at the start. */
  succeed(): void;
};

/** Hardhat's own cache: `hardhat clean` removes it with the artifacts. */
const FOLDER = "cache/build";

/** Compares content, not times. */
export function freshnessOf({ name, inputs, outputs }: Work, folder: string = FOLDER): Freshness {
  const file = join(folder, `${name.replaceAll(/\W+/g, "-")}.json`);
  const [before, recorded] = [hashFiles(inputs), read(file)];
  const isTouched = recorded?.outputs !== hashFiles(outputs);
  return {
    isFresh: recorded?.inputs === before && !isTouched,
    isTouched,
    begin: () => rmSync(file, { force: true }),
    succeed: () => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, JSON.stringify({ inputs: before, outputs: hashFiles(outputs) }));
    },
  };
}

function hashFiles(globs: readonly string[]): string {
  const hash = createHash("sha256");
  const files = globs.flatMap((pattern) => globSync(pattern, { withFileTypes: true }));
  const paths = files.filter((file) => file.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  for (const path of paths.sort()) {
    const content = createHash("sha256").update(readFileSync(path)).digest("hex");
    hash.update(`${path}\0${content}\n`);
  }
  return hash.digest("hex");
}

function read(file: string): { inputs: string; outputs: string } | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
