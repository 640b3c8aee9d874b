import { isHexString, toBeHex } from "ethers";
import { poseidon2 } from "poseidon-lite/poseidon2";
import type { Hex } from "../core/abi.ts";
import { checkField, checkObject, checkUint, FIELD } from "../core/check.ts";
import type { Poseidon2 } from "./poseidon.ts";

/** The content of a private usage word, besides the license id. */
export type Opening = {
  /** Metered units used so far. */
  readonly units: bigint;
  /** Contexts used so far, one bit each, see `encodeContexts`. */
  readonly contexts: bigint;
  /** Hides the other numbers. They are small, so without a salt anyone could guess them. */
  readonly salt: bigint;
};

/** The opening of a license before its first settlement. */
export const NOTHING: Opening = { units: 0n, contexts: 0n, salt: 0n };

/** Checks an opening and drops all other fields. */
export function checkOpening(name: string, opening: Opening): Opening {
  const { units, contexts, salt } = checkObject(name, opening);
  return {
    units: checkUint(`${name}.units`, units, 64),
    contexts: checkUint(`${name}.contexts`, contexts, 32),
    salt: checkField(`${name}.salt`, salt),
  };
}

/** The usage word of an opening. */
export function usageOf(name: string, licenseId: bigint, opening: Opening): Hex {
  checkUint(`${name}.licenseId`, licenseId, 64, 1n);
  return toBeHex(commitmentOf(licenseId, checkOpening(name, opening), poseidon2), 32) as Hex;
}

/**
 * Whether an opening belongs to a usage word. False for numbers out of range, even if they hash alike.
 *
 * @param hash - `manyPoseidon2` for many openings
 */
export function isOpening(
  usage: Hex,
  licenseId: bigint,
  opening: Opening,
  hash: Poseidon2 = poseidon2,
): boolean {
  const { units, contexts, salt } = opening;
  const isInRange =
    isBelow(licenseId, 1n << 64n) &&
    isBelow(units, 1n << 64n) &&
    isBelow(contexts, 1n << 32n) &&
    isBelow(salt, FIELD);
  if (!isInRange || !isHexString(usage, 32)) return false;
  return BigInt(usage) === commitmentOf(licenseId, opening, hash);
}

/** Units are the highest part of the packed word: the circuit relies on it. */
function commitmentOf(licenseId: bigint, { units, contexts, salt }: Opening, hash: Poseidon2): bigint {
  return hash([licenseId + (contexts << 64n) + (units << 96n), salt]);
}

function isBelow(value: bigint, limit: bigint): boolean {
  return typeof value === "bigint" && value >= 0n && value < limit;
}
