import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { type ConstraintSystem, readConstraints } from "./constraints.ts";
import { generator, type Inputs, withoutAssertions } from "./generator.ts";

const BUILD = "circuits/build/test";

export type Main = { name: string; template: string; file: string; public?: string[] };

/** A circuit as the prover has it: constraints, names, and what computes a witness. */
export type Circuit = ConstraintSystem & {
  /** Fails where an assertion of the generator fails. */
  calculate(inputs: Inputs): bigint[];
  /** Computes what it can, whatever the assertions say, as a dishonest prover would. */
  calculateAnyway(inputs: Inputs): bigint[];
  /** What the compiler's `--inspect` warns of. */
  warnings: string[];
};

/** Compiles as `npm run circuits` does, once for each state of the sources. */
export async function loadCircuit(main: Main): Promise<Circuit> {
  const folder = await compile(main);
  const wasm = readFileSync(`${folder}/main_js/main.wasm`);
  return {
    ...readConstraints(readFileSync(`${folder}/main.r1cs`), readFileSync(`${folder}/main.sym`, "utf8")),
    calculate: generator(wasm),
    calculateAnyway: generator(withoutAssertions(wasm)),
    warnings: readFileSync(`${folder}/output.txt`, "utf8")
      .split("\n\n")
      .filter((text) => text.includes("warning")),
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
  renameSync(unfinished, folder);
  return folder;
}

function sourceOf(main: Main): string {
  const signals = main.public ? ` {public [${main.public.join(", ")}]}` : "";
  return `pragma circom 2.2.0;\ninclude "${main.file}";\ncomponent main${signals} = ${main.template};\n`;
}
