import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { zKey } from "snarkjs";
import { compile, hashSources } from "./compile.ts";
import { refuseDevelopmentKey } from "./development-key.ts";
import { CircuitError } from "./errors.ts";
import { createFixedBase } from "./fixed-base.ts";
import { writeInitialKey } from "./initial-key.ts";
import { BUILD, builtFiles, findInstances, type Instance, type Setup, verifierName } from "./instances.ts";
import {
  committedFiles,
  DEVELOPMENT,
  type Entry,
  findEntry,
  type Hashes,
  hashFile,
  isBuilt,
  MANIFEST,
  type Origin,
  requireEntry,
  writeManifest,
} from "./manifest.ts";
import { BEACON, BEACON_NAME, publicTau } from "./public-tau.ts";
import { readR1cs } from "./r1cs.ts";
import { checkVerificationKey } from "./verification-key.ts";
import { verifierSource } from "./verifier.ts";

const COMMAND = fileURLToPath(new URL("../circuits.ts", import.meta.url));

/** Called with the name of each step as it begins. */
export type OnProgress = (step: string) => void;

/**
 * Builds the named circuits and their development keys unless they exist. Takes seconds for 16 rows and minutes for
 * 128. Runs in a separate process, which frees its memory and threads at the end.
 *
 * @throws {CircuitError} if circuits or tools differ from circuits/keys/manifest.json.
 */
export async function ensureCircuits(names: readonly string[], onProgress?: OnProgress): Promise<void> {
  const missing = findInstances(names).filter(
    (instance) => !isRecordedBuild(instance, requireEntry(instance)),
  );
  if (missing.length === 0) return;
  await runBuild(
    missing.map(({ name }) => name),
    onProgress,
  );
}

function runBuild(names: readonly string[], onProgress: OnProgress = () => {}): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [COMMAND, ...names], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    const lines: string[] = [];
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      for (const line of chunk.trimEnd().split("\n")) {
        lines.push(line);
        onProgress(line);
      }
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new CircuitError(lines.slice(-20).join("\n")));
    });
  });
}

/** Builds one instance unless it exists. @throws {CircuitError} if its files differ from the manifest */
export async function build(instance: Instance, onProgress: OnProgress): Promise<void> {
  const expected = requireEntry(instance);
  if (isRecordedBuild(instance, expected)) return;
  if (expected.setup === "ceremony") {
    const { zkey } = builtFiles(instance.name, undefined, expected.setup);
    throw new CircuitError(
      `${zkey} is from a ceremony and can't be built: copy all its published files to ${dirname(zkey)}.`,
    );
  }
  await inBuildFolder(async (folder) => {
    const entry = await buildInstance(instance, folder, onProgress);
    const different = (Object.keys(entry.sha256) as (keyof Hashes)[]).filter(
      (kind) => entry.sha256[kind] !== expected.sha256[kind],
    );
    if (different.length > 0) {
      throw new CircuitError(
        `Built from the same sources, ${different.join(", ")} of ${instance.name} ${different.length > 1 ? "are" : "is"} ` +
          `not what ${MANIFEST} says. After a change of a tool: npm run circuits -- ${instance.name} --write`,
      );
    }
    publish(instance, folder);
  });
}

/** Builds one instance and records it: manifest, verification key and verifier. */
export async function rewrite(instance: Instance, onProgress: OnProgress): Promise<void> {
  const recorded = findEntry(instance);
  if (recorded && isRecordedBuild(instance, recorded) && isCommitted(instance, recorded)) return;
  await inBuildFolder(async (folder) => {
    const entry = await buildInstance(instance, folder, onProgress);
    const from = exportedFiles(instance.name, folder, "dev-insecure");
    const to = committedFiles(instance.name);
    publish(instance, folder);
    mkdirSync("contracts/verifiers", { recursive: true });
    mkdirSync("circuits/keys", { recursive: true });
    renameSync(from.vkey, to.vkey);
    renameSync(from.verifier, to.verifier);
    writeManifest({ [instance.name]: entry });
  });
}

/** Compiles an instance and makes its key in `folder`, even if it is already built or recorded. */
export async function buildInstance(
  instance: Instance,
  folder: string,
  onProgress: OnProgress,
): Promise<Entry> {
  const { name } = instance;
  const files = builtFiles(name, folder);
  const initial = join(folder, `${name}.initial.zkey`);

  onProgress(`${name}: compile`);
  await compile(instance, folder);
  onProgress(`${name}: phase 1, from a publicly known tau`);
  const base = createFixedBase();
  try {
    await writeInitialKey(files.r1cs, initial, await publicTau(), base);
  } finally {
    base.close();
  }
  onProgress(`${name}: phase 2, a public beacon`);
  await zKey.beacon(initial, files.zkey, BEACON_NAME, BEACON.hash, BEACON.iterationsExp);
  rmSync(initial);

  onProgress(`${name}: export the verification key and the verifier`);
  return await exportKey(instance, folder, DEVELOPMENT);
}

/**
 * Writes verification key and verifier beside a key in `folder`.
 *
 * @throws {CircuitError} for a key that accepts forged proofs, unless it is for development
 */
export async function exportKey(instance: Instance, folder: string, origin: Origin): Promise<Entry> {
  const { name } = instance;
  const { setup } = origin;
  const files = { ...builtFiles(name, folder, setup), ...exportedFiles(name, folder, setup) };
  const { constraints, publicSignals } = readR1cs(files.r1cs);
  const key = await zKey.exportVerificationKey(files.zkey);
  checkVerificationKey(name, key, publicSignals);
  if (setup !== "dev-insecure") refuseDevelopmentKey(name, key);
  writeFileSync(files.vkey, `${JSON.stringify(key, null, 1)}\n`);
  writeFileSync(files.verifier, await verifierSource(name, files.zkey, setup));
  return {
    ...origin,
    sources: hashSources(instance),
    constraints,
    publicSignals,
    sha256: {
      r1cs: hashFile(files.r1cs),
      wasm: hashFile(files.wasm),
      zkey: hashFile(files.zkey),
      vkey: hashFile(files.vkey),
      verifier: hashFile(files.verifier),
    },
  };
}

/** Two processes may build at the same time: each has its own folder, and both get the same files. */
export async function inBuildFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  mkdirSync(BUILD, { recursive: true });
  const folder = mkdtempSync(join(BUILD, "tmp-"));
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function publish({ name }: Instance, folder: string): void {
  const from = builtFiles(name, folder);
  const to = builtFiles(name);
  mkdirSync(dirname(to.wasm), { recursive: true });
  for (const kind of ["r1cs", "sym", "wasm", "zkey"] as const) renameSync(from[kind], to[kind]);
}

function exportedFiles(name: string, folder: string, setup: Setup): { vkey: string; verifier: string } {
  return {
    vkey: join(folder, `${name}.${setup}.vkey.json`),
    verifier: join(folder, `${verifierName(name)}.sol`),
  };
}

function isRecordedBuild({ name }: Instance, entry: Entry): boolean {
  return isBuilt(entry, builtFiles(name, undefined, entry.setup));
}

function isCommitted({ name }: Instance, { sha256, setup }: Entry): boolean {
  const files = committedFiles(name, setup);
  return (["vkey", "verifier"] as const).every(
    (kind) => existsSync(files[kind]) && hashFile(files[kind]) === sha256[kind],
  );
}
