import { closeSync, existsSync, mkdtempSync, openSync, readSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildBn128 } from "ffjavascript";
import { powersOfTau } from "snarkjs";
import { CircuitError } from "./errors.ts";
import { invert, lagrangeAt, power, rootsOfUnity, SCALARS, scale } from "./field.ts";
import { createFixedBase, type FixedBase, type GroupName, POINT_BYTES } from "./fixed-base.ts";
import { log2DomainSize } from "./initial-key.ts";
import { BUILD } from "./instances.ts";
import { BEACON, BEACON_NAME, publicTau, type Tau } from "./public-tau.ts";
import type { R1cs } from "./r1cs.ts";
import { createSections, readSections } from "./sections.ts";

// The format of ptau files: see sections.ts.
const FIRST_SECTION = 12;
const SECTION_HEADER = 12;
const TAU_G1 = 2;

/**
 * The size of the phase 1 for a circuit's key: one more than the circuit needs. The file of the smallest size lacks
 * the last power of tau, so its keys would differ from the keys of all larger files.
 */
export function log2Phase1Size(r1cs: R1cs): number {
  return log2DomainSize(r1cs) + 1;
}

/** The size of a phase-1 file, from its header. */
export function readLog2Size(ptau: string): number {
  const header = Buffer.alloc(64);
  const fd = openSync(ptau, "r");
  readSync(fd, header);
  closeSync(fd);
  if (header.toString("latin1", 0, 4) !== "ptau") throw new CircuitError(`${ptau} is not a ptau file.`);
  return header.readUInt32LE(60);
}

/** Whether a phase-1 file has the tau of the development set-up: anybody can forge proofs for its keys. */
export async function isPublicPhase1(ptau: string): Promise<boolean> {
  const { tau } = await publicTau();
  const base = createFixedBase();
  try {
    return Buffer.from((await base.multiply("G1", [tau])).affine).equals(readTau(ptau));
  } finally {
    base.close();
  }
}

/** tau times the generator: the second point of the section with the powers of tau. */
function readTau(ptau: string): Buffer {
  const fd = openSync(ptau, "r");
  try {
    const read = (position: number, bytes: number): Buffer => {
      const buffer = Buffer.alloc(bytes);
      readSync(fd, buffer, 0, bytes, position);
      return buffer;
    };
    let position = FIRST_SECTION;
    while (read(position, 4).readUInt32LE() !== TAU_G1) {
      const length = Number(read(position + 4, 8).readBigUInt64LE());
      if (length === 0) throw new CircuitError(`${ptau} has no powers of tau.`);
      position += SECTION_HEADER + length;
    }
    return read(position + SECTION_HEADER + POINT_BYTES.G1, POINT_BYTES.G1);
  } finally {
    closeSync(fd);
  }
}

/**
 * The phase-1 file of the development set-up. snarkjs makes it, with the beacon as the only contribution. The slow
 * part, `snarkjs powersoftau prepare phase2`, is replaced by products with the known tau. `snarkjs powersoftau verify`
 * accepts the result.
 */
export async function ensurePhase1(log2Size: number, folder: string = BUILD): Promise<string> {
  const file = join(folder, `phase1-${log2Size}.dev-insecure.ptau`);
  if (!existsSync(file)) await makePhase1(file, log2Size, BEACON.hash);
  return file;
}

/** Makes the phase-1 file of any public beacon. */
export async function makePhase1(file: string, log2Size: number, beacon: string): Promise<void> {
  const work = mkdtempSync(join(dirname(file), "tmp-"));
  try {
    const [empty, contributed, prepared] = [
      join(work, "empty"),
      join(work, "contributed"),
      join(work, "prepared"),
    ];
    await powersOfTau.newAccumulator(await buildBn128(), log2Size, empty);
    await powersOfTau.beacon(empty, contributed, BEACON_NAME, beacon, BEACON.iterationsExp);
    await prepare(contributed, prepared, log2Size, await publicTau(beacon));
    renameSync(prepared, file);
  } finally {
    rmSync(work, { recursive: true });
  }
}

/** Adds the Lagrange polynomials at tau, of all sizes, as `snarkjs powersoftau prepare phase2` does, byte for byte. */
async function prepare(from: string, to: string, log2Size: number, { tau, alpha, beta }: Tau): Promise<void> {
  const base = createFixedBase();
  const sizes = Array.from({ length: log2Size + 1 }, (_, i) => i);
  const points = async (group: GroupName, factor: bigint): Promise<Uint8Array[]> => {
    const parts: Uint8Array[] = [];
    for (const size of sizes) parts.push(await multiply(base, group, scale(lagrangeAt(tau, size), factor)));
    return parts;
  };
  try {
    const ptau = createSections(to, "ptau", 11);
    for (const [id, section] of readSections(from, "ptau")) ptau.section(id, section);
    const largest = await multiply(base, "G1", withoutHighestPower(tau, log2Size + 1));
    ptau.section(12, ...(await points("G1", 1n)), largest);
    ptau.section(13, ...(await points("G2", 1n)));
    ptau.section(14, ...(await points("G1", alpha)));
    ptau.section(15, ...(await points("G1", beta)));
    ptau.close();
  } finally {
    base.close();
  }
}

async function multiply(base: FixedBase, group: GroupName, scalars: bigint[]): Promise<Uint8Array> {
  return (await base.multiply(group, scalars)).affine;
}

/**
 * A domain of twice the size needs one power of tau more than phase 1 has, and snarkjs uses 0 for it. So the term of
 * this power, with the highest coefficient w / n of each polynomial, is subtracted.
 */
function withoutHighestPower(tau: bigint, log2Size: number): bigint[] {
  const roots = rootsOfUnity(log2Size);
  const size = BigInt(roots.length);
  const highest = (power(tau, size - 1n) * invert(size)) % SCALARS;
  return lagrangeAt(tau, log2Size).map(
    (value, i) => (value + (SCALARS - (roots[i] ?? 0n)) * highest) % SCALARS,
  );
}
