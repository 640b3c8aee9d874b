import { createHash, randomBytes } from "node:crypto";
import { copyFileSync, cpSync, createReadStream, existsSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { zKey } from "snarkjs";
import { exportKey, inBuildFolder } from "./build.ts";
import { compile } from "./compile.ts";
import { CircuitError } from "./errors.ts";
import { builtFiles, type Instance } from "./instances.ts";
import { type Manifest, manifestText, type Origin, toolVersions } from "./manifest.ts";
import { isPublicPhase1, log2Phase1Size, readLog2Size } from "./phase1.ts";
import { readR1cs } from "./r1cs.ts";
import { type Contribution, verifyKey } from "./verify.ts";

/** A published result of phase 1 and its published BLAKE2b-512 hash. */
export type Phase1 = { ptau: string; blake2b: string };

type Beacon = NonNullable<Contribution["beacon"]>;

// One honest contributor is enough, but others cannot know who is honest.
const LEAST_CONTRIBUTIONS = 2;

/** Starts phase 2 of an instance. The key is for contributors only: anybody can forge proofs for it. */
export async function start(instance: Instance, phase1: Phase1, to: string): Promise<void> {
  await checkPhase1(phase1);
  claim(to);
  await inBuildFolder(async (folder) => {
    await compile(instance, folder);
    const { r1cs, zkey } = builtFiles(instance.name, folder, "ceremony");
    const [found, needed] = [readLog2Size(phase1.ptau), log2Phase1Size(readR1cs(r1cs))];
    if (found < needed) {
      throw new CircuitError(`${phase1.ptau} has 2^${found} powers, and ${instance.name} needs 2^${needed}.`);
    }
    await zKey.newZKey(r1cs, phase1.ptau, zkey);
    copyFileSync(zkey, to);
  });
}

/** Adds secret randomness to a key and forgets it. @returns the hash of the contribution */
export async function contribute(from: string, to: string, name: string): Promise<string> {
  requireFile(from);
  claim(to);
  const hash = await zKey.contribute(from, to, name, randomBytes(64).toString("hex"));
  return Buffer.from(hash).toString("hex");
}

/** Adds the last contribution: a value published after all others, such as a block hash. @returns its hash */
export async function applyBeacon(
  from: string,
  to: string,
  { hash, iterationsExp }: Beacon,
): Promise<string> {
  if (!/^([0-9a-f]{2}){1,255}$/i.test(hash)) {
    throw new CircuitError(`A beacon is 1 to 255 bytes in hexadecimal, without 0x; got "${hash}".`);
  }
  if (!Number.isInteger(iterationsExp) || iterationsExp < 10 || iterationsExp > 63) {
    throw new CircuitError(`A beacon's iterations are 10 to 63, for 2^10 to 2^63; got ${iterationsExp}.`);
  }
  requireFile(from);
  claim(to);
  return Buffer.from(await zKey.beacon(from, to, "a beacon", hash, iterationsExp)).toString("hex");
}

/** Checks a key against circuit, phase 1 and all contributions; if `own` is given, one of them must have that hash. */
export async function verifyCeremony(
  instance: Instance,
  zkey: string,
  phase1: Phase1,
  own?: string,
): Promise<Contribution[]> {
  const contributions = await inBuildFolder((folder) => compileAndVerify(instance, zkey, phase1, folder));
  if (own === undefined || contributions.some(({ hash }) => hash === own.toLowerCase())) return contributions;
  throw new CircuitError(`${zkey} has no contribution ${own}: it was left out.`);
}

/** Checks a key and writes artifacts, verification key, verifier and manifest for production into a new folder. */
export async function finish(instance: Instance, zkey: string, phase1: Phase1, to: string): Promise<void> {
  await inBuildFolder(async (folder) => {
    const contributions = await compileAndVerify(instance, zkey, phase1, folder);
    const beacon = checkContributions(zkey, contributions);
    copyFileSync(zkey, builtFiles(instance.name, folder, "ceremony").zkey);
    const origin: Origin = {
      setup: "ceremony",
      phase1: { ptau: basename(phase1.ptau), blake2b: phase1.blake2b },
      phase2: {
        beacon: beacon.hash,
        iterationsExp: beacon.iterationsExp,
        contributions: contributions.map(({ description }) => description),
      },
    };
    const instances = { [instance.name]: await exportKey(instance, folder, origin) };
    const manifest: Manifest = { versions: toolVersions(), instances };
    writeFileSync(join(folder, "manifest.json"), manifestText(manifest));
    claim(to);
    cpSync(folder, to, { recursive: true });
  });
}

async function compileAndVerify(
  instance: Instance,
  zkey: string,
  phase1: Phase1,
  folder: string,
): Promise<Contribution[]> {
  requireFile(zkey);
  await checkPhase1(phase1);
  await compile(instance, folder);
  return await verifyKey(builtFiles(instance.name, folder).r1cs, phase1.ptau, zkey);
}

function checkContributions(zkey: string, contributions: readonly Contribution[]): Beacon {
  const people = contributions.filter(({ beacon }) => !beacon).length;
  if (people < LEAST_CONTRIBUTIONS) {
    throw new CircuitError(
      `${zkey} has ${people} contributions, and needs ${LEAST_CONTRIBUTIONS} of independent people.`,
    );
  }
  const beacon = contributions.at(-1)?.beacon;
  if (beacon) return beacon;
  throw new CircuitError(`${zkey} has no beacon after its last contribution: npm run ceremony -- beacon`);
}

async function checkPhase1({ ptau, blake2b }: Phase1): Promise<void> {
  requireFile(ptau);
  const hash = createHash("blake2b512");
  await pipeline(createReadStream(ptau), hash);
  const found = hash.digest("hex");
  if (found !== blake2b.toLowerCase())
    throw new CircuitError(`${ptau} has the BLAKE2b hash ${found}, not ${blake2b}: download it again.`);
  if (await isPublicPhase1(ptau))
    throw new CircuitError(`${ptau} is for development: its tau is publicly known. Use a published phase 1.`);
}

function requireFile(file: string): void {
  if (!existsSync(file)) throw new CircuitError(`There is no file ${file}.`);
}

/** Never overwrites a file: a lost contribution cannot be repeated. */
function claim(path: string): void {
  if (existsSync(path)) throw new CircuitError(`${path} exists already: choose another name.`);
  if (!existsSync(dirname(path))) throw new CircuitError(`There is no folder ${dirname(path)}.`);
}
