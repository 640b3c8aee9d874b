import { execFile, execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";

/** Built files, so that the copy builds only what changes. */
const BUILT = [
  "artifacts",
  "circuits/build",
  "sdk/dist",
  "sdk/src/generated",
  "services/meter/dist",
  "types",
];
const COPIES = "cache/copies";

export type Repository = ReturnType<typeof copyRepository>;

/** A copy of the repository with what is built. Its packages are hard links: tests must not change them. */
export function copyRepository() {
  mkdirSync(COPIES, { recursive: true });
  const folder = mkdtempSync(resolve(COPIES, "copy-"));
  const path = (file: string) => join(folder, file);
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    encoding: "utf8",
  });
  const cache = readdirSync("cache").map((name) => `cache/${name}`);
  for (const file of [...listed.trim().split("\n"), ...BUILT, ...cache.filter((name) => name !== COPIES)]) {
    if (!existsSync(file)) continue;
    mkdirSync(dirname(path(file)), { recursive: true });
    cpSync(file, path(file), {
      recursive: true,
      filter: (name) => !/circuits\/build\/(test|tmp-)/.test(name),
    });
  }
  // Hardhat's cache depends on whole paths, also on the compiler's. Without it, all contracts would be compiled again.
  const compiled = path("cache/compile-cache.json");
  writeFileSync(compiled, readFileSync(compiled, "utf8").replaceAll(`"${resolve(".")}/`, `"${folder}/`));
  execFileSync("cp", ["-al", "node_modules", path("node_modules")]);
  rmSync(path("node_modules/solc"), { recursive: true });
  symlinkSync(resolve("node_modules/solc"), path("node_modules/solc"));
  // Hardhat, around these tests, passes its settings on by the environment.
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith("HARDHAT_"));
  const PATH = `${path("node_modules/.bin")}${delimiter}${process.env.PATH}`;
  const env = { ...Object.fromEntries(others), PATH };
  return {
    path,
    remove: () => rmSync(folder, { recursive: true }),
    /** Runs a script of the copy on Node. */
    node: (...parameters: string[]) => execute(process.execPath, parameters, { cwd: folder, env }),
    run: (command: string, ...parameters: string[]) => execute(command, parameters, { cwd: folder, env }),
    change(file: string, change: (text: string) => string) {
      writeFileSync(path(file), change(readFileSync(path(file), "utf8")));
    },
  };
}

type Result = { status: number; out: string; err: string };

function execute(command: string, parameters: string[], options: object): Promise<Result> {
  return new Promise((done) => {
    execFile(command, parameters, { ...options, encoding: "utf8", maxBuffer: 1 << 26 }, (error, out, err) => {
      done({ status: error ? Number(error.code ?? 1) : 0, out: String(out), err: String(err) });
    });
  });
}
