import { DaoError } from "./errors.ts";

/** An option of the command line: `value` is what its help calls its value; without it's a switch. */
export type Option = { readonly value?: string; readonly about: string; readonly multiple?: boolean };
export type Options = Readonly<Record<string, Option>>;
export type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** Where the chain is, and who signs. */
export const CHAIN: Options = {
  rpc: { value: "URL", about: "a node of the chain" },
  from: { value: "ADDRESS", about: "the node's unlocked account that sends; the first unless given" },
  keystore: { value: "FILE", about: "encrypted key (JSON, version 3) that signs" },
  "password-file": { value: "FILE", about: "its password; asked for unless given" },
  unsigned: { about: "prints the unsigned transaction as JSON and sends nothing; --from says whose" },
  deployment: { value: "FILE", about: "where the contracts are, if not where this package knows" },
  "block-range": { value: "N", about: "how many blocks to ask the node for at once; 10,000 unless given" },
  json: { about: "prints the result as JSON, numbers as decimal strings" },
  help: { about: "prints this" },
};

export function text(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}

export function required(values: Values, name: string): string {
  const value = text(values, name);
  if (value === undefined || value === "") throw new DaoError(`--${name} is missing. See --help.`);
  return value;
}

/** A whole number; underscores and commas may group its digits. */
export function whole(values: Values, name: string): bigint {
  return wholeOf(`--${name}`, required(values, name));
}

export function wholeOf(name: string, value: string): bigint {
  const digits = value.replace(/(?<=\d)[_,](?=\d{3}(\D|$))/g, "");
  if (!/^\d+$/.test(digits)) throw new DaoError(`${name} needs a whole number; got "${value}".`);
  return BigInt(digits);
}

/** Numbers with commas between them. */
export function wholes(values: Values, name: string): bigint[] {
  return required(values, name)
    .split(",")
    .map((one) => wholeOf(`--${name}`, one.trim()));
}

export function many(values: Values, name: string): string[] {
  const value = values[name];
  return Array.isArray(value) ? value.map(String) : [];
}
