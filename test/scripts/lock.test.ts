import { readFileSync } from "node:fs";
import { expect } from "chai";

type Locked = { readonly version?: string; readonly optionalDependencies?: Readonly<Record<string, string>> };

const lock: Readonly<Record<string, Locked>> = JSON.parse(readFileSync("package-lock.json", "utf8")).packages;

/** The packages in the lock file, without the folders that they are installed in. */
const names = new Set(Object.keys(lock).map((path) => path.split("node_modules/").at(-1)));

const NATIVE = [
  "rollup",
  "rolldown",
  "esbuild",
  "next",
  "lightningcss",
  "@biomejs/biome",
  "@nomicfoundation/edr",
];
const PLATFORMS = [/linux[-_]x64/, /darwin[-_]arm64/, /win32[-_]x64/];

// A lock file made on one platform can lack the native packages of others. `npm ci` then fails there, or leaves them out.
describe("package-lock.json", () => {
  it("has every optional package that a package names", () => {
    const missing = Object.entries(lock).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !names.has(name))
        .map((name) => `${path}: ${name}`),
    );
    expect(missing).to.deep.equal([]);
  });

  it("has the native packages for Linux, macOS and Windows", () => {
    for (const name of NATIVE) {
      const found = Object.entries(lock).filter(([path]) => path.endsWith(`node_modules/${name}`));
      expect(found, name).to.not.be.empty;
      for (const [path, { optionalDependencies, dependencies }] of found as [
        string,
        Locked & { dependencies?: object },
      ][]) {
        const parts = Object.keys({ ...optionalDependencies, ...dependencies }).join(" ");
        for (const platform of PLATFORMS) expect(parts, path).to.match(platform);
      }
    }
  });

  it("names no registry", () => {
    expect(readFileSync("package-lock.json", "utf8")).not.to.match(/"resolved": "https?:/);
  });
});
