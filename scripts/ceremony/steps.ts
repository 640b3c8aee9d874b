import { randomBytes } from "node:crypto";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { zKey } from "snarkjs";
import { exportKey, inBuildFolder } from "../circuits/build.ts";
import { compile } from "../circuits/compile.ts";
import { CircuitError } from "../circuits/errors.ts";
import { builtFiles, findInstances, type Instance } from "../circuits/instances.ts";
import { createLog, type Log } from "../circuits/log.ts";
import {
  committedNames,
  type Manifest,
  manifestText,
  type Origin,
  toolVersions,
} from "../circuits/manifest.ts";
import { log2Phase1Size, readLog2Size } from "../circuits/phase1.ts";
import type { OnProgress } from "../circuits/progress.ts";
import { readR1cs } from "../circuits/r1cs.ts";
import { verifyKey } from "../circuits/verify.ts";
import { hashOf, publish, quoted, requireFile, requireFolderOf, writeWhole } from "./files.ts";
import { type Beacon, type Contribution, readContributions } from "./key.ts";
import { obtainPhase1, type Phase1, type Phase1Source, publishedUrl } from "./phase1.ts";
import {
  checkKey,
  continues,
  digestOf,
  isSame,
  newTranscript,
  readTranscript,
  requireFinished,
  requirePeople,
  type Transcript,
  transcriptFile,
  transcriptText,
} from "./transcript.ts";

const BEACON_NAME = "a beacon";
// snarkjs cuts longer names.
const LONGEST_NAME = 64;

/** What a contributor publishes: the hash of the contribution, and of the transcript up to it. */
export type Added = { hash: string; digest: string };

/**
 * Starts phase 2 of an instance. The key is for contributors only: anybody can forge proofs for it. Repeats give the same
 * files.
 */
export async function start(
  instance: Instance,
  source: Phase1Source,
  to: string,
  onProgress: OnProgress,
): Promise<Transcript> {
  checkTarget(to);
  const phase1 = await obtainPhase1(source, onProgress);
  return await inBuildFolder(async (folder) => {
    const { r1cs, zkey } = await makeInitialKey(instance, phase1, folder, onProgress);
    const transcript = newTranscript({
      circuit: instance.name,
      r1cs: await hashOf(r1cs, "sha256"),
      phase1: { file: phase1.file, blake2b: phase1.blake2b },
      key: await hashOf(zkey, "sha256"),
    });
    if (!existsSync(to)) await writeWhole(to, (partial) => copyFileSync(zkey, partial));
    else if ((await hashOf(to, "sha256")) !== transcript.key)
      throw new CircuitError(`${to} exists already and is another file: choose another name.`);
    await writeTranscript(transcript, to);
    return transcript;
  });
}

/** Compiles the circuit and computes its key before all contributions. It is the same for everybody. */
async function makeInitialKey(
  instance: Instance,
  { path, file }: Phase1,
  folder: string,
  onProgress: OnProgress,
): Promise<{ r1cs: string; zkey: string }> {
  const { name } = instance;
  onProgress(`${name}: compile`);
  await compile(instance, folder);
  const { r1cs } = builtFiles(name, folder);
  const [found, needed] = [readLog2Size(path), log2Phase1Size(readR1cs(r1cs))];
  if (found < needed) {
    const url = publishedUrl(needed);
    throw new CircuitError(
      `${file} has 2^${found} powers, and ${name} needs 2^${needed}${url ? `, such as ${url}` : ""}.`,
    );
  }
  const zkey = join(folder, `${name}.initial.zkey`);
  const log = progressLog(`${name}: the key before all contributions`, onProgress);
  await zKey.newZKey(r1cs, path, zkey, log);
  return { r1cs, zkey };
}

/** Adds secret randomness to a key and forgets it. Repeats change nothing. */
export async function contribute(
  from: string,
  to: string,
  name: string,
  onProgress: OnProgress,
): Promise<Added> {
  if (name.trim() !== name || !/^\P{C}+$/u.test(name) || name.length > LONGEST_NAME)
    throw new CircuitError(`A name has 1 to ${LONGEST_NAME} visible characters; got ${quoted(name)}.`);
  const log = progressLog(`contribution of ${quoted(name)}`, onProgress);
  return await extend(from, to, { name }, (partial) =>
    zKey.contribute(from, partial, name, randomBytes(64).toString("hex"), log),
  );
}

/** Adds the last contribution: a value published after all others, such as a block hash. Repeats change nothing. */
export async function applyBeacon(
  from: string,
  to: string,
  { hash, iterationsExp }: Beacon,
  onProgress: OnProgress,
): Promise<Added> {
  if (!/^([0-9a-f]{2}){1,255}$/i.test(hash)) {
    throw new CircuitError(`A beacon is 1 to 255 bytes in hexadecimal, without 0x; got "${hash}".`);
  }
  if (!Number.isInteger(iterationsExp) || iterationsExp < 10 || iterationsExp > 63) {
    throw new CircuitError(`A beacon's iterations are 10 to 63, for 2^10 to 2^63; got ${iterationsExp}.`);
  }
  const beacon = { hash: hash.toLowerCase(), iterationsExp };
  const log = progressLog(`beacon, 2^${iterationsExp} times SHA-256`, onProgress);
  return await extend(from, to, { name: BEACON_NAME, beacon }, (partial) =>
    zKey.beacon(from, partial, BEACON_NAME, beacon.hash, iterationsExp, log),
  );
}

type Addition = Omit<Contribution, "hash">;

async function extend(
  from: string,
  to: string,
  addition: Addition,
  write: (partial: string) => Promise<unknown>,
): Promise<Added> {
  const before = await readState(from);
  checkTarget(to);
  if (before.contributions.at(-1)?.beacon)
    throw new CircuitError(`${from} has its beacon: the ceremony is over.`);
  if (addition.beacon) requirePeople(from, before.contributions);
  if (!existsSync(to)) await writeWhole(to, write);
  const last = requireExtension(from, before.contributions, to, addition);
  const step = { ...last, before: await hashOf(from, "sha256"), after: await hashOf(to, "sha256") };
  const transcript = { ...before, contributions: [...before.contributions, step] };
  await writeTranscript(transcript, to);
  return { hash: last.hash, digest: digestOf(transcript) };
}

/** Reads a key's transcript and compares the two. */
async function readState(zkey: string): Promise<Transcript> {
  requireKey(zkey);
  const file = transcriptFile(zkey);
  const transcript = readTranscript(file);
  await checkKey(zkey, transcript, file);
  return transcript;
}

/** A key that exists already must be this step's result: an interrupted step is repeated safely, and nothing gets lost. */
function requireExtension(
  from: string,
  before: readonly Contribution[],
  to: string,
  addition: Addition,
): Contribution {
  const after = readContributions(to);
  const last = after.at(-1);
  const isOne = after.length === before.length + 1 && before.every((one, i) => isSame(one, after[i]));
  if (last && isOne && isSame({ ...addition, hash: last.hash }, last)) return last;
  throw new CircuitError(
    `${to} exists already and is not ${from} with the contribution of ${quoted(addition.name)}: choose another name.`,
  );
}

async function writeTranscript(transcript: Transcript, zkey: string): Promise<void> {
  const file = transcriptFile(zkey);
  const text = transcriptText(transcript);
  if (!existsSync(file)) await writeWhole(file, (partial) => writeFileSync(partial, text));
  else if (readFileSync(file, "utf8") !== text)
    throw new CircuitError(
      `${file} exists already and is another transcript: choose another name for the key.`,
    );
}

export type VerifyOptions = {
  /** @default the file beside the key */
  transcript?: string;
  /** The hash of a contribution, or of the transcript up to it: one of the key's contributions must have it. */
  own?: string;
  /** A transcript kept from an earlier step: the key's must continue it. */
  earlier?: string;
  /** @default the circuit that the transcript names */
  instance?: Instance;
};

/**
 * Computes the first key again from circuit and phase 1, and checks all contributions since, by snarkjs and against the
 * transcript.
 */
export async function verifyCeremony(
  zkey: string,
  source: Phase1Source,
  options: VerifyOptions,
  onProgress: OnProgress,
): Promise<Transcript> {
  return await inBuildFolder((folder) => verifyIn(folder, zkey, source, options, onProgress));
}

async function verifyIn(
  folder: string,
  zkey: string,
  source: Phase1Source,
  { transcript: given, own, earlier, instance: named }: VerifyOptions,
  onProgress: OnProgress,
): Promise<Transcript> {
  requireKey(zkey);
  const file = given ?? transcriptFile(zkey);
  const transcript = readTranscript(file);
  await checkKey(zkey, transcript, file);
  checkOwn(zkey, transcript, own);
  checkEarlier(zkey, transcript, earlier);
  const instance = named ?? findInstances([transcript.circuit])[0];
  if (!instance) throw new CircuitError(`There is no circuit ${transcript.circuit}.`);
  const phase1 = await obtainPhase1(source, onProgress);
  if (phase1.blake2b !== transcript.phase1.blake2b)
    throw new CircuitError(
      `${file} is for the phase 1 ${transcript.phase1.file} with BLAKE2b hash ${transcript.phase1.blake2b}, not for ${phase1.file}.`,
    );
  const { r1cs, zkey: initial } = await makeInitialKey(instance, phase1, folder, onProgress);
  const compiled = await hashOf(r1cs, "sha256");
  if (compiled !== transcript.r1cs)
    throw new CircuitError(
      `${file} is for another source of ${transcript.circuit}: its r1cs has the SHA-256 ${transcript.r1cs}, here it is ${compiled}.`,
    );
  if ((await hashOf(initial, "sha256")) !== transcript.key)
    throw new CircuitError(`${file} begins with another key than this circuit and phase 1 give.`);
  const log = progressLog(`${transcript.circuit}: all contributions`, onProgress);
  await verifyKey(initial, phase1.path, zkey, log);
  rmSync(initial);
  return transcript;
}

function checkOwn(zkey: string, transcript: Transcript, own: string | undefined): void {
  if (own === undefined) return;
  const wanted = own.toLowerCase();
  const isIn = transcript.contributions.some(
    ({ hash }, i) => hash === wanted || digestOf(transcript, i + 1) === wanted,
  );
  if (!isIn) throw new CircuitError(`${zkey} has no contribution ${own}: it was left out.`);
}

function checkEarlier(zkey: string, transcript: Transcript, file: string | undefined): void {
  if (file === undefined || continues(transcript, readTranscript(file))) return;
  throw new CircuitError(
    `The history of ${zkey} does not continue ${file}: contributions were lost or changed.`,
  );
}

/**
 * Verifies a key and writes artifacts, verification key, verifier, manifest and transcript for production into a new
 * folder. Repeats change nothing.
 */
export async function finish(
  zkey: string,
  source: Phase1Source,
  to: string,
  options: VerifyOptions,
  onProgress: OnProgress,
): Promise<Transcript> {
  requireFolderOf(to);
  requireKey(zkey);
  requireFinished(zkey, readTranscript(options.transcript ?? transcriptFile(zkey)).contributions);
  return await inBuildFolder(async (folder) => {
    const transcript = await verifyIn(folder, zkey, source, options, onProgress);
    const { circuit, phase1, contributions } = transcript;
    const beacon = requireFinished(zkey, contributions);
    const instance = options.instance ?? findInstances([circuit])[0];
    if (!instance) throw new CircuitError(`There is no circuit ${circuit}.`);
    copyFileSync(zkey, builtFiles(circuit, folder, "ceremony").zkey);
    const origin: Origin = {
      setup: "ceremony",
      phase1: { ptau: phase1.file, blake2b: phase1.blake2b },
      phase2: {
        beacon: beacon.hash,
        iterationsExp: beacon.iterationsExp,
        contributions: contributions.map(describe),
        transcript: digestOf(transcript),
      },
    };
    onProgress(`${circuit}: export the verification key and the verifier`);
    const instances = { [circuit]: await exportKey(instance, folder, origin) };
    const manifest: Manifest = { versions: toolVersions(), instances };
    writeFileSync(join(folder, "manifest.json"), manifestText(manifest));
    writeFileSync(join(folder, committedNames(circuit, "ceremony").transcript), transcriptText(transcript));
    publishFolder(folder, to);
    return transcript;
  });
}

/** `contribution #1 "Alice": HASH` */
export function describe({ name, hash }: Contribution, index: number): string {
  return `contribution #${index + 1} ${quoted(name)}: ${hash}`;
}

/** Gives all files of a folder their final place at once. */
function publishFolder(from: string, to: string): void {
  if (existsSync(to)) {
    if (isSameFolder(from, to)) return;
    throw new CircuitError(`${to} exists already with other content: choose another name.`);
  }
  const partial = mkdtempSync(join(dirname(resolve(to)), ".finish-"));
  try {
    for (const name of readdirSync(from)) {
      cpSync(join(from, name), join(partial, `${name}.partial`));
      publish(join(partial, `${name}.partial`), join(partial, name));
    }
    publish(partial, to);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

function isSameFolder(one: string, other: string): boolean {
  const names = readdirSync(one).sort();
  if (names.join("\n") !== readdirSync(other).sort().join("\n")) return false;
  return names.every((name) => readFileSync(join(one, name)).equals(readFileSync(join(other, name))));
}

function requireKey(zkey: string): void {
  if (!zkey.endsWith(".zkey")) throw new CircuitError(`${zkey} is not a zkey file.`);
  requireFile(zkey);
}

function checkTarget(to: string): void {
  if (!to.endsWith(".zkey")) throw new CircuitError(`The name of a key ends with .zkey; got ${to}.`);
  requireFolderOf(to);
}

/** snarkjs tells its progress in debug messages. */
function progressLog(step: string, onProgress: OnProgress): Log {
  onProgress(step);
  return createLog((detail) => onProgress(step, detail));
}
