import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";

/** A generated project with this repository's packages, as after `npm install`. */
function generate(template: string): string {
  const folder = join(mkdtempSync(join(tmpdir(), "template-")), template);
  execFileSync("node", ["create/src/main.ts", folder, "--template", template]);
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  return folder;
}

function npmTest(folder: string): string {
  // The outer run's options would reach the inner one.
  const { NODE_OPTIONS, HARDHAT_CONFIG, TEST_EVENTS, ...env } = process.env;
  return execFileSync("npm", ["test"], {
    cwd: folder,
    encoding: "utf8",
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

describe("templates", () => {
  it("service: its own test passes", () => {
    expect(npmTest(generate("service"))).to.match(/pass 2$/m);
  });

  it("page: its own test passes, and it is built", () => {
    const output = npmTest(generate("page"));
    expect(output).to.match(/pass 1$/m);
    expect(output).to.match(/built in/);
  });

  it("contracts: its own tests pass", () => {
    const folder = generate("contracts");
    // Hardhat would download this compiler.
    const file = join(folder, "hardhat.config.ts");
    const compiler = createRequire(import.meta.url).resolve("solc/soljson.js");
    const config = readFileSync(file, "utf8");
    const local = config.replace('version: "0.8.37"', `version: "0.8.37", path: ${JSON.stringify(compiler)}`);
    expect(local).not.to.equal(config);
    writeFileSync(file, local);
    expect(npmTest(folder)).to.include("2 passing (2 mocha)");
  });
});
