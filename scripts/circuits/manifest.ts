import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { hasDevelopmentKey } from "../../sdk/src/metering/developmentKeys.ts";
import { hashSources } from "./compile.ts";
import { refuseDevelopmentKey } from "./development-key.ts";
import { CircuitError } from "./errors.ts";
import {
  type BuiltFiles,
  type Instance,
  MANIFEST,
  readInstances,
  type Setup,
  setupOf,
  verifierName,
} from "./instances.ts";
import { BEACON } from "./public-tau.ts";
import { checkVerificationKey, type VerificationKey } from "./verification-key.ts";

type Beacon = { beacon: string; iterationsExp: number };

/** Who made a key, and with which randomness. */
export type Origin = {
  setup: Setup;
  warning?: string;
  phase1: Beacon | { ptau: string; blake2b: string };
  /** `transcript` is the SHA-256 of the ceremony's transcript. */
  phase2: Beacon & { contributions?: string[]; transcript?: string };
};

/** The SHA-256 of each file of an instance. */
export type Hashes = Record<"r1cs" | "wasm" | "zkey" | "vkey" | "verifier", string>;

export type Entry = Origin & {
  /** The hash of all sources of the instance. */
  sources: string;
  constraints: number;
  publicSignals: number;
  sha256: Hashes;
};

/** The keys of all circuits, and the tools that made them. */
export type Manifest = {
  versions: Record<"circom2" | "circomlib" | "snarkjs", string>;
  instances: Record<string, Entry>;
};

export const DEVELOPMENT: Origin = {
  setup: "dev-insecure",
  warning: "For development: tau is publicly known, so anybody can forge proofs.",
  phase1: { beacon: BEACON.hash, iterationsExp: BEACON.iterationsExp },
  phase2: { beacon: BEACON.hash, iterationsExp: BEACON.iterationsExp },
};

export type CommittedFiles = Record<"vkey" | "verifier" | "transcript", string>;

/** Their names without folders. Only a ceremony has a transcript. */
export function committedNames(name: string, setup: Setup = setupOf(name)): CommittedFiles {
  return {
    vkey: `${name}.${setup}.vkey.json`,
    verifier: `${verifierName(name)}.sol`,
    transcript: `${name}.${setup}.transcript.json`,
  };
}

export function committedFiles(name: string, setup: Setup = setupOf(name)): CommittedFiles {
  const { vkey, verifier, transcript } = committedNames(name, setup);
  return {
    vkey: join("circuits/keys", vkey),
    verifier: join("contracts/verifiers", verifier),
    transcript: join("circuits/keys", transcript),
  };
}

export function readManifest(): Manifest {
  if (!existsSync(MANIFEST)) return { versions: toolVersions(), instances: {} };
  return JSON.parse(readFileSync(MANIFEST, "utf8"));
}

/** Records entries, and keeps older ones made by the same tools. Ceremonies' entries always stay. */
export function writeManifest(entries: Record<string, Entry>): void {
  const recorded = readManifest();
  const versions = toolVersions();
  const kept = Object.entries(recorded.instances).filter(
    ([, { setup }]) => setup === "ceremony" || isByTheseTools(recorded),
  );
  const all = { ...Object.fromEntries(kept), ...entries };
  const instances = Object.fromEntries(
    readInstances().flatMap(({ name }) => {
      const entry = all[name];
      return entry ? [[name, entry]] : [];
    }),
  );
  const partial = `${MANIFEST}.partial`;
  writeFileSync(partial, manifestText({ versions, instances }));
  renameSync(partial, MANIFEST);
}

function isByTheseTools({ versions }: Manifest): boolean {
  return JSON.stringify(versions) === JSON.stringify(toolVersions());
}

/** Development keys of other beacons are outdated. A ceremony's key stays. */
function isCurrent({ setup, warning, phase1, phase2 }: Entry): boolean {
  const origin = { setup, warning, phase1, phase2 };
  return setup === "ceremony" || JSON.stringify(origin) === JSON.stringify(DEVELOPMENT);
}

export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** The recorded entry of an instance, if sources and tools are unchanged. */
export function findEntry(instance: Instance): Entry | undefined {
  const manifest = readManifest();
  const entry = manifest.instances[instance.name];
  const isFound = entry && isByTheseTools(manifest) && isCurrent(entry);
  return isFound && entry.sources === hashSources(instance) ? entry : undefined;
}

export function requireEntry(instance: Instance): Entry {
  const entry = findEntry(instance);
  if (entry) return entry;
  throw new CircuitError(
    `The circuit ${instance.name}, or a tool for it, changed since ${MANIFEST} was written. ` +
      "After a wanted change: npm run circuits -- --write",
  );
}

/** Compares the committed files with manifest and circuits.json. Returns each problem as a sentence; builds nothing. */
export function manifestProblems(): string[] {
  const instances = readInstances();
  const unknown = Object.keys(readManifest().instances).filter(
    (name) => !instances.some((instance) => instance.name === name),
  );
  return [
    ...unknown.map((name) => `${MANIFEST} has ${name}, but circuits/circuits.json does not.`),
    ...instances.flatMap(entryProblems),
  ];
}

/** The problems of one instance alone. */
export function entryProblems(instance: Instance): string[] {
  const { name } = instance;
  try {
    const entry = requireEntry(instance);
    const files = committedFiles(name, entry.setup);
    const key: VerificationKey = JSON.parse(readFileSync(files.vkey, "utf8"));
    checkVerificationKey(name, key, entry.publicSignals);
    if (entry.setup === "ceremony") refuseDevelopmentKey(name, key);
    return [
      ...(["vkey", "verifier"] as const)
        .filter((kind) => hashFile(files[kind]) !== entry.sha256[kind])
        .map((kind) => `${files[kind]} is not what ${MANIFEST} says: npm run circuits -- ${name} --write`),
      ...(entry.setup === "ceremony" && hashFile(files.transcript) !== entry.phase2.transcript
        ? [`${files.transcript} is not what ${MANIFEST} says: install the ceremony's result again.`]
        : []),
    ];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

/**
 * The circuits without a verifier from a ceremony. A ledger uses all circuits. A known development key is found by its
 * points in the bytecode, whatever the manifest says.
 */
export async function insecureCircuits(
  { instances }: Manifest,
  bytecodeOf: (verifier: string) => Promise<string>,
): Promise<string[]> {
  const isSecure = async (name: string): Promise<boolean> => {
    const entry = instances[name];
    if (entry?.setup !== "ceremony") return false;
    if (hashFile(committedFiles(name).verifier) !== entry.sha256.verifier) return false;
    return !hasDevelopmentKey(await bytecodeOf(verifierName(name)));
  };
  const names = readInstances().map(({ name }) => name);
  const secure = await Promise.all(names.map(isSecure));
  return names.filter((_, i) => !secure[i]);
}

/** Whether all files of an instance exist with the recorded content. */
export function isBuilt(entry: Entry, files: BuiltFiles): boolean {
  return (
    existsSync(files.sym) &&
    (["r1cs", "wasm", "zkey"] as const).every(
      (kind) => existsSync(files[kind]) && hashFile(files[kind]) === entry.sha256[kind],
    )
  );
}

export function hashFile(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

export function toolVersions(): Manifest["versions"] {
  const require = createRequire(import.meta.url);
  const { version: circom2 } = require("circom2/package.json");
  const { version: circomlib } = require("circomlib/package.json");
  const snarkjsFolder = join(dirname(require.resolve("snarkjs")), "..");
  const { version: snarkjs } = JSON.parse(readFileSync(join(snarkjsFolder, "package.json"), "utf8"));
  return { circom2, circomlib, snarkjs };
}
