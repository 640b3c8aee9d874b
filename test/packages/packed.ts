// Folders in the state after `npm install` of the packed packages, without a network.
import { execFile } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

export const run = promisify(execFile);

/** The packages by their folders. */
export const PACKAGES = {
  "@benefit-grid/contracts": "contracts",
  "@benefit-grid/create": "create",
  "@benefit-grid/sdk": "sdk",
  "@benefit-grid/circuits": "circuits",
  "@benefit-grid/circuits-128x16": "circuits/128x16",
  "@benefit-grid/meter": "services/meter",
} as const;
export type PackageName = keyof typeof PACKAGES;

export type Manifest = {
  name: string;
  license: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
  [key: string]: unknown;
};

type Locked = Manifest & { link?: boolean };

const { packages: locked }: { packages: Record<string, Locked> } = JSON.parse(
  readFileSync("package-lock.json", "utf8"),
);

const packed = new Map<string, Promise<string>>();
let shelf: string | undefined;

/** The tarball of the package in a folder, with what is built. */
export async function pack(folder: string): Promise<string> {
  shelf ??= temporaryFolder();
  const destination = shelf;
  const made = packed.get(folder) ?? packInto(folder, destination);
  packed.set(folder, made);
  return await made;
}

async function packInto(folder: string, destination: string): Promise<string> {
  // Paths instead of workspace names: a folder may not be a workspace.
  const command = ["pack", `./${folder}`, "--ignore-scripts", "--json", "--pack-destination", destination];
  const { stdout } = await run("npm", command, { shell: process.platform === "win32" });
  const [{ filename }] = JSON.parse(stdout);
  return join(destination, filename);
}

/** A folder with packed packages and, from this repository, others. Their dependencies come along. */
export async function installed(
  ours: readonly PackageName[],
  others: readonly string[] = [],
): Promise<string> {
  const folder = temporaryFolder();
  const wanted = [...others];
  for (const name of ours) {
    const target = join(folder, "node_modules", name);
    mkdirSync(target, { recursive: true });
    await run("tar", ["-xzf", await pack(PACKAGES[name]), "--strip-components=1", "-C", target]);
    const manifest: Manifest = JSON.parse(readFileSync(join(target, "package.json"), "utf8"));
    wanted.push(...Object.keys(manifest.dependencies ?? {}), ...requiredPeers(manifest));
  }
  const paths = closureOf(wanted.filter((name) => !(name in PACKAGES)));
  for (const path of paths) link(path, join(folder, path));
  linkCommands(folder, others);
  return folder;
}

function requiredPeers({ peerDependencies = {}, peerDependenciesMeta = {} }: Manifest): string[] {
  return Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
}

/** The places in node_modules of packages and all of their dependencies. */
function closureOf(names: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (name: string, from: string) => {
    const path = resolved(name, from);
    if (path === undefined || found.has(path)) return;
    found.add(path);
    const manifest = locked[path] as Locked;
    const dependencies = { ...manifest.dependencies, ...manifest.optionalDependencies };
    for (const each of [...Object.keys(dependencies), ...requiredPeers(manifest)]) add(each, path);
  };
  for (const name of names) add(name, "");
  return found;
}

/** As Node looks for a package, from a place in node_modules. */
function resolved(name: string, from: string): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf("node_modules") - 1))) {
    const path = join(at, "node_modules", name);
    if (locked[path]) return path;
    if (at === "") return undefined;
  }
}

/** Hard links: bundlers follow soft ones out of the folder, into this repository. */
function link(from: string, to: string): void {
  if (!existsSync(from)) return; // An optional package of another platform.
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.name === "node_modules") continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) link(source, target);
    else if (entry.isFile()) linkFile(source, target);
  }
}

function linkFile(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch {
    copyFileSync(source, target); // Another file system.
  }
}

function linkCommands(folder: string, names: readonly string[]): void {
  const bin = join(folder, "node_modules/.bin");
  mkdirSync(bin, { recursive: true });
  for (const name of names) {
    const { bin: commands = {} } = JSON.parse(
      readFileSync(join(folder, "node_modules", name, "package.json"), "utf8"),
    );
    const files = typeof commands === "string" ? { [name]: commands } : commands;
    for (const [command, file] of Object.entries<string>(files))
      symlinkSync(join("..", name, file), join(bin, command));
  }
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "benefit-grid-"));
  folders.push(folder);
  return folder;
}

const folders: string[] = [];
process.on("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
