// Builds contracts, the code generated from them, SDK and circuits. A step runs only if its files changed.
import { existsSync, globSync, rmSync } from "node:fs";
import { builtFiles, quickInstances } from "./circuits/instances.ts";
import { freshnessOf, type Work } from "./lib/freshness.ts";
import { runStep } from "./lib/steps.ts";

type BuildStep = Work & {
  command: string;
  /** Prepares the command, told whether something else changed its outputs. */
  before?: (isTouched: boolean) => void;
};

// The version of every tool and dependency.
const LOCK = "package-lock.json";
const ARTIFACTS = [
  "artifacts/{contracts,test/mocks,test/attacks/twins,@openzeppelin,poseidon-solidity}/**/*.json",
];

const STEPS: BuildStep[] = [
  {
    name: "build contracts",
    command: "hardhat build --no-tests",
    inputs: [
      LOCK,
      "hardhat.config.ts",
      "scripts/lib/*.ts",
      "{contracts/!(dist|testing),test/mocks,test/attacks/twins}/**/*.sol",
    ],
    // Solidity tests add their own contracts to the other types.
    outputs: [...ARTIFACTS, "types/ethers-contracts/contracts/**/*.ts"],
    before: removeStaleArtifacts,
  },
  {
    name: "generate SDK code",
    command: "node scripts/generate.ts",
    inputs: [
      LOCK,
      "scripts/generate.ts",
      "scripts/{circuits,lib}/*.ts",
      "ignition/contracts.ts",
      ...ARTIFACTS,
      "deployments/*.json",
      "circuits/circuits.json",
      "circuits/{package,*/package}.json",
      "circuits/keys/manifest.json",
    ],
    outputs: ["sdk/src/generated/**/*.ts"],
  },
  {
    name: "build SDK",
    command: "tsc -p sdk && node scripts/profile.ts",
    inputs: [LOCK, "tsconfig.json", "sdk/{package,tsconfig}.json", "sdk/src/**/*.ts", "scripts/profile.ts"],
    outputs: ["sdk/dist/**/*.{js,d.ts}", "sdk/dist/policy/*.{json,jsonld}"],
    before: (isTouched) => removeStaleOutput("sdk", isTouched),
  },
  {
    name: "build proving thread",
    command: "node scripts/worker.ts",
    inputs: [
      LOCK,
      "scripts/worker.ts",
      "scripts/circuits/manifest.ts",
      "sdk/package.json",
      "sdk/src/{errors,proofs,shared}/*.ts",
    ],
    outputs: ["circuits/dist/*.js"],
  },
  {
    name: "build services",
    command: "tsc -p services/meter",
    inputs: [
      LOCK,
      "tsconfig.json",
      "sdk/dist/**/*.d.ts",
      "services/meter/{package,tsconfig}.json",
      "services/meter/src/**/*.ts",
    ],
    outputs: ["services/meter/dist/**/*.{js,d.ts}"],
    before: (isTouched) => removeStaleOutput("services/meter", isTouched),
  },
  {
    name: "build create",
    command: "tsc -p create",
    inputs: [LOCK, "tsconfig.json", "create/tsconfig.json", "create/src/*.ts"],
    outputs: ["create/dist/*.js"],
    before: (isTouched) => removeStaleOutput("create", isTouched),
  },
  {
    name: "package contracts",
    command: "node scripts/contracts.ts && tsc -p contracts",
    inputs: [
      LOCK,
      "tsconfig.json",
      "scripts/contracts.ts",
      "scripts/{circuits,contracts,lib}/*.ts",
      "ignition/**/*.ts",
      ...ARTIFACTS,
      "circuits/{circuits.json,LICENSE}",
      "contracts/{package,tsconfig}.json",
      "contracts/testing/*.ts",
      "sdk/src/{licenses,shared}/*.ts",
    ],
    outputs: ["contracts/dist/{abis,artifacts,ignition,testing,types}/**/*"],
  },
  {
    name: "build circuits",
    command: "node scripts/circuits.ts",
    inputs: [
      LOCK,
      "scripts/circuits.ts",
      "scripts/circuits/*.ts",
      "circuits/circuits.json",
      "circuits/{keys,src}/*",
    ],
    outputs: quickInstances().flatMap(({ name }) => Object.values(builtFiles(name))),
  },
];

/** Stops at the first failed step. @returns whether everything is built */
export async function build(): Promise<boolean> {
  for (const step of STEPS) {
    const { isFresh, isTouched, begin, succeed } = freshnessOf(step);
    if (isFresh) continue;
    begin();
    step.before?.(isTouched);
    const { ok } = await runStep(step);
    if (!ok) return false;
    succeed();
  }
  return true;
}

/** A build without tests leaves artifacts of moved sources behind, and names become ambiguous. */
function removeStaleArtifacts(): void {
  for (const folder of globSync("artifacts/{contracts,test}/**/*.sol")) {
    if (!existsSync(folder.slice("artifacts/".length))) rmSync(folder, { recursive: true });
  }
}

/** tsc keeps the output of deleted sources, and does not restore output that its record of earlier runs names. */
function removeStaleOutput(folder: string, isTouched: boolean): void {
  for (const output of globSync(`${folder}/dist/**/*.{js,d.ts}`)) {
    const source = output.replace(`${folder}/dist`, `${folder}/src`).replace(/(\.d\.ts|\.js)$/, ".ts");
    if (!existsSync(source)) rmSync(output);
  }
  if (isTouched) rmSync(`${folder}/dist/.tsbuildinfo`, { force: true });
}

if (import.meta.main && !(await build())) process.exitCode = 1;
