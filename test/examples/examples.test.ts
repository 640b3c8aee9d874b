import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
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
    expect(files.filter(importsExample)).to.deep.equal([]);
  });
});

function importsExample(file: string): boolean {
  const imports = readFileSync(file, "utf8").matchAll(/(?:from|import|import\() ?"(\.[^"]+)"/g);
  return Array.from(imports, ([, path = ""]) => join(dirname(file), path)).some((path) =>
    path.startsWith(join("examples", "")),
  );
}
