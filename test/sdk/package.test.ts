import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as sdk from "@benefit-grid/sdk";
import { abis, termsRegistryAbi } from "@benefit-grid/sdk";
import { expect } from "chai";
import { ErrorFragment } from "ethers";
import { decodeErrorResult, encodeErrorResult } from "viem";

const DIST = "sdk/dist";
/** Files of domains that are not actions. */
const HELPERS = [
  "benchmarks",
  "calls",
  "checkSigner",
  "claims",
  "clock",
  "commitments",
  "contexts",
  "developmentKeys",
  "due",
  "epochRuns",
  "findEarners",
  "lots",
  "operations",
  "poolConsent",
  "potTokens",
  "proposals",
  "recompute",
  "records",
  "registration",
  "rewards",
  "rounds",
  "secret",
  "sendInBatches",
  "signForLedger",
  "subsidy",
  "totals",
  "warnOfDevelopmentKeys",
  "weights",
];
const { imports } = JSON.parse(readFileSync("sdk/package.json", "utf8"));

/** The packages loaded by a module and its files on this platform. Imports in functions count unless `atOnce`. */
function packagesOf(
  file: string,
  seen = new Set<string>(),
  platform: "default" | "node" = "default",
  atOnce = false,
): Set<string> {
  if (seen.has(file)) return new Set();
  seen.add(file);
  const source = readFileSync(file, "utf8").replace(/^\s*(\/\*[\s\S]*?\*\/|\/\/.*$)/gm, "");
  const found = source.matchAll(
    atOnce ? /\b(?:from |import )"([^"]+)"/g : /\b(?:from |import |import\()"([^"]+)"/g,
  );
  const specifiers = [...found].map(([, name]) => name as string);
  const packages = specifiers.flatMap((name) => {
    const local = name.startsWith("#") ? join("sdk", imports[name][platform]) : join(dirname(file), name);
    return /^[.#]/.test(name) ? [...packagesOf(local, seen, platform, atOnce)] : [name];
  });
  return new Set(packages);
}

describe("the package", () => {
  it("at its root, loads ethers and Poseidon of two inputs alone", () => {
    const packages = [...packagesOf(join(DIST, "index.js"), new Set(), "default", true)].sort();
    expect(packages).to.deep.equal(["ethers", "poseidon-lite/poseidon2"]);
  });

  it("at its root, loads a hash in WebAssembly for streams alone", () => {
    const packages = [...packagesOf(join(DIST, "index.js"))].sort();
    expect(packages).to.deep.equal(["ethers", "hash-wasm", "poseidon-lite/poseidon2"]);
  });

  it("at /manifests, loads ethers, Merkle trees and a hash in WebAssembly", () => {
    const packages = [...packagesOf(join(DIST, "manifests/index.js"), new Set(), "node")].sort();
    expect(packages).to.deep.equal(["@openzeppelin/merkle-tree", "ethers", "hash-wasm"]);
  });

  it("at its root, loads nothing of explanations, manifests, meter, policy, proofs, scoring and the command line", () => {
    const files = new Set<string>();
    packagesOf(join(DIST, "index.js"), files);
    const heavy = /\/(explain|manifests|meter|policy|proofs|scoring|cli|react)\/|generated\/circuits/;
    expect([...files].filter((file) => heavy.test(file))).to.deep.equal([]);
  });

  it("at /meter in a browser, loads ethers, Poseidon and a hash in WebAssembly", () => {
    const packages = [...packagesOf(join(DIST, "meter/index.js"))].sort();
    expect(packages).to.deep.equal(["ethers", "hash-wasm", "poseidon-lite/poseidon2"]);
  });

  it("at /policy, loads ethers and a canonical JSON, and nothing of Node", () => {
    const files = new Set<string>();
    const packages = [...packagesOf(join(DIST, "policy/index.js"), files, "node")].sort();
    expect(packages).to.deep.equal(["canonicalize", "ethers"]);
    expect([...files].join()).not.to.match(/generated/);
  });

  it("at /policy, ships schema and vocabulary as JSON", async () => {
    const { policySchema, policyVocabulary } = await import("@benefit-grid/sdk/policy");
    const read = (name: string) =>
      JSON.parse(
        readFileSync(fileURLToPath(import.meta.resolve(`@benefit-grid/sdk/policy/${name}`)), "utf8"),
      );
    expect(read("schema.json")).to.deep.equal(JSON.parse(JSON.stringify(policySchema)));
    expect(read("vocabulary.jsonld")).to.deep.equal(policyVocabulary);
  });

  it("at /http, loads ethers, Poseidon and a hash in WebAssembly, and nothing of Node", () => {
    const packages = [...packagesOf(join(DIST, "http/index.js"), new Set(), "node")].sort();
    expect(packages).to.deep.equal(["ethers", "hash-wasm", "poseidon-lite/poseidon2"]);
  });

  it("at /proofs, leaves snarkjs and its arithmetic to the proving thread", () => {
    const poseidon = ["ethers", "poseidon-lite/poseidon16", "poseidon-lite/poseidon2"];
    const inBrowser = new Set<string>();
    const packages = [...packagesOf(join(DIST, "proofs/index.js"), inBrowser)].sort();
    expect(packages).to.deep.equal(["@benefit-grid/circuits/worker", ...poseidon]);
    expect([...inBrowser].filter((file) => /\.node\.js$|prover/.test(file))).to.deep.equal([]);
    const node = [...packagesOf(join(DIST, "proofs/index.js"), new Set(), "node")].sort();
    expect(node).to.deep.equal([
      ...poseidon.slice(0, 1),
      "node:url",
      "node:worker_threads",
      ...poseidon.slice(1),
    ]);
    expect([...packagesOf(join(DIST, "proofs/worker.js"))].sort()).to.deep.equal(["ffjavascript", "snarkjs"]);
  });

  it("at /react, loads ethers, React, wagmi and TanStack Query, and nothing of viem", () => {
    const packages = [...packagesOf(join(DIST, "react/index.js"), new Set(), "default", true)].sort();
    const hooks = ["@tanstack/react-query", "ethers", "react", "wagmi", "wagmi/query"];
    expect(packages).to.deep.equal(hooks);
  });

  it("at /subnets, loads ethers and a canonical JSON", () => {
    const packages = [...packagesOf(join(DIST, "subnets/index.js"), new Set(), "node")].sort();
    expect(packages).to.deep.equal(["canonicalize", "ethers"]);
  });

  it("at /cli, loads ethers and Node's own modules", () => {
    const packages = [...packagesOf(join(DIST, "cli/main.js"), new Set(), "default", true)].sort();
    const builtins = ["node:fs", "node:readline", "node:stream", "node:util"];
    expect(packages).to.deep.equal(["ethers", ...builtins]);
  });

  it("at /abis, has each contract's ABI with its literal types, and loads nothing", async () => {
    const { capsuleRegistryAbi, ...others } = await import("@benefit-grid/sdk/abis");
    const names: "register" | undefined = capsuleRegistryAbi.find(
      (item): item is Extract<(typeof capsuleRegistryAbi)[number], { name: "register" }> =>
        "name" in item && item.name === "register",
    )?.name;
    expect(names).to.equal("register");
    expect(others).to.include.keys(
      "licenseNFTAbi",
      "settlementRouterAbi",
      "termsRegistryAbi",
      "usageLedgerAbi",
    );
    expect([...packagesOf(join(DIST, "generated/abis.js"))]).to.deep.equal([]);
  });

  it("at /abis, has all errors for viem, which decodes those of other contracts by them", async () => {
    const { errorsAbi } = await import("@benefit-grid/sdk/abis");
    const data = encodeErrorResult({ abi: termsRegistryAbi, errorName: "OfferNonexistent", args: [7n] });
    expect(decodeErrorResult({ abi: errorsAbi, data })).to.deep.include({
      errorName: "OfferNonexistent",
      args: [7n],
    });
    const selectors = errorsAbi.map((error) => ErrorFragment.from(error).selector);
    expect(new Set(selectors).size).to.equal(selectors.length);
    const all = Object.values(abis)
      .flat()
      .filter(({ type }) => type === "error");
    expect(new Set(all.map((error) => ErrorFragment.from(error).selector))).to.deep.equal(new Set(selectors));
  });

  it("exports the action of every file of a domain", () => {
    const actions = globSync(
      "sdk/src/{capsules,coin,commons,governance,licenses,metering,settlement}/*.ts",
    ).map((file) => basename(file, ".ts"));
    const missing = actions.filter((action) => !HELPERS.includes(action) && !(action in sdk));
    expect(actions).to.include("registerCapsule");
    expect(missing).to.deep.equal([]);
  });

  it("documents every action with an example", () => {
    const files = globSync(
      "sdk/src/{capsules,coin,commons,governance,licenses,metering,settlement}/[a-z]*.ts",
    );
    const silent = files.filter(
      (file) => !HELPERS.includes(basename(file, ".ts")) && !readFileSync(file, "utf8").includes("@example"),
    );
    expect(silent).to.deep.equal([]);
  });
});
