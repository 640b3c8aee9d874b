import { globSync } from "node:fs";
import { createRequire } from "node:module";
import toolbox from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { configVariable, defineConfig } from "hardhat/config";
import type { HttpNetworkUserConfig } from "hardhat/types/config";
import { sharedOverrides } from "./scripts/lib/shared-overrides.ts";
import { strictWarnings } from "./scripts/lib/strict-warnings.ts";
import { anvil } from "./scripts/tests/anvil.ts";
import { HARDHAT_ONLY, mochaWithout } from "./scripts/tests/hardhat-only.ts";

const require = createRequire(import.meta.url);

// Instrumented artifacts live apart, so that a coverage run never leaves them where others read the real ones.
const coverage = process.argv.includes("--coverage") || process.env.HARDHAT_COVERAGE === "true";
// This command takes the contracts as they are built, and compiles the tests alone.
const testsAlone = process.argv.includes("solidity") && process.argv.includes("--no-compile");

const DEPLOYED = compiler({ enabled: true, runs: 1_000_000 }, true);
const LICENSES = compiler({ enabled: true, runs: 2_500 }, true);
const SUBNETS = compiler({ enabled: true, runs: 200 }, true);
// Solidity tests and instrumented code are never deployed. They compile fastest by the old pipeline, without optimizer.
const QUICK = compiler({ enabled: false }, false);
// Nor are twins and mocks. They need the optimizer to fit into a contract.
const HELPER = compiler({ enabled: true, runs: 1 }, false);
// The harness stays out: it shows a library of the contracts as it is deployed.
const HELPERS = globSync("test/{attacks/twins,mocks}/*.sol").filter((file) => !/Harness\.sol$/.test(file));
// `contracts` is a package too: dist is generated from the artifacts, and testing imports it.
const DOMAINS = globSync("contracts/!(dist|node_modules|testing)/");

function compiler(optimizer: object, viaIR: boolean) {
  const settings = { evmVersion: "cancun", optimizer, viaIR };
  return { version: "0.8.37", path: require.resolve("solc/soljson.js"), settings };
}

export default defineConfig({
  plugins: [toolbox, sharedOverrides, strictWarnings, ...(process.env.ANVIL ? [anvil] : [])],
  solidity: {
    npmFilesToBuild: [
      "@openzeppelin/contracts/governance/TimelockController.sol",
      "poseidon-solidity/PoseidonT3.sol",
    ],
    compilers: [coverage || testsAlone ? QUICK : DEPLOYED],
    splitTestsCompilation: true,
    overrides: {
      // Its one long assembly block fits into a contract by the old pipeline only.
      "poseidon-solidity/PoseidonT3.sol": compiler({ enabled: true, runs: 1_000_000 }, false),
      // Optimized for more runs they exceed the size of a contract.
      ...(!coverage &&
        !testsAlone && {
          "contracts/licenses/LicenseNFT.sol": LICENSES,
          "contracts/subnets/SubnetHub.sol": SUBNETS,
        }),
      // Its stack is too deep for the old pipeline.
      ...(coverage && { "contracts/settlement/SettlementRouter.sol": DEPLOYED }),
      ...(!coverage && Object.fromEntries(HELPERS.map((file) => [file, HELPER]))),
    },
  },
  paths: {
    // Attacks run on the code that is deployed, beside their twins.
    sources: [...DOMAINS, "./test/mocks", ...(coverage ? [] : ["./test/attacks/twins"])],
    tests: "./test",
    artifacts: coverage ? "./coverage/artifacts" : "./artifacts",
    cache: coverage ? "./coverage/cache" : "./cache",
  },
  // Values come from `npx hardhat keystore set NAME` or from the environment.
  networks: {
    sepolia: testnet("SEPOLIA_RPC_URL"),
    baseSepolia: testnet("BASE_SEPOLIA_RPC_URL"),
    arbitrumSepolia: testnet("ARBITRUM_SEPOLIA_RPC_URL"),
    optimismSepolia: testnet("OPTIMISM_SEPOLIA_RPC_URL"),
  },
  verify: { etherscan: { apiKey: configVariable("ETHERSCAN_API_KEY") } },
  // A longer walk through other states: INVARIANT_RUNS=1000 FUZZ_SEED=0x02 hardhat test solidity
  test: {
    mocha: {
      // No test depends on how fast a machine is.
      timeout: 0,
      failZero: true,
      forbidOnly: true,
      forbidPending: true,
      ...(process.env.ANVIL && mochaWithout(HARDHAT_ONLY)),
      ...(process.env.TEST_EVENTS && { reporter: "./scripts/tests/mocha-reporter.ts" }),
    },
    solidity: {
      fuzz: { seed: process.env.FUZZ_SEED },
      invariant: {
        runs: Number(process.env.INVARIANT_RUNS ?? 64),
        depth: Number(process.env.INVARIANT_DEPTH ?? 100),
        failOnRevert: true,
      },
    },
  },
  coverage: { skipFiles: ["test/**", "contracts/verifiers/**"] },
  // tsc trusts the generated types: checking them takes seconds.
  typechain: { dontOverrideCompile: coverage, tsNocheck: true },
});

function testnet(url: string): HttpNetworkUserConfig {
  return { type: "http", url: configVariable(url), accounts: [configVariable("DEPLOYER_PRIVATE_KEY")] };
}
