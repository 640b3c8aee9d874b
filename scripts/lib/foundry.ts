import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Not in the lock: a few long tests alone need it. */
const VERSION = "1.7.1";

/**
 * The native command of a Foundry tool, downloaded by npx on first use. npm's launcher exits with 0 even when tests fail.
 *
 * @throws {Error} if npx cannot install it
 */
export function foundryTool(tool: "anvil" | "forge"): string {
  const launcher = `@foundry-rs/${tool}@${VERSION}`;
  const print = ["-y", "-p", launcher, "node", "-p", "process.env.PATH"];
  const shell = process.platform === "win32";
  const path = execFileSync("npx", print, { encoding: "utf8", shell, stdio: ["ignore", "pipe", "ignore"] });
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  const file = process.platform === "win32" ? `${tool}.exe` : tool;
  const found = path
    .trim()
    .split(delimiter)
    .map((folder) => join(folder, "..", "@foundry-rs", `${tool}-${process.platform}-${arch}`, "bin", file))
    .find((command) => existsSync(command));
  if (!found)
    throw new Error(`npx did not install ${launcher}: try "npx -y -p ${launcher} ${tool} --version".`);
  return found;
}
