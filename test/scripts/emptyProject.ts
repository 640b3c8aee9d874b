import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

type Manifest = { dependencies?: Record<string, string> };

/**
 * A project outside of the repository, with the packed workspaces and without network: what they and `dependencies` name
 * is linked from here.
 */
export function emptyProject(workspaces: readonly string[], dependencies: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), "benefit-grid-"));
  const names = new Set(dependencies);
  for (const workspace of workspaces) {
    const { name, manifest } = unpack(workspace, folder);
    for (const needed of Object.keys(manifest.dependencies ?? {})) names.add(needed);
    names.delete(name);
  }
  for (const name of names) link(name, folder);
  const path = (file: string) => join(folder, file);
  return {
    path,
    write: (file: string, content: string) => {
      mkdirSync(dirname(path(file)), { recursive: true });
      writeFileSync(path(file), content);
    },
    /** Runs a command there. @returns its exit code and everything that it printed */
    run: (command: string, args: readonly string[]) => {
      const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, env, encoding: "utf8" });
      return { status, output: `${stdout}${stderr}` };
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** Without this run's settings: Hardhat hands its config on to child processes. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(HARDHAT_|MOCHA_|NODE_OPTIONS|TEST_EVENTS|ANVIL)/.test(name),
  ),
);

/** `npm pack`, and what `npm install` makes of its file. */
function unpack(workspace: string, folder: string): { name: string; manifest: Manifest } {
  const npm = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder, "-w", workspace];
  const shell = process.platform === "win32";
  const [packed] = JSON.parse(execFileSync("npm", npm, { encoding: "utf8", shell }));
  const target = join(folder, "node_modules", packed.name);
  mkdirSync(target, { recursive: true });
  const tarball = join(folder, packed.filename);
  execFileSync("tar", ["-xzf", tarball, "-C", target, "--strip-components", "1"]);
  rmSync(tarball);
  return { name: packed.name, manifest: JSON.parse(readFileSync(join(target, "package.json"), "utf8")) };
}

function link(name: string, folder: string): void {
  const target = join(folder, "node_modules", name);
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(resolve("node_modules", name), target, "junction");
}
