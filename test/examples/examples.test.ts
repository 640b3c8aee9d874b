import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { expect } from "chai";

describe("examples", () => {
  for (const name of readdirSync("examples")) {
    it(`${name} has a program to run and a test`, () => {
      expect(existsSync(join("examples", name, "main.ts")), `examples/${name}/main.ts`).to.equal(true);
      const tests = globSync(`test/examples/${name}/**/*.test.ts`);
      expect(tests, `tests in test/examples/${name}`).to.not.deep.equal([]);
    });
  }

  it("are imported by no other part of the repository", () => {
    const files = globSync("{bench,circuits/src,ignition,scripts,sdk/src,types}/**/*.ts");
    expect(files).to.include(join("scripts", "example.ts"));
    const importing = files.filter((file) =>
      importsOf(file).some((path) => path.startsWith(`examples${sep}`)),
    );
    expect(importing).to.deep.equal([]);
  });

  it("import packages, their own files, scripts/lib and templates, nothing else", () => {
    const strangers = globSync("examples/**/*.ts").flatMap((file) => {
      const allowed = [...file.split(sep).slice(0, 2), ""].join(sep);
      return importsOf(file).filter((path) => ![allowed, LIB, TEMPLATES].some((own) => path.startsWith(own)));
    });
    expect(strangers).to.deep.equal([]);
  });
});

const LIB = join("scripts", "lib") + sep;
// An example may run what `npm create` copies.
const TEMPLATES = join("create", "templates") + sep;

/** Paths of the files that a file imports. */
function importsOf(file: string): string[] {
  const imports = readFileSync(file, "utf8").matchAll(/(?:from|import|import\() ?"(\.[^"]+)"/g);
  return Array.from(imports, ([, path = ""]) => join(dirname(file), path));
}
