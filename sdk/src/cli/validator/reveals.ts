import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { homedir, platform } from "node:os";
import { join } from "node:path";
import { hexlify, isHexString, randomBytes } from "ethers";
import { addressOf, type Client } from "../../client.ts";
import type { Address, Hex } from "../../core/abi.ts";
import { type WeightsReveal, weightsCommitment } from "../../subnets/weights.ts";
import { CommandError } from "../errors.ts";
import { type Options, text, type Values } from "../options.ts";

export const FOLDER: Options = {
  folder: { value: "DIR", about: "where reveals are stored; default: ~/.benefit-grid/validator" },
};

/** Whose weights, and of which epoch. */
export type Place = { readonly subnetId: bigint; readonly epoch: bigint; readonly validator: Address };

/** A stored reveal. */
export type Stored = { readonly file: string; readonly reveal: WeightsReveal; readonly commitment: Hex };

const FORMAT = "benefit-grid/reveal/1";

export function folderIn(values: Values): string {
  return text(values, "folder") ?? join(homedir(), ".benefit-grid", "validator");
}

/** Files of a place begin with this. */
function prefixOf(client: Client, { subnetId, epoch, validator }: Place): string {
  const hub = addressOf(client, "SubnetHub").slice(2, 10).toLowerCase();
  return `${client.chainId}-${hub}-${subnetId}-${epoch}-${validator.toLowerCase()}-`;
}

/** All reveals stored for an epoch. Only one of them is of the validator's newest commitment. */
export function storedReveals(client: Client, folder: string, place: Place): Stored[] {
  const prefix = prefixOf(client, place);
  return namesIn(folder)
    .filter((name) => name.startsWith(prefix) && name.endsWith(".json"))
    .map((name) => {
      const file = join(folder, name);
      const reveal = readReveal(file, place.subnetId);
      return { file, reveal, commitment: weightsCommitment(client, { ...reveal, ...place }) };
    });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function readReveal(file: string, subnetId: bigint): WeightsReveal {
  try {
    const { format, weights, evidenceHash, uri, salt } = JSON.parse(readFileSync(file, "utf8"));
    const isWeights = Array.isArray(weights) && weights.every((one) => Number.isInteger(one) && one >= 0);
    const isRest = isHexString(evidenceHash, 32) && typeof uri === "string" && isHexString(salt, 32);
    if (format === FORMAT && isWeights && isRest)
      return { subnetId, weights: weights.map(BigInt), evidenceHash, uri, salt } as WeightsReveal;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new CommandError(`${file} is not a reveal by benefit-grid validator. Restore it from a backup.`);
}

/** Stores a reveal under a new name, with a new salt. It is on the disk when this returns. */
export function storeReveal(
  client: Client,
  folder: string,
  place: Place,
  weights: Omit<WeightsReveal, "salt" | "subnetId">,
): Stored {
  const salt = hexlify(randomBytes(32)) as Hex;
  const reveal = { ...weights, subnetId: place.subnetId, salt };
  const commitment = weightsCommitment(client, { ...reveal, ...place });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${prefixOf(client, place)}${commitment.slice(2, 18)}.json`);
  const { evidenceHash, uri } = reveal;
  const content = { format: FORMAT, weights: reveal.weights.map(Number), evidenceHash, uri, salt };
  writeNew(folder, file, `${JSON.stringify(content)}\n`);
  return { file, reveal, commitment };
}

/** Writes a file that is complete or absent after a crash. Others may not read the salt. */
function writeNew(folder: string, file: string, content: string): void {
  const temporary = `${file}.${hexlify(randomBytes(4)).slice(2)}.tmp`;
  const descriptor = openSync(temporary, "wx", 0o600);
  try {
    writeSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, file);
  syncFolder(folder);
}

/** The name of a new file is safe only after this. Windows has no such call. */
function syncFolder(folder: string): void {
  if (platform() === "win32") return;
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
