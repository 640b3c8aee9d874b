import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { zKey } from "snarkjs";
import { compile, hashSources } from "./compile.ts";
import { refuseDevelopmentKey } from "./development-key.ts";
import { CircuitError } from "./errors.ts";
import { createFixedBase } from "./fixed-base.ts";
import { writeInitialKey } from "./initial-key.ts";
import {
  BUILD,
  builtFiles,
  findInstances,
  type Instance,
  MANIFEST,
  type Setup,
  setupOf,
} from "./instances.ts";
import {
  committedFiles,
  committedNames,
  DEVELOPMENT,
  type Entry,
  findEntry,
  type Hashes,
  hashFile,
  isBuilt,
  type Origin,
  readManifest,
  requireEntry,
  writeManifest,
} from "./manifest.ts";
import type { OnProgress } from "./progress.ts";
import { BEACON, BEACON_NAME, publicTau } from "./public-tau.ts";
import { readR1cs } from "./r1cs.ts";
import { checkVerificationKey } from "./verification-key.ts";
import { verifierSource } from "./verifier.ts";

const COMMAND = fileURLToPath(new URL("../circuits.ts", import.meta.url));

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
  await inBuildFolder(async (folder) => {
    if (expected.setup === "ceremony") return await buildForCeremony(instance, expected, folder, onProgress);
    const entry = await buildInstance(instance, folder, onProgress);
    requireHashes(instance, entry.sha256, expected);
    publish(instance, folder, "dev-insecure");
  });
}

/** Compiles a circuit whose key is from a ceremony. The key itself can't be built. */
async function buildForCeremony(
  instance: Instance,
  expected: Entry,
  folder: string,
  onProgress: OnProgress,
): Promise<void> {
  const { zkey } = builtFiles(instance.name, undefined, "ceremony");
  if (!existsSync(zkey) || hashFile(zkey) !== expected.sha256.zkey)
    throw new CircuitError(
      `${zkey} is from a ceremony and can't be built: copy the published file with SHA-256 ${expected.sha256.zkey} there.`,
    );
  onProgress(`${instance.name}: compile`);
  await compile(instance, folder);
  const { r1cs, wasm } = builtFiles(instance.name, folder, "ceremony");
  requireHashes(instance, { r1cs: hashFile(r1cs), wasm: hashFile(wasm) }, expected);
  publishCompiled(instance, folder);
}

function requireHashes({ name }: Instance, found: Partial<Hashes>, { sha256 }: Entry): void {
  const different = (Object.keys(found) as (keyof Hashes)[]).filter((kind) => found[kind] !== sha256[kind]);
  if (different.length === 0) return;
  throw new CircuitError(
    `Built from the same sources, ${different.join(", ")} of ${name} ${different.length > 1 ? "are" : "is"} ` +
      `not what ${MANIFEST} says. After a change of a tool: npm run circuits -- ${name} --write`,
  );
}

/**
 * Builds one instance and records it: manifest, verification key and verifier. A key of a ceremony is kept.
 *
 * @throws {CircuitError} for a circuit that its ceremony's key no longer fits, unless `discardCeremony` is set
 */
export async function rewrite(
  instance: Instance,
  onProgress: OnProgress,
  { discardCeremony = false } = {},
): Promise<void> {
  const recorded = findEntry(instance);
  const isCeremony = setupOf(instance.name) === "ceremony";
  if (
    !(isCeremony && discardCeremony) &&
    recorded &&
    isRecordedBuild(instance, recorded) &&
    isCommitted(instance, recorded)
  )
    return;
  await inBuildFolder(async (folder) => {
    const entry =
      isCeremony && !discardCeremony
        ? await exportCeremony(instance, folder, onProgress)
        : await buildInstance(instance, folder, onProgress);
    if (entry.setup === "dev-insecure") publish(instance, folder, entry.setup);
    else publishCompiled(instance, folder);
    const from = exportedFiles(instance.name, folder, entry.setup);
    const to = committedFiles(instance.name, entry.setup);
    mkdirSync("contracts/verifiers", { recursive: true });
    mkdirSync("circuits/keys", { recursive: true });
    renameSync(from.vkey, to.vkey);
    renameSync(from.verifier, to.verifier);
    writeManifest({ [instance.name]: entry });
    if (isCeremony && discardCeremony) removeOther(instance, "ceremony");
  });
}

/** Records the key of a ceremony again for changed comments or tools: the constraints must be the same. */
async function exportCeremony(instance: Instance, folder: string, onProgress: OnProgress): Promise<Entry> {
  const { name } = instance;
  const entry = readManifest().instances[name] as Entry;
  const { zkey } = builtFiles(name, undefined, "ceremony");
  onProgress(`${name}: compile`);
  await compile(instance, folder);
  const files = builtFiles(name, folder, "ceremony");
  if (hashFile(files.r1cs) !== entry.sha256.r1cs)
    throw new CircuitError(
      `The constraints of ${name} changed, so the key of its ceremony no longer fits. Hold another ceremony, or ` +
        `return to a development key: npm run circuits -- ${name} --write --discard-ceremony`,
    );
  if (!existsSync(zkey) || hashFile(zkey) !== entry.sha256.zkey)
    throw new CircuitError(
      `${zkey} is missing: copy the published file with SHA-256 ${entry.sha256.zkey} there.`,
    );
  copyFileSync(zkey, files.zkey);
  const { setup, phase1, phase2 } = entry;
  return await exportKey(instance, folder, { setup, phase1, phase2 });
}

/** Removes the files of an instance's key of another origin. */
export function removeOther({ name }: Instance, setup: Setup): void {
  const { vkey, transcript } = committedFiles(name, setup);
  for (const file of [vkey, transcript, builtFiles(name, undefined, setup).zkey])
    rmSync(file, { force: true });
}

/** Compiles an instance and makes its key in `folder`, even if it is already built or recorded. */
export async function buildInstance(
  instance: Instance,
  folder: string,
  onProgress: OnProgress,
): Promise<Entry> {
  const { name } = instance;
  const files = builtFiles(name, folder, "dev-insecure");
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

function publish(instance: Instance, folder: string, setup: Setup): void {
  publishCompiled(instance, folder);
  const { name } = instance;
  renameSync(builtFiles(name, folder, setup).zkey, builtFiles(name, undefined, setup).zkey);
}

function publishCompiled({ name }: Instance, folder: string): void {
  const [from, to] = [builtFiles(name, folder), builtFiles(name)];
  mkdirSync(dirname(to.wasm), { recursive: true });
  for (const kind of ["r1cs", "sym", "wasm"] as const) renameSync(from[kind], to[kind]);
}

function exportedFiles(name: string, folder: string, setup: Setup): { vkey: string; verifier: string } {
  const { vkey, verifier } = committedNames(name, setup);
  return { vkey: join(folder, vkey), verifier: join(folder, verifier) };
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
