import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { CircuitError } from "./errors.ts";
import { builtFiles, type Instance } from "./instances.ts";

const LIBRARIES = ["circuits/src", "node_modules/circomlib/circuits"];
const OPTIONS = ["--O2", "--r1cs", "--wasm", "--sym", "--inspect"];

/**
 * Compiles an instance into `folder`, which must be inside the repository: circom2 cannot read outside it or follow
 * links. The content of the files does not depend on the folder.
 */
export async function compile(instance: Instance, folder: string): Promise<void> {
  const work = mkdtempSync(join(folder, "circom-"));
  try {
    // Must differ from the names of included files: circom looks in this folder first.
    const main = join(work, "main.circom");
    writeFileSync(main, mainComponent(instance));
    const libraries = LIBRARIES.flatMap((library) => ["-l", library]);
    await circom(instance.name, [main, ...OPTIONS, ...libraries, "-o", work]);
    const files = builtFiles(instance.name, folder);
    renameSync(join(work, "main.r1cs"), files.r1cs);
    renameSync(join(work, "main.sym"), files.sym);
    renameSync(join(work, "main_js/main.wasm"), files.wasm);
  } finally {
    rmSync(work, { recursive: true });
  }
}

/**
 * The hash of an instance's main component and all files it includes, without the text of comments. The generator
 * contains line numbers, so added or removed lines count.
 */
export function hashSources(instance: Instance): string {
  const main = mainComponent(instance);
  const hash = createHash("sha256").update(OPTIONS.join(" ")).update(main);
  const seen = new Set<string>();
  const addIncludes = (text: string, folder: string): void => {
    for (const [, include = ""] of text.matchAll(/^\s*include\s+"([^"]+)"/gm)) {
      const file = findInclude(include, folder);
      if (seen.has(file)) continue;
      seen.add(file);
      const included = readFileSync(file, "utf8");
      hash.update(included.replaceAll(/("[^"\n]*")|\/\/.*/g, "$1"));
      addIncludes(included, dirname(file));
    }
  };
  addIncludes(main, "");
  return hash.digest("hex");
}

function mainComponent({ file, template, params, public: inputs }: Instance): string {
  return `pragma circom 2.2.0;
include "${file}.circom";
component main {public [${inputs.join(", ")}]} = ${template}(${params.join(", ")});
`;
}

function findInclude(include: string, folder: string): string {
  const file = [folder, ...LIBRARIES].map((place) => join(place, include)).find((path) => existsSync(path));
  if (file) return file;
  throw new CircuitError(`No file ${include} in ${LIBRARIES.join(", ")}.`);
}

function circom(name: string, args: string[]): Promise<void> {
  const cli = createRequire(import.meta.url).resolve("circom2/cli.js");
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const collect = (chunk: string) => {
      output += chunk;
    };
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    child.on("error", reject);
    child.on("close", (code) => {
      // Its warnings count as errors.
      const text = stripVTControlCharacters(output).trim();
      if (code === 0 && !text.includes("warning")) resolve();
      else reject(new CircuitError(`circom refuses ${name}:\n${text}`));
    });
  });
}
