import canonicalize from "canonicalize";
import { isAddress, keccak256, toUtf8Bytes } from "ethers";
import type { Hex } from "../../core/abi.ts";
import { shown } from "./check.ts";
import { DocumentError, type DocumentName } from "./errors.ts";

/** Most characters of a document. Evidence on 64 miners takes about 26,000. */
const MAX_LENGTH = 1_048_576;

type Problem = { readonly pointer: string; readonly problem: string; readonly advice: string };

/** The first problem of a JSON value, if it has one. */
export type Check = (value: unknown, pointer: string) => Problem | undefined;

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object with these members. Unknown ones are refused. */
export function object(
  needed: Readonly<Record<string, Check>>,
  optional: Readonly<Record<string, Check>> = {},
): Check {
  const known = new Map(Object.entries({ ...needed, ...optional }));
  const advice = `Remove it. Known members are ${[...known.keys()].join(", ")}`;
  return (value, pointer) => {
    if (!isObject(value)) return problemOf(value, pointer, "an object", "Write it in braces");
    const stranger = Object.keys(value).find((name) => !known.has(name));
    if (stranger !== undefined)
      return { pointer: pointerTo(pointer, stranger), problem: "is unknown", advice };
    return firstOf(known, ([name, check]) =>
      Object.hasOwn(needed, name) || Object.hasOwn(value, name)
        ? check(value[name], pointerTo(pointer, name))
        : undefined,
    );
  };
}

/** A list with an element or more. */
export function list(check: Check): Check {
  return (value, pointer) =>
    Array.isArray(value) && value.length > 0
      ? firstOf(value.entries(), ([i, one]) => check(one, `${pointer}/${i}`))
      : problemOf(value, pointer, "a list with an element", "Write a list in brackets");
}

/** An object whose members have any names of this form. */
export function record(form: RegExp, check: Check): Check {
  const advice = `Use a name that matches ${form.source}`;
  return (value, pointer) => {
    if (!isObject(value)) return problemOf(value, pointer, "an object", "Write it in braces");
    return firstOf(Object.entries(value), ([name, one]) => {
      const at = pointerTo(pointer, name);
      return form.test(name) ? check(one, at) : { pointer: at, problem: "has an invalid name", advice };
    });
  };
}

export function oneOf(values: readonly string[]): Check {
  const advice = `Write ${values.map((one) => JSON.stringify(one)).join(" or ")}`;
  return (value, pointer) =>
    values.includes(value as string) ? undefined : problemOf(value, pointer, "a known word", advice);
}

/** A whole number of the chain, as text: JSON's numbers are exact up to 2^53 only. */
export function whole(bits: number, minimum = 0n): Check {
  const isWhole = (value: unknown) =>
    typeof value === "string" &&
    /^(0|[1-9]\d{0,77})$/.test(value) &&
    BigInt(value) >= minimum &&
    BigInt(value) >> BigInt(bits) === 0n;
  const range = `a whole number from ${minimum} to 2^${bits} - 1 as text`;
  return (value, pointer) =>
    isWhole(value) ? undefined : problemOf(value, pointer, range, 'Write "1", or pass the bigint 1n');
}

function matching(form: RegExp, expected: string, advice: string): Check {
  return (value, pointer) =>
    typeof value === "string" && form.test(value) ? undefined : problemOf(value, pointer, expected, advice);
}

export const address = matching(
  /^0x[0-9a-f]{40}$/,
  "an address with a correct checksum",
  "Write 0x and 40 hex digits, in lower case in JSON",
);
export const hash = matching(
  /^0x[0-9a-f]{64}$/,
  "a hash of 32 bytes",
  "Write 0x and 64 hex digits, in lower case in JSON",
);
export const finite: Check = (value, pointer) =>
  Number.isFinite(value) ? undefined : problemOf(value, pointer, "a finite number", "Write a number");

/** A version of a capsule. */
export const dataset = object({ capsuleId: whole(64, 1n), version: whole(32, 1n) });

function firstOf<T>(list: Iterable<T>, check: (one: T) => Problem | undefined): Problem | undefined {
  for (const one of list) {
    const problem = check(one);
    if (problem) return problem;
  }
  return undefined;
}

function pointerTo(pointer: string, name: string): string {
  return `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function problemOf(value: unknown, pointer: string, expected: string, advice: string): Problem {
  if (value === undefined) return { pointer, problem: "is missing", advice };
  return { pointer, problem: `is ${shown(value)}, not ${expected}`, advice };
}

/** Canonical JSON (RFC 8785): the same content always has the same text. */
export function formatDocument(name: DocumentName, check: Check, content: unknown): string {
  const json = jsonOf(content);
  refuse(name, check(json, ""));
  return canonicalize(json) as string;
}

/** keccak256 of the UTF-8 text. */
export function hashText(text: string): Hex {
  return keccak256(toUtf8Bytes(text)) as Hex;
}

/** The value of a canonical text. Another text of the same content has another hash, so it is refused. */
export function parseDocument(name: DocumentName, check: Check, text: string): unknown {
  if (typeof text !== "string" || text.length > MAX_LENGTH)
    throw new DocumentError(name, "", `is no text of at most ${MAX_LENGTH} characters`, "Pass its text");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new DocumentError(name, "", `is not JSON: ${(error as Error).message}`, "Get the whole text");
  }
  refuse(name, check(json, ""));
  if (canonicalize(json) === text) return json;
  throw new DocumentError(name, "", "is not in canonical form (RFC 8785)", "Get the text that was hashed");
}

function refuse(name: DocumentName, found: Problem | undefined): void {
  if (found) throw new DocumentError(name, found.pointer, found.problem, found.advice);
}

/** The chain's numbers as text, addresses and hashes in lower case. */
function jsonOf(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "string")
    return isAddress(value) || /^0x[0-9a-f]{64}$/i.test(value) ? value.toLowerCase() : value;
  if (Array.isArray(value)) return Array.from(value, jsonOf);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(entries.map(([key, one]) => [key, jsonOf(one)]));
}
