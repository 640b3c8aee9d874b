import { getAddress, isAddress, isHexString } from "ethers";
import { InvalidParameterError } from "../errors.ts";
import type { Address, AddressInput, Hex } from "./abi.ts";

/** Callers without TypeScript may forget a value, or pass one of another type. */
export function checkObject<T>(name: string, value: T): T {
  if (typeof value === "object" && value !== null) return value;
  throw new InvalidParameterError(name, problemOf(value, "an object"), "Pass an object with named values");
}

export function checkParameters<P>(parameters: P): P {
  return checkObject("parameters", parameters);
}

export function checkList<T>(name: string, values: readonly T[]): readonly T[] {
  if (Array.isArray(values)) return values;
  throw new InvalidParameterError(name, problemOf(values, "a list"), "Pass an array");
}

function problemOf(value: unknown, expected: string): string {
  return value === undefined ? "is missing" : `is ${String(value)}, not ${expected}`;
}

/** A whole number from `minimum` to 2^bits - 1. */
export function checkUint(name: string, value: bigint, bits: number, minimum = 0n): bigint {
  if (typeof value !== "bigint") {
    throw new InvalidParameterError(
      name,
      `is ${String(value)}, not a bigint`,
      "Pass a bigint: `1n` or `BigInt(value)`",
    );
  }
  if (value < minimum || value >> BigInt(bits) !== 0n) {
    const range = `from ${minimum} to 2^${bits} - 1`;
    throw new InvalidParameterError(name, `is ${value}, out of range`, `Pass a whole number ${range}`);
  }
  return value;
}

/** Order of the scalar field of BN254. Circuits calculate in this field. */
export const FIELD = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

/** A number below {@link FIELD}. */
export function checkField(name: string, value: bigint): bigint {
  checkUint(name, value, 254);
  if (value < FIELD) return value;
  throw new InvalidParameterError(name, `is ${value}, out of range`, `Pass a number below ${FIELD}`);
}

export function checkAddress(name: string, value: AddressInput): Address {
  if (!isAddress(value)) {
    const problem = `is ${String(value)}, not an address with a correct checksum`;
    throw new InvalidParameterError(
      name,
      problem,
      "Pass 20 bytes in hex, in lower case or with the right checksum",
    );
  }
  return getAddress(value) as Address;
}

/** Bytes in hex, optionally of a fixed length. */
export function checkHex(name: string, value: Hex, length?: number): Hex {
  if (!isHexString(value, length ?? true)) {
    const expected = length === undefined ? "whole bytes" : `${length} bytes`;
    throw new InvalidParameterError(
      name,
      `is ${String(value)}, not ${expected} in hex`,
      "Pass 0x and two hex digits a byte",
    );
  }
  return value;
}

export function checkNotEmpty<T>(name: string, values: readonly T[]): readonly T[] {
  if (checkList(name, values).length === 0)
    throw new InvalidParameterError(name, "is empty", "Pass at least one element");
  return values;
}

/** The index of a value in a list of names. */
export function checkOneOf(name: string, value: string, values: readonly string[]): bigint {
  const index = values.indexOf(value);
  if (index === -1) {
    throw new InvalidParameterError(name, `is ${String(value)}`, `Pass one of ${values.join(", ")}`);
  }
  return BigInt(index);
}

export function checkBoolean(name: string, value: boolean): boolean {
  if (typeof value === "boolean") return value;
  throw new InvalidParameterError(name, `is ${String(value)}`, "Pass true or false");
}

/** A small number, such as a limit: not an amount. */
export function checkCount(name: string, value: number, minimum: number): number {
  if (!Number.isSafeInteger(value) || value < minimum) {
    throw new InvalidParameterError(name, `is ${String(value)}`, `Pass a whole number from ${minimum}`);
  }
  return value;
}
