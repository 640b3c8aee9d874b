import { getAddress, isAddress as hasChecksum, isHexString, ZeroAddress } from "ethers";
import type { Problems } from "./problems.ts";

/** A whole number's bounds, both included. */
export type Bounds = { readonly least: bigint; readonly most: bigint };

/** Bounds of a Solidity type. */
export function bits(size: number, least = 0n): Bounds {
  return { least, most: 2n ** BigInt(size) - 1n };
}

/** Reads the fields of one object. A malformed field is a problem, and its value a placeholder. */
export type Fields = {
  readonly path: string;
  has(key: string): boolean;
  list(key: string, known: readonly string[]): Fields[];
  number(key: string, bounds: Bounds): number;
  numbers(key: string, bounds: Bounds): number[];
  amount(key: string, bounds: Bounds): bigint;
  account(key: string): string;
  token(key: string): string;
  hash(key: string): string;
  text(key: string): string;
  oneOf(key: string, names: readonly string[]): number;
};

/** The field of a problem with the whole file. */
export const FILE = "The file";

export type Reading = {
  readonly problems: Problems;
  /** The node's accounts. A number in place of an address is an index of this list. */
  readonly accounts: readonly string[];
};

const ACCOUNT = "Pass an address with its checksum, 0x..., or the index of an account of the node";

export function fieldsOf(json: unknown, path: string, known: readonly string[], reading: Reading): Fields {
  const { problems, accounts } = reading;
  const isObject = typeof json === "object" && json !== null && !Array.isArray(json);
  const values = (isObject ? json : {}) as Record<string, unknown>;
  const at = (key: string): string => (path === "" ? key : `${path}.${key}`);
  if (!isObject) problems.report(path || FILE, `is ${shown(json)}`, "Pass an object, { ... }");
  for (const key of Object.keys(values)) {
    if (!known.includes(key)) problems.report(at(key), "is unknown", `Known fields: ${known.join(", ")}`);
  }

  /** Reports a wrong value, unless the whole object is wrong. */
  const wrong = <T>(key: string, advice: string, placeholder: T, field = at(key), value = values[key]): T => {
    if (isObject) problems.report(field, value === undefined ? "is missing" : `is ${shown(value)}`, advice);
    return placeholder;
  };
  const array = (key: string): unknown[] => {
    const value = values[key];
    return Array.isArray(value) ? value : wrong(key, "Pass a list, [ ... ]", []);
  };
  const whole = (key: string, { least, most }: Bounds, field = at(key), value = values[key]): bigint => {
    const isWhole = typeof value === "string" ? /^\d+$/.test(value) : Number.isSafeInteger(value);
    if (!isWhole) return wrong(key, "Pass a whole number, as a string if it is large", -1n, field, value);
    const number = BigInt(value as string | number);
    if (number >= least && number <= most) return number;
    return wrong(key, `Pass ${least} to ${most}`, -1n, field, value);
  };
  const account = (key: string): string => {
    const value = values[key];
    const address = typeof value === "number" ? accounts[value] : value;
    if (!isHexString(address, 20) || !hasChecksum(address)) return wrong(key, ACCOUNT, "");
    if (address === ZeroAddress)
      return wrong(key, "Name an account that can act: nobody has the key of this one", "");
    return getAddress(address);
  };
  return {
    path,
    has: (key) => key in values,
    list: (key, entryFields) =>
      array(key).map((entry, i) => fieldsOf(entry, `${at(key)}[${i}]`, entryFields, reading)),
    number: (key, bounds) => Number(whole(key, bounds)),
    numbers: (key, bounds) =>
      array(key).map((value, i) => Number(whole(key, bounds, `${at(key)}[${i}]`, value))),
    amount: (key, bounds) => whole(key, bounds),
    account,
    token: (key) => (values[key] === "TestUSD" ? "TestUSD" : account(key)),
    hash: (key) => {
      const value = values[key];
      return isHexString(value, 32) ? value : wrong(key, "Pass 32 bytes in hex, 0x...", "");
    },
    text: (key) => {
      const value = values[key];
      return typeof value === "string" ? value : wrong(key, "Pass a text", "");
    },
    oneOf: (key, names) => {
      const index = names.indexOf(String(values[key]));
      return index >= 0 ? index : wrong(key, `Pass ${names.map((name) => `"${name}"`).join(" or ")}`, -1);
    },
  };
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "missing";
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** JSON.parse keeps the last of two fields with the same name. Returns the paths of all others. */
export function repeatedKeys(json: string): string[] {
  const repeated: string[] = [];
  const open: { path: string; keys: Set<string> | undefined; index: number }[] = [];
  let path = "";
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"\s*:?|[[\]{},]/g)) {
    const top = open.at(-1);
    if (token === "{" || token === "[") {
      const inner = top && !top.keys ? `${top.path}[${top.index}]` : path;
      open.push({ path: inner, keys: token === "{" ? new Set() : undefined, index: 0 });
    } else if (token === "}" || token === "]") open.pop();
    else if (token === ",") {
      if (top) top.index++;
    } else if (token.endsWith(":") && top?.keys) {
      const key: string = JSON.parse(token.replace(/\s*:$/, ""));
      path = top.path === "" ? key : `${top.path}.${key}`;
      if (top.keys.has(key)) repeated.push(path);
      top.keys.add(key);
    }
  }
  return repeated;
}
