import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { CircuitError } from "../circuits/errors.ts";
import { hashOf, quoted, requireFile } from "./files.ts";
import { type Beacon, type Contribution, readContributions } from "./key.ts";

const FORMAT = "Benefit Grid ceremony, version 1";

/** A contribution, and the SHA-256 of the key before and after it. */
export type Step = Contribution & { before: string; after: string };

/** The history of a key. Each step of a ceremony adds to it. */
export type Transcript = {
  format: typeof FORMAT;
  circuit: string;
  /** SHA-256 of the compiled circuit. */
  r1cs: string;
  phase1: { file: string; blake2b: string };
  /** SHA-256 of the key before all contributions. Anybody can compute it again. */
  key: string;
  contributions: Step[];
};

/** One honest contributor is enough, but others cannot know who is honest. */
export const LEAST_CONTRIBUTIONS = 2;

export function newTranscript(start: Omit<Transcript, "format" | "contributions">): Transcript {
  return { format: FORMAT, ...start, contributions: [] };
}

/** The only text of a transcript: the same content has the same bytes. */
export function transcriptText({ circuit, r1cs, phase1, key, contributions }: Transcript): string {
  const ordered = {
    format: FORMAT,
    circuit,
    r1cs,
    phase1: { file: phase1.file, blake2b: phase1.blake2b },
    key,
    contributions: contributions.map(({ name, hash, before, after, beacon }) => ({
      name,
      hash,
      before,
      after,
      ...(beacon && { beacon: { hash: beacon.hash, iterationsExp: beacon.iterationsExp } }),
    })),
  };
  return `${JSON.stringify(ordered, null, 2)}\n`;
}

/** The SHA-256 of a transcript's text. It covers everything up to its last contribution, names too. */
export function digestOf(transcript: Transcript, contributions = transcript.contributions.length): string {
  const part = { ...transcript, contributions: transcript.contributions.slice(0, contributions) };
  return createHash("sha256").update(transcriptText(part)).digest("hex");
}

/** `1.transcript.json` for `1.zkey`. */
export function transcriptFile(zkey: string): string {
  return zkey.replace(/\.zkey$/, ".transcript.json");
}

/** @throws {CircuitError} unless the text is exactly what a ceremony writes */
export function readTranscript(file: string): Transcript {
  requireFile(file, "Get it with its key.");
  return parseTranscript(readFileSync(file, "utf8"), file);
}

export function parseTranscript(text: string, file: string): Transcript {
  const refuse = (problem: string): never => {
    throw new CircuitError(`${file} is no transcript of a ceremony: ${problem}. Get it again.`);
  };
  let transcript: Transcript;
  try {
    transcript = JSON.parse(text);
  } catch {
    return refuse("it is not JSON");
  }
  if (transcript?.format !== FORMAT) return refuse(`its format is not "${FORMAT}"`);
  const problem = problemOf(transcript);
  if (problem) return refuse(problem);
  // An edited file has other spaces, fields or an order of its own.
  return transcriptText(transcript) === text ? transcript : refuse("it was changed by hand");
}

function problemOf({ circuit, r1cs, phase1, key, contributions }: Transcript): string | undefined {
  if (typeof circuit !== "string") return "it names no circuit";
  if (!isHex(r1cs, 64) || !isHex(key, 64)) return "r1cs and key are not SHA-256 hashes";
  if (typeof phase1?.file !== "string" || !isHex(phase1.blake2b, 128)) return "phase1 has no BLAKE2b hash";
  if (!Array.isArray(contributions)) return "it has no list of contributions";
  let last = key;
  for (const [i, step] of contributions.entries()) {
    const where = `contribution ${i + 1}`;
    if (typeof step?.name !== "string" || !isHex(step.hash, 128)) return `${where} has no name or no hash`;
    if (!isHex(step.before, 64) || !isHex(step.after, 64)) return `${where} has no hashes of keys`;
    if (step.before !== last) return `${where} begins with another key than the one before it`;
    if (step.beacon !== undefined && !isBeacon(step.beacon)) return `${where} has no valid beacon`;
    if (step.beacon && i < contributions.length - 1)
      return `${where} follows the beacon`.replace(`${i + 1}`, `${i + 2}`);
    last = step.after;
  }
  return undefined;
}

function isHex(value: unknown, digits: number): boolean {
  return typeof value === "string" && value.length === digits && /^[0-9a-f]+$/.test(value);
}

function isBeacon({ hash, iterationsExp }: Beacon): boolean {
  return typeof hash === "string" && /^([0-9a-f]{2})+$/.test(hash) && Number.isInteger(iterationsExp);
}

/**
 * Checks that a key is the one after a transcript's last contribution, with exactly its contributions.
 *
 * @throws {CircuitError} for an older or a foreign key, and for a transcript that says something else than its key
 */
export async function checkKey(zkey: string, transcript: Transcript, file: string): Promise<void> {
  const found = readContributions(zkey);
  const hash = await hashOf(zkey, "sha256");
  const { key, contributions } = transcript;
  const states = [key, ...contributions.map(({ after }) => after)];
  const place = states.lastIndexOf(hash);
  if (place < 0)
    throw new CircuitError(
      `${zkey} is not the key of ${file}: its SHA-256 is ${hash}, not ${states.at(-1)}. Get both again.`,
    );
  if (place < contributions.length)
    throw new CircuitError(
      `${zkey} is the key after ${place} contributions, but ${file} has ${contributions.length}: take the newest key.`,
    );
  if (found.length !== contributions.length)
    throw new CircuitError(
      `${zkey} has ${found.length} contributions, but ${file} has ${contributions.length}.`,
    );
  for (const [i, step] of contributions.entries()) {
    if (!isSame(step, found[i]))
      throw new CircuitError(
        `${file} says that contribution ${i + 1} is ${shown(step)}, but ${zkey} has ${shown(found[i] ?? step)} there.`,
      );
  }
}

export function isSame(a: Contribution, b: Contribution | undefined): boolean {
  return (
    a.name === b?.name &&
    a.hash === b.hash &&
    a.beacon?.hash === b.beacon?.hash &&
    a.beacon?.iterationsExp === b.beacon?.iterationsExp
  );
}

function shown({ name, hash }: Contribution): string {
  return `${quoted(name)} with hash ${hash}`;
}

/** Whether `later` is `earlier` with more contributions, or the same. */
export function continues(later: Transcript, earlier: Transcript): boolean {
  return digestOf(later, earlier.contributions.length) === digestOf(earlier);
}

/** The last contribution of a finished ceremony. @throws {CircuitError} without enough people or a beacon */
export function requireFinished(zkey: string, contributions: readonly Contribution[]): Beacon {
  requirePeople(zkey, contributions);
  const beacon = contributions.at(-1)?.beacon;
  if (beacon) return beacon;
  throw new CircuitError(`${zkey} has no beacon after its last contribution: npm run ceremony -- beacon`);
}

/** @throws {CircuitError} without enough contributions of people with different names */
export function requirePeople(zkey: string, contributions: readonly Contribution[]): void {
  const people = new Set(contributions.filter(({ beacon }) => !beacon).map(({ name }) => name)).size;
  if (people >= LEAST_CONTRIBUTIONS) return;
  throw new CircuitError(
    `${zkey} has contributions of ${people} people, and needs ${LEAST_CONTRIBUTIONS} independent ones.`,
  );
}
