import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { exportKey, inBuildFolder, removeOther } from "../circuits/build.ts";
import { compile } from "../circuits/compile.ts";
import { CircuitError } from "../circuits/errors.ts";
import { BUILD, builtFiles, findInstances, type Instance } from "../circuits/instances.ts";
import {
  committedFiles,
  committedNames,
  type Entry,
  findEntry,
  type Manifest,
  manifestText,
  readManifest,
  toolVersions,
  writeManifest,
} from "../circuits/manifest.ts";
import type { OnProgress } from "../circuits/progress.ts";
import { hashOf, requireFile, writeWhole } from "./files.ts";
import { describe } from "./steps.ts";
import { checkKey, digestOf, readTranscript, requireFinished } from "./transcript.ts";

/**
 * Puts the result of `finish` in place of the present key: artifacts, verification key, verifier, transcript and, last,
 * the manifest. Repeats change nothing; an interrupted call is completed by the next one.
 *
 * @throws {CircuitError} for a folder that is not the result of `finish` for these sources; then nothing changes
 */
export async function install(folder: string, onProgress: OnProgress): Promise<Instance> {
  const { instance, entry } = await checkResult(folder, onProgress);
  const { name } = instance;
  onProgress(`${name}: install`);
  const [built, committed, names] = [
    builtFiles(name, BUILD, "ceremony"),
    committedFiles(name, "ceremony"),
    committedNames(name, "ceremony"),
  ];
  for (const path of [BUILD, "circuits/keys", "contracts/verifiers"]) mkdirSync(path, { recursive: true });
  const given = { ...builtFiles(name, folder, "ceremony"), ...inFolder(folder, names) };
  for (const [kind, to] of Object.entries({ ...built, ...committed }))
    await writeWhole(to, (partial) => copyFileSync(given[kind as keyof typeof given], partial));
  writeManifest({ [name]: entry });
  removeOther(instance, "dev-insecure");
  return instance;
}

/** Exports the key again and compares all files, so that nothing in the folder is taken on trust. */
async function checkResult(
  folder: string,
  onProgress: OnProgress,
): Promise<{ instance: Instance; entry: Entry }> {
  const file = join(folder, "manifest.json");
  requireFile(file, "Pass a folder that `finish` wrote.");
  const text = readFileSync(file, "utf8");
  const { versions, instances }: Manifest = parse(text, file);
  const [[name, entry] = []] = Object.entries(instances ?? {});
  const [instance] = findInstances([name ?? ""]);
  if (!instance || entry?.setup !== "ceremony")
    throw new CircuitError(`${file} is not the result of a ceremony.`);
  if (JSON.stringify(versions) !== JSON.stringify(toolVersions()))
    throw new CircuitError(`${file} was made by other versions of the tools: run finish again.`);
  const transcriptPath = join(folder, committedNames(instance.name, "ceremony").transcript);
  const { zkey } = builtFiles(instance.name, folder, "ceremony");
  for (const needed of Object.values(builtFiles(instance.name, folder, "ceremony"))) requireFile(needed);
  const transcript = readTranscript(transcriptPath);
  if (transcript.circuit !== instance.name)
    throw new CircuitError(
      `${transcriptPath} is for the circuit ${transcript.circuit}, not ${instance.name}.`,
    );
  await checkKey(zkey, transcript, transcriptPath);
  const beacon = requireFinished(zkey, transcript.contributions);
  const expected = await inBuildFolder(async (work) => {
    await copyCompiled(instance, folder, work, onProgress);
    copyFileSync(zkey, builtFiles(instance.name, work, "ceremony").zkey);
    onProgress(`${instance.name}: compare`);
    return await exportKey(instance, work, {
      setup: "ceremony",
      phase1: { ptau: transcript.phase1.file, blake2b: transcript.phase1.blake2b },
      phase2: {
        beacon: beacon.hash,
        iterationsExp: beacon.iterationsExp,
        contributions: transcript.contributions.map(describe),
        transcript: digestOf(transcript),
      },
    });
  });
  if (expected.sha256.r1cs !== transcript.r1cs)
    throw new CircuitError(
      `${transcriptPath} is for another source of ${instance.name}. Check out the ceremony's commit.`,
    );
  if (manifestText({ versions, instances: { [instance.name]: expected } }) !== text)
    throw new CircuitError(`${file} is not what its key and these sources give: run finish again.`);
  await requireExported(instance, folder, expected);
  return { instance, entry: expected };
}

function parse(text: string, file: string): Manifest {
  try {
    return JSON.parse(text);
  } catch {
    throw new CircuitError(`${file} is not JSON.`);
  }
}

/** Compiles the circuit, unless the folder has the files that the repository's manifest records for these sources. */
async function copyCompiled(
  instance: Instance,
  folder: string,
  work: string,
  onProgress: OnProgress,
): Promise<void> {
  const [from, to] = [
    builtFiles(instance.name, folder, "ceremony"),
    builtFiles(instance.name, work, "ceremony"),
  ];
  const recorded = findEntry(instance)?.sha256;
  const isRecorded = async (kind: "r1cs" | "wasm"): Promise<boolean> =>
    recorded !== undefined && (await hashOf(from[kind], "sha256")) === recorded[kind];
  if ((await isRecorded("r1cs")) && (await isRecorded("wasm"))) {
    for (const kind of ["r1cs", "wasm"] as const) copyFileSync(from[kind], to[kind]);
    return;
  }
  onProgress(`${instance.name}: compile`);
  await compile(instance, work);
}

async function requireExported({ name }: Instance, folder: string, { sha256 }: Entry): Promise<void> {
  const files = {
    ...builtFiles(name, folder, "ceremony"),
    ...inFolder(folder, committedNames(name, "ceremony")),
  };
  for (const kind of ["r1cs", "wasm", "zkey", "vkey", "verifier"] as const) {
    requireFile(files[kind]);
    if ((await hashOf(files[kind], "sha256")) !== sha256[kind])
      throw new CircuitError(`${files[kind]} is not what its key and these sources give: run finish again.`);
  }
}

function inFolder<K extends string>(folder: string, names: Record<K, string>): Record<K, string> {
  const paths = Object.entries<string>(names).map(([kind, name]) => [kind, join(folder, name)]);
  return Object.fromEntries(paths) as Record<K, string>;
}

/** The circuits without a key of a ceremony. */
export function withoutCeremony(): string[] {
  const { instances } = readManifest();
  return Object.keys(instances).filter((name) => instances[name]?.setup !== "ceremony");
}

/** Texts that still say that the keys are for development. */
export function outdatedTexts(): string[] {
  const files = globSync(["*.md", "circuits/README.md", "docs/*.md", "docs/guides/*.md"]).sort();
  return files.filter((file) => existsSync(file) && /dev-insecure/.test(readFileSync(file, "utf8")));
}
