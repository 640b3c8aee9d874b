import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { builtFiles, readInstances } from "../../scripts/circuits/instances.ts";
import { findEntry, isBuilt } from "../../scripts/circuits/manifest.ts";
import { type ConstraintSystem, readConstraints } from "./constraints.ts";
import { generator, type Inputs, withoutAssertions } from "./generator.ts";

const BUILD = "circuits/build/test";

export type Main = { name: string; template: string; file: string; public?: string[] };

/** A circuit in the prover's form: constraints, names and witness generator. */
export type Circuit = ConstraintSystem & {
  /** Fails where an assertion of the generator fails. */
  calculate(inputs: Inputs): bigint[];
  /** Ignores failed assertions, as a dishonest prover would. */
  calculateAnyway(inputs: Inputs): bigint[];
  /** Warnings of the compiler's `--inspect`. */
  warnings: string[];
};

type Compiled = { r1cs: string; sym: string; wasm: string; warnings: string[] };

/** Uses the output of `npm run circuits` if it is current. Otherwise compiles once for each state of the sources. */
export async function loadCircuit(main: Main): Promise<Circuit> {
  const { r1cs, sym, wasm, warnings } = findBuilt(main) ?? (await compiled(main));
  const code = readFileSync(wasm);
  return {
    ...readConstraints(readFileSync(r1cs), readFileSync(sym, "utf8")),
    calculate: generator(code),
    calculateAnyway: generator(withoutAssertions(code)),
    warnings,
  };
}

/** An instance built from the present sources. A build fails on any warning. */
function findBuilt({ name }: Main): Compiled | undefined {
  const instance = readInstances().find((one) => one.name === name);
  const entry = instance && findEntry(instance);
  const files = builtFiles(name);
  return entry && isBuilt(entry, files) ? { ...files, warnings: [] } : undefined;
}

async function compiled(main: Main): Promise<Compiled> {
  const folder = await compile(main);
  const output = readFileSync(`${folder}/output.txt`, "utf8").split("\n\n");
  return {
    r1cs: `${folder}/main.r1cs`,
    sym: `${folder}/main.sym`,
    wasm: `${folder}/main_js/main.wasm`,
    warnings: output.filter((text) => text.includes("warning")),
  };
}

async function compile(main: Main): Promise<string> {
  const source = sourceOf(main);
  const hash = createHash("sha256").update(source);
  const sources = globSync(["circuits/src/*.circom", "test/circuits/*.circom"]).sort();
  for (const path of ["package-lock.json", ...sources]) hash.update(readFileSync(path));
  const folder = `${BUILD}/${main.name}-${hash.digest("hex").slice(0, 16)}`;
  if (existsSync(folder)) return folder;

  for (const stale of globSync(`${BUILD}/${main.name}-*`)) rmSync(stale, { recursive: true });
  const unfinished = `${BUILD}/${process.pid}-${main.name}`;
  mkdirSync(unfinished, { recursive: true });
  writeFileSync(`${unfinished}/main.circom`, source);
  const folders = ["node_modules/circomlib/circuits", "circuits/src", "test/circuits"];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    "node_modules/circom2/cli.js",
    `${unfinished}/main.circom`,
    ...["--output", unfinished, "--r1cs", "--wasm", "--sym", "--O2", "--inspect"],
    ...folders.flatMap((path) => ["-l", path]),
  ]);
  writeFileSync(`${unfinished}/output.txt`, stdout + stderr);
  // Another process may have compiled the same in the meantime.
  if (existsSync(folder)) rmSync(unfinished, { recursive: true });
  else renameSync(unfinished, folder);
  return folder;
}

function sourceOf(main: Main): string {
  const signals = main.public ? ` {public [${main.public.join(", ")}]}` : "";
  return `pragma circom 2.2.0;\ninclude "${main.file}";\ncomponent main${signals} = ${main.template};\n`;
}
