import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect } from "chai";
import { foundryTool } from "../../scripts/lib/foundry.ts";
import { emptyProject } from "./emptyProject.ts";

const GUIDE = "docs/guides/contracts.md";

type Project = ReturnType<typeof emptyProject>;

describe("a project that installs @benefit-grid/contracts", () => {
  let project: Project;
  afterEach(() => project.remove());

  it("when it is a Hardhat one, compiles and passes the guide's tests", () => {
    project = hardhatProject();
    project.write("contracts/PaidOracle.sol", solidity(0));
    project.write("test/PaidOracle.ts", block("ts", 0));
    const { status, output } = project.run(resolve("node_modules/.bin/hardhat"), ["test", "mocha"]);
    expect(status, output).to.equal(0);
    expect(output).to.match(/\b2 passing/);

    project.write("tsconfig.json", TSCONFIG);
    const types = project.run(resolve("node_modules/.bin/tsc"), []);
    expect(types.status, types.output).to.equal(0);
  });

  it("when it is a Hardhat one, deploys the grid by the package's Ignition module", () => {
    project = hardhatProject();
    project.write("ignition/modules/Mine.ts", IGNITION_MODULE);
    project.write("test/mine.ts", IGNITION_TEST);
    const { status, output } = project.run(resolve("node_modules/.bin/hardhat"), ["test", "mocha"]);
    expect(status, output).to.equal(0);
    expect(output).to.match(/\b1 passing/);
  });

  it("when it is a Hardhat one, its Solidity tests have a grid", () => {
    project = hardhatProject();
    project.write("src/PaidOracle.sol", solidity(0));
    project.write("contracts/PaidOracle.t.sol", solidity(1));
    const { status, output } = project.run(resolve("node_modules/.bin/hardhat"), ["test", "solidity"]);
    expect(status, output).to.equal(0);
    expect(output).to.match(/\b2 passing/);
  });

  it("when it is a Foundry one, compiles and passes the guide's tests", () => {
    project = foundryProject();
    project.write("test/PaidOracle.t.sol", solidity(1));
    const { status, output } = project.run(foundryTool("forge"), ["test", "--offline"]);
    expect(status, output).to.equal(0);
    expect(output).to.match(/\b2 tests passed, 0 failed/);
  });

  it("when it is a Foundry one and its contract misbehaves, its tests fail", () => {
    project = foundryProject();
    project.write("test/PaidOracle.t.sol", solidity(1).replace("== oracle.PRICE()", "== 2 * oracle.PRICE()"));
    const { status, output } = project.run(foundryTool("forge"), ["test", "--offline"]);
    expect(status, output).not.to.equal(0);
    expect(output).to.match(/\b1 tests passed, 1 failed/);
  });
});

const TSCONFIG = JSON.stringify({
  compilerOptions: {
    target: "es2023",
    module: "nodenext",
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    types: ["mocha", "node"],
  },
  include: ["hardhat.config.ts", "test", "types"],
});

const IGNITION_MODULE = `import Settlement from "@benefit-grid/contracts/ignition/modules/Settlement";
import Grid from "@benefit-grid/contracts/ignition/modules/Grid";
import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

export default buildModule("Mine", (m) => {
  const { router } = m.useModule(Settlement);
  const { licenses } = m.useModule(Grid);
  return { router, licenses };
});
`;

const IGNITION_TEST = `import { expect } from "chai";
import { network } from "hardhat";
import Mine from "../ignition/modules/Mine.ts";

it("has a grid", async () => {
  const { ignition } = await network.create();
  const { router, licenses } = await ignition.deploy(Mine);
  expect(await router.licenses()).to.equal(await licenses.getAddress());
});
`;

function hardhatProject(): Project {
  const project = emptyProject(
    ["contracts", "sdk"],
    [
      "hardhat",
      "@nomicfoundation/hardhat-ethers",
      "@nomicfoundation/hardhat-ignition",
      "@nomicfoundation/hardhat-toolbox-mocha-ethers",
      "@types/chai",
      "@types/mocha",
      "@types/node",
      "chai",
      "ethers",
    ],
  );
  project.write("package.json", JSON.stringify({ name: "project", type: "module" }));
  // The compiler is npm's, since a test downloads none.
  project.write(
    "hardhat.config.ts",
    `import toolbox from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { defineConfig } from "hardhat/config";

export default defineConfig({
  plugins: [toolbox],
  solidity: { version: "0.8.37", path: ${JSON.stringify(resolve("node_modules/solc/soljson.js"))} },
});
`,
  );
  return project;
}

function foundryProject(): Project {
  const project = emptyProject(["contracts"], []);
  const compiler = JSON.stringify(resolve("test/scripts/solc.cjs"));
  project.write("foundry.toml", block("toml", 0).replace('"0.8.37"', compiler));
  project.write("src/PaidOracle.sol", solidity(0));
  return project;
}

function solidity(index: number): string {
  return block("solidity", index);
}

/** A code block of the guide. */
function block(language: string, index: number): string {
  const blocks = readFileSync(GUIDE, "utf8").matchAll(
    new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"),
  );
  const [, code] = [...blocks][index] ?? [];
  return code ?? expect.fail(`${GUIDE} has no block ${index} of ${language}.`);
}
