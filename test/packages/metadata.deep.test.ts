import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { installed, type Manifest, PACKAGES, type PackageName, pack, run } from "./packed.ts";

/** Folders of a machine that built a package. */
const MACHINE = [process.cwd(), "/home/", "/root/", "/Users/"];
/** Files that only development needs. */
const NOT_SHIPPED = /(\.test\.|^test\/|\.tsbuildinfo$|^src\/.*\.ts$|node_modules)/;
/** TypeScript knows no types of JSON-LD. */
const NO_MODULES = ["--exclude-entrypoints", "policy/vocabulary.jsonld"];
const WITH_TYPES = ["@benefit-grid/sdk", "@benefit-grid/meter"] as const;

describe("each packed package", () => {
  let folder: string;
  const names = Object.keys(PACKAGES) as PackageName[];
  const at = (name: string, file = "") => join(folder, "node_modules", name, file);
  const manifestOf = (name: string): Manifest => JSON.parse(readFileSync(at(name, "package.json"), "utf8"));

  before(async () => {
    folder = await installed(names);
  });

  for (const name of names) {
    describe(name, () => {
      it("says what it is, whose, from where, and for which Node", () => {
        const manifest = manifestOf(name);
        expect(manifest).to.include.keys("description", "keywords", "engines", "repository", "scripts");
        expect(manifest.sideEffects).to.equal(false);
        expect(manifest.repository).to.have.property("directory", PACKAGES[name]);
        expect(manifest.scripts, "built before `npm pack`").to.have.property("prepack");
        const license = readFileSync(at(name, "LICENSE"), "utf8");
        if (manifest.license.startsWith("MIT")) expect(license).to.equal(readFileSync("LICENSE", "utf8"));
        if (!manifest.license.includes("GPL")) return;
        const copy = manifest.license === "GPL-3.0-only" ? "LICENSE" : "dist/LICENSE-GPL-3.0";
        expect(readFileSync(at(name, copy), "utf8")).to.equal(readFileSync("circuits/LICENSE", "utf8"));
      });

      it("has the files of its exports and commands, and nothing of development or this machine", async () => {
        const { exports = {}, bin = {} } = manifestOf(name);
        const files = targetsOf([exports, bin]).filter((file) => !file.includes("*"));
        expect(files.filter((file) => !existsSync(at(name, file)))).to.deep.equal([]);
        const { stdout } = await run("tar", ["-tzf", await pack(PACKAGES[name])], { maxBuffer: 2 ** 24 });
        const listed = stdout
          .trim()
          .split("\n")
          .map((file) => file.replace(/^package\//, ""));
        // A template's tests are what it is for.
        const own = listed.filter((file) => !file.startsWith("templates/"));
        expect(own.filter((file) => NOT_SHIPPED.test(file))).to.deep.equal([]);
        const texts = listed.filter((file) => /\.(js|d\.ts|json|md)$/.test(file));
        const telling = texts.filter((file) => {
          const text = readFileSync(at(name, file), "utf8");
          return MACHINE.some((path) => text.includes(path));
        });
        expect(telling).to.deep.equal([]);
      });

      it("is clean for publint", async () => {
        const { messages, pkg } = await publint({
          pkgDir: at(name),
          pack: false,
          level: "suggestion",
          strict: true,
        });
        expect(messages.map((message) => formatMessage(message, pkg))).to.deep.equal([]);
      });
    });
  }

  for (const name of WITH_TYPES) {
    it(`${name} is clean for Are The Types Wrong, as ESM`, async () => {
      const command = [
        "--profile",
        "esm-only",
        "--format",
        "ascii",
        "--no-emoji",
        await pack(PACKAGES[name]),
        ...NO_MODULES,
      ];
      const { code, stdout = "" } = await run("node_modules/.bin/attw", command, {
        maxBuffer: 2 ** 24,
      }).catch((error) => error);
      expect(code ?? 0, stdout).to.equal(0);
    });
  }
});

/** The files that exports or commands name. */
function targetsOf(value: unknown): string[] {
  return typeof value === "string" ? [value] : Object.values(value as object).flatMap(targetsOf);
}
