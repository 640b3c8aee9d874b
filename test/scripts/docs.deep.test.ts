import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as sdk from "@benefit-grid/sdk";
import { expect } from "chai";
import * as generated from "../../sdk/src/generated/index.ts";

const DIST = "docs/.vitepress/dist";

describe("documentation site", () => {
  before("build it", () => {
    execFileSync("node", ["scripts/docs.ts"], { encoding: "utf8" });
  });

  it("has a page for every guide, decision and export of the SDK's root", () => {
    const pages = new Set(globSync("**/*.html", { cwd: DIST }));
    const written = ["guides", "adr"].flatMap((folder) => globSync(`${folder}/*.md`, { cwd: "docs" }));
    expect(written.length).to.be.greaterThan(30);
    expect(written.filter((file) => !pages.has(file.replace(/md$/, "html")))).to.deep.equal([]);
    const documented = new Set([...pages].map((page) => page.split("/").at(-1)?.replace(".html", "")));
    const actions = Object.keys(sdk).filter((name) => !(name in generated));
    expect(actions.length).to.be.greaterThan(150);
    expect(actions.filter((name) => !documented.has(name))).to.deep.equal([]);
  });

  it("lists the SDK's actions by domain", () => {
    const page = readFileSync(join(DIST, "reference/index/index.html"), "utf8");
    const headings = [...page.matchAll(/<h2 id="([\w-]+)"/g)].map(([, id]) => id);
    expect(headings.slice(0, 4)).to.deep.equal(["client", "capsules", "licenses", "metering"]);
  });

  it("finds an error and an action by search", () => {
    const index = globSync(`${DIST}/assets/chunks/@localSearchIndex*.js`).map((file) =>
      readFileSync(file, "utf8"),
    );
    expect(index.join()).to.include("LicensePriceExceedsMaximum").and.include("mintLicense");
  });

  it("links to no source outside of it", () => {
    const outside = globSync(`${DIST}/{guides,adr}/*.html`).filter((file) =>
      /href="[^"]*\/(contracts|services|examples|sdk\/src)\//.test(readFileSync(file, "utf8")),
    );
    expect(outside).to.deep.equal([]);
  });

  it("when a page has a dead link, is not built", () => {
    const folder = "cache/site";
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(`${folder}/docs`, { recursive: true });
    cpSync("docs/.vitepress/config.ts", `${folder}/docs/.vitepress/config.ts`);
    const build = () => spawnSync("vitepress", ["build", "docs"], { cwd: folder, encoding: "utf8" });
    writeFileSync(`${folder}/docs/index.md`, "# Page\n\n[source](../contracts/Some.sol)\n");
    expect(build().status).to.equal(0);
    writeFileSync(`${folder}/docs/index.md`, "# Page\n\n[nowhere](./nowhere.md)\n");
    const { status, stderr } = build();
    expect(status).to.equal(1);
    expect(stderr).to.include("dead link");
  });
});
