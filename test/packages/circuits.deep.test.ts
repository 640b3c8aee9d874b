import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { installed, type PackageName, run } from "./packed.ts";

const PROVE_RANGE = `
  import { poseidon2 } from "poseidon-lite/poseidon2";
  import { proveRange } from "@benefit-grid/sdk/proofs";
  const opening = { units: 120n, contexts: 3n, salt: 77n };
  const { a } = await proveRange({ licenseId: 9n, opening, min: 100n, max: 200n });
  console.log(typeof a[0]);`;

/** The circuit of 128 rows. */
const PROVE_BATCH = `
  import { proveBatch } from "@benefit-grid/sdk/proofs";
  await proveBatch({ circuit: "usage-batch-128x16", signals: { c: 0n, y: 0n, r: 0n }, input: {} });`;

describe("the packed circuits in Node", () => {
  const OTHERS = ["ethers", "snarkjs", "ffjavascript"];

  async function node(packages: readonly PackageName[], code: string, files: readonly string[] = []) {
    const folder = await installed(["@benefit-grid/sdk", ...packages], OTHERS);
    for (const file of files) {
      const path = join(folder, "node_modules", file);
      mkdirSync(join(path, ".."), { recursive: true });
      writeFileSync(path, "not the circuit");
    }
    writeFileSync(join(folder, "main.mjs"), code);
    const printed = await run(process.execPath, ["main.mjs"], { cwd: folder }).catch((error) => error);
    return `${printed.stdout}${printed.stderr}`;
  }

  it("when not installed, are asked for by name", async () => {
    const printed = await node([], PROVE_RANGE);
    expect(printed).to.contain(
      "was not found at the package @benefit-grid/circuits. Run `npm install @benefit-grid/circuits`",
    );
  });

  it("when installed, are found and prove", async () => {
    expect(await node(["@benefit-grid/circuits"], PROVE_RANGE)).to.equal("bigint\n");
  });

  it("of 128 rows, have a package of their own", async () => {
    const printed = await node(["@benefit-grid/circuits"], PROVE_BATCH);
    expect(printed).to.contain("Run `npm install @benefit-grid/circuits-128x16`");
  });

  it("of 128 rows, when installed, are found and checked", async () => {
    const build = "@benefit-grid/circuits-128x16/build/usage-batch-128x16";
    const files = [`${build}.wasm`, `${build}.dev-insecure.zkey`];
    const printed = await node(["@benefit-grid/circuits-128x16"], PROVE_BATCH, files);
    expect(printed).to.match(/The loaded usage-batch-128x16\.\S+ has SHA-256/);
  });
});
