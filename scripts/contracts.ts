// Writes contracts/dist, the generated part of the package @benefit-grid/contracts, from the contracts' artifacts and the
// Ignition modules. Git ignores the result.
import { copyFileSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { batchInstances, readInstances, verifierName } from "./circuits/instances.ts";
import { recordDeployment } from "./contracts/recording.ts";
import { replaySource } from "./contracts/replay.ts";

const OUT = "contracts/dist";

/** Interfaces have an ABI, but nothing to deploy. */
const SOURCES = "artifacts/{contracts,@openzeppelin,poseidon-solidity}/**/*.json";

for (const name of ["abis", "artifacts", "ignition", "testing"]) {
  rmSync(join(OUT, name), { recursive: true, force: true });
}
writeArtifacts();
await bundle();
const recording = await recordDeployment();
write("testing/grid.json", JSON.stringify(recording));
write("testing/GridReplay.sol", replaySource(recording));
copyFileSync("circuits/LICENSE", join(OUT, "LICENSE-GPL-3.0"));

/** Leaves out the ids of build infos, which are not in the package. */
function writeArtifacts(): void {
  const known = new Set<string>();
  for (const file of globSync(SOURCES)) {
    const { buildInfoId, ...artifact } = JSON.parse(readFileSync(file, "utf8"));
    const { contractName, abi } = artifact;
    if (known.has(contractName)) throw new Error(`Two contracts are named ${contractName}.`);
    known.add(contractName);
    write(`abis/${contractName}.json`, JSON.stringify(abi, null, 2));
    write(`artifacts/${contractName}.json`, JSON.stringify(artifact, null, 2));
  }
}

/** The Ignition modules and the test fixture, as JavaScript without dependencies but Ignition. */
async function bundle(): Promise<void> {
  const options: BuildOptions = {
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    chunkNames: "chunks/[name]-[hash]",
    external: ["@nomicfoundation/*", "@benefit-grid/*"],
    logLevel: "warning",
  };
  const modules = globSync("ignition/modules/*.ts").sort();
  await build({
    ...options,
    entryPoints: modules,
    outbase: "ignition",
    outdir: join(OUT, "ignition"),
    plugins: [packaged()],
  });
  await build({ ...options, entryPoints: ["contracts/testing/index.ts"], outdir: join(OUT, "testing") });
}

/** Replaces what the modules find in this repository alone: artifacts by name, and the file of the circuits. */
function packaged(): Plugin {
  const buildModule = resolve("scripts/contracts/buildModule.ts");
  return {
    name: "packaged",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^@nomicfoundation\/hardhat-ignition\/modules$/ }, ({ importer, path }) =>
        importer === buildModule ? { path, external: true } : { path: buildModule },
      );
      onLoad({ filter: /scripts\/circuits\/instances\.ts$/ }, () => ({
        contents: instancesSource(),
        loader: "ts",
      }));
    },
  };
}

function instancesSource(): string {
  const instances = readInstances();
  const names = Object.fromEntries(instances.map(({ name }) => [name, verifierName(name)]));
  return [
    `export const readInstances = () => ${JSON.stringify(instances)};`,
    `export const batchInstances = () => ${JSON.stringify(batchInstances())};`,
    `const names: Record<string, string> = ${JSON.stringify(names)};`,
    "export const verifierName = (name: string) => names[name];",
  ].join("\n");
}

function write(file: string, content: string): void {
  mkdirSync(dirname(join(OUT, file)), { recursive: true });
  writeFileSync(join(OUT, file), content);
}
