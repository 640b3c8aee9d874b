// Runs an example by its folder's name: npm run example -- NAME [options]
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

const FOLDER = "examples";

const [name, ...options] = process.argv.slice(2);
const names = readdirSync(FOLDER).filter((folder) => existsSync(mainOf(folder)));
if (name !== undefined && names.includes(name)) {
  // Of `node:sqlite`.
  const flags = ["--disable-warning=ExperimentalWarning"];
  const { status } = spawnSync(process.execPath, [...flags, mainOf(name), ...options], { stdio: "inherit" });
  process.exitCode = status ?? 1;
} else {
  const problem = name === undefined ? "A name is missing." : `There is no example ${name}.`;
  console.error(`npm run example -- NAME: ${problem} Examples: ${names.join(", ")}.`);
  process.exitCode = 1;
}

function mainOf(folder: string): string {
  return join(FOLDER, folder, "main.ts");
}
