import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import ts from "typescript";

const SRC = "sdk/src";
const DOMAINS = [
  "capsules",
  "coin",
  "commons",
  "governance",
  "licenses",
  "metering",
  "settlement",
  "subnets",
];
const MACHINERY = ["client", "core", "deployment", "errors", "generated"];

/** The folders and files of sdk/src that each may import besides itself. The comments are the rules. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  // The client and the machinery know no domain.
  ...Object.fromEntries(MACHINERY.map((name) => [name, MACHINERY])),
  // Code that two or more domains use.
  shared: MACHINERY,
  // A domain never imports another domain.
  ...Object.fromEntries(DOMAINS.map((name) => [name, [...MACHINERY, "shared"]])),
  // Subpaths that cost nothing when unused: no action imports them, and they import none.
  meter: [...MACHINERY, "shared"],
  proofs: [...MACHINERY, "shared"],
  manifests: [...MACHINERY, "shared"],
  explain: MACHINERY,
  // A subpath as well. Policies name contexts of use.
  policy: [...MACHINERY, "shared", "licenses"],
  // Customers over HTTP, hooks and the command call actions of every domain, as a user does.
  http: [...MACHINERY, "shared", ...DOMAINS],
  react: [...MACHINERY, "shared", ...DOMAINS],
  cli: [...MACHINERY, "shared", "explain", "manifests", "policy", ...DOMAINS],
  // The root exports everything but the subpaths.
  index: [...MACHINERY, "shared", ...DOMAINS],
};

const { imports: platforms } = JSON.parse(readFileSync("sdk/package.json", "utf8"));

/** The files that a file imports or exports from, types included. */
function importsOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(file, "utf8"), true, true);
  return importedFiles.flatMap(({ fileName }) => {
    if (fileName.startsWith("#")) return Object.values<string>(platforms[fileName]).map(sourceOf);
    return fileName.startsWith(".") ? [join(dirname(file), fileName.replace(/\.js$/, ".ts"))] : [];
  });
}

function sourceOf(output: string): string {
  return join("sdk", output).replace("sdk/dist", SRC).replace(/\.js$/, ".ts");
}

const imports = new Map(globSync(`${SRC}/**/*.ts`).map((file) => [file, importsOf(file)]));

function placeOf(file: string): string {
  return (file.slice(SRC.length + 1).split("/")[0] ?? "").replace(/\.ts$/, "");
}

/** Each import of another place, as [from, to]. */
const crossings = [...imports].flatMap(([from, targets]) =>
  targets.filter((to) => placeOf(to) !== placeOf(from)).map((to) => [from, to] as const),
);

/** The files of the first cycle found, or none. */
function cycleIn(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return [];
    const cycle = (graph.get(file) ?? [])
      .map((next) => visit(next, [...path, file]))
      .find(({ length }) => length > 0);
    done.add(file);
    return cycle ?? [];
  };
  return [...graph.keys()].map((file) => visit(file, [])).find(({ length }) => length > 0) ?? [];
}

describe("the SDK's imports", () => {
  it("name files that exist", () => {
    const missing = [...imports.values()].flat().filter((file) => !imports.has(file));
    expect(missing).to.deep.equal([]);
    expect(crossings.length).to.be.greaterThan(100);
  });

  it("have no cycle, types included", () => {
    expect(cycleIn(imports)).to.deep.equal([]);
  });

  it("keep to what each place may import", () => {
    const forbidden = crossings.filter(([from, to]) => !MAY_IMPORT[placeOf(from)]?.includes(placeOf(to)));
    expect(forbidden).to.deep.equal([]);
  });

  it("of a shared file come from two places or more", () => {
    const shared = [...imports.keys()].filter((file) => placeOf(file) === "shared");
    const usersOf = (file: string) =>
      new Set(
        crossings
          .filter(([from, to]) => to === file && placeOf(from) !== "index")
          .map(([from]) => placeOf(from)),
      );
    expect(shared).not.to.deep.equal([]);
    expect(shared.filter((file) => usersOf(file).size < 2)).to.deep.equal([]);
  });
});
