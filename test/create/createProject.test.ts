import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect } from "chai";

const MAIN = "create/src/main.ts";
const TEMPLATES = ["contracts", "page", "service"];

function create(...args: string[]) {
  return spawnSync("node", [MAIN, ...args], { encoding: "utf8", input: "" });
}

function emptyFolder(): string {
  const folder = join(mkdtempSync(join(tmpdir(), "create-")), "project");
  mkdirSync(folder);
  return folder;
}

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((one) => one.isFile()).map((one) => relative(folder, join(one.parentPath, one.name)));
}

describe("npm create @benefit-grid", () => {
  it("has the templates that it lists", () => {
    expect(readdirSync("create/templates").sort()).to.deep.equal(TEMPLATES);
    const { stdout, status } = create("--help");
    expect(status).to.equal(0);
    for (const name of TEMPLATES) expect(stdout).to.include(`  ${name} `);
  });

  it("copies each template, names the project after the folder, and restores .gitignore", () => {
    for (const template of TEMPLATES) {
      const folder = join(emptyFolder(), `my-${template}`);
      const { status, stdout, stderr } = create(folder, "--template", template);
      expect(status, stderr).to.equal(0);
      expect(stdout).to.include("npm install");
      const files = filesIn(`create/templates/${template}`);
      expect(filesIn(folder).sort()).to.deep.equal(files.map((file) => file.replace("_git", ".git")).sort());
      expect(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).name).to.equal(`my-${template}`);
    }
  });

  it("refuses a folder with files, a file, bad names and unknown templates, and writes nothing", () => {
    const full = emptyFolder();
    writeFileSync(join(full, "notes.txt"), "mine");
    const cases: [string[], string][] = [
      [[full, "-t", "service"], `${full} is not empty: it has notes.txt`],
      [[join(full, "notes.txt"), "-t", "service"], "is a file"],
      [[join(full, "Has Spaces"), "-t", "service"], '"Has Spaces" cannot name a project'],
      [[join(full, "shop"), "-t", "toString"], 'There is no template "toString"'],
      [[join(full, "shop"), "-t", "../src"], 'There is no template "../src"'],
      [[join(full, "shop"), "more", "-t", "service"], "One folder is enough"],
      [[join(full, "shop"), "--tempalte", "service"], "Unknown option '--tempalte'"],
      [[join(full, "shop")], "nobody is here to answer"],
      [[], "nobody is here to answer"],
    ];
    for (const [args, message] of cases) {
      const { status, stderr } = create(...args);
      expect(status, args.join(" ")).to.equal(1);
      expect(stderr).to.include(message);
    }
    expect(readdirSync(full)).to.deep.equal(["notes.txt"]);
  });

  it("accepts an empty folder, and one with a repository alone", () => {
    const folder = join(emptyFolder(), "shop");
    mkdirSync(join(folder, ".git"), { recursive: true });
    expect(create(folder, "-t", "contracts").status).to.equal(0);
  });

  it("pins the versions that this repository is tested with", () => {
    const root = JSON.parse(readFileSync("package.json", "utf8"));
    const own = new Map(
      globSync("{contracts,create,sdk,services/*}/package.json").map((file) => {
        const { name, version } = JSON.parse(readFileSync(file, "utf8"));
        return [name, version];
      }),
    );
    const lock = JSON.parse(readFileSync("package-lock.json", "utf8")).packages;
    for (const template of TEMPLATES) {
      const file = `create/templates/${template}/package.json`;
      const { dependencies, devDependencies } = JSON.parse(readFileSync(file, "utf8"));
      for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
        const expected = own.get(name) ?? root.devDependencies[name] ?? lock[`node_modules/${name}`]?.version;
        expect(version, `${file}: ${name}`).to.equal(expected);
      }
    }
  });
});
