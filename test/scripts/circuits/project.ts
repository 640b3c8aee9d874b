import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { builtFiles } from "../../../scripts/circuits/instances.ts";

const FILES = [
  "circuits/circuits.json",
  "circuits/keys",
  "circuits/src",
  "contracts/verifiers",
  "node_modules/circomlib/circuits",
];

export type Project = ReturnType<typeof copyProject>;

/** A copy of the files for `npm run circuits`, with the built files of these circuits. Tests may change it. */
export function copyProject(built: readonly string[] = []) {
  const folder = mkdtempSync(join(tmpdir(), "benefit-grid-"));
  const path = (file: string) => join(folder, file);
  for (const file of [...FILES, ...built.flatMap((name) => Object.values(builtFiles(name)))]) {
    if (existsSync(file)) cpSync(file, path(file), { recursive: true });
  }
  const node = (...parameters: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, parameters, {
      cwd: folder,
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  };
  return {
    path,
    remove: () => rmSync(folder, { recursive: true }),
    /** Runs `npm run circuits`. */
    circuits(...options: string[]) {
      const { status, stderr } = node(resolve("scripts/circuits.ts"), ...options);
      return { status, stderr };
    },
    /** Calls `ensureCircuits`. @returns the reported steps */
    ensure(name: string): string[] {
      const module = pathToFileURL(resolve("scripts/circuits/build.ts"));
      const code = `import { ensureCircuits } from "${module}";
        await ensureCircuits(["${name}"], (step) => console.log(step));`;
      const { status, stdout, stderr } = node("--input-type=module", "-e", code);
      if (status !== 0) throw new Error(stderr);
      return stdout.split("\n").filter(Boolean);
    },
    changeJson<T>(file: string, change: (content: T) => void) {
      const content: T = JSON.parse(readFileSync(path(file), "utf8"));
      change(content);
      writeFileSync(path(file), JSON.stringify(content, null, 2));
    },
  };
}
