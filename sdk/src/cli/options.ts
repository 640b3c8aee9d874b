import { parseArgs } from "node:util";
import { CommandError } from "./errors.ts";

/** A command-line option. `value` is its value's name in help. Without it, the option is a switch. */
export type Option = { readonly value?: string; readonly about: string; readonly multiple?: boolean };
export type Options = Readonly<Record<string, Option>>;
export type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** Options for the chain and the signer. */
export const CHAIN: Options = {
  rpc: { value: "URL", about: "a node of the chain" },
  from: { value: "ADDRESS", about: "the sending account, unlocked at the node; default: its first" },
  keystore: { value: "FILE", about: "encrypted key (JSON, version 3) to sign with" },
  "password-file": { value: "FILE", about: "the keystore's password; default: asks for it" },
  unsigned: { about: "prints the unsigned transaction of --from as JSON and sends nothing" },
  deployment: { value: "FILE", about: "addresses of the contracts; default: this package's" },
  "block-range": { value: "N", about: "blocks per request to the node; default: 10,000" },
  json: { about: "prints the result as JSON, numbers as decimal strings" },
  help: { about: "prints this help" },
};

/** Options in the form of Node's `parseArgs`. */
export function parsedBy(known: Options) {
  return Object.fromEntries(
    Object.entries(known).map(([name, { value, multiple = false }]) => [
      name,
      { type: value === undefined ? ("boolean" as const) : ("string" as const), multiple },
    ]),
  );
}

/** Reads a command's options and other words. */
export function parse(args: readonly string[], known: Options): { values: Values; positionals: string[] } {
  try {
    return parseArgs({ args: [...args], options: parsedBy(known), allowPositionals: true });
  } catch (error) {
    throw optionError(error, known) ?? error;
  }
}

/** Node's errors of `parseArgs`, in words of this command. */
export function optionError(error: unknown, known: Options): CommandError | undefined {
  const { code = "", message } = error as NodeJS.ErrnoException;
  if (!code.startsWith("ERR_PARSE_ARGS")) return undefined;
  const [, option = ""] = /'(-[^\s'=]*)/.exec(message) ?? [];
  const { value } = known[option.replace(/^--/, "")] ?? {};
  if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION")
    return new CommandError(`There is no option ${option}. See --help.`);
  if (value === undefined) return new CommandError(`${option} takes no value. See --help.`);
  return new CommandError(
    `${option} needs a value. If it begins with a dash, write ${option}=${value}. See --help.`,
  );
}

export function text(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}

export function required(values: Values, name: string): string {
  const value = text(values, name);
  if (value === undefined || value === "") throw new CommandError(`--${name} is missing. See --help.`);
  return value;
}

/** A whole number; underscores and commas may group its digits. */
export function whole(values: Values, name: string): bigint {
  return wholeOf(`--${name}`, required(values, name));
}

export function wholeOf(name: string, value: string): bigint {
  const digits = value.replace(/(?<=\d)[_,](?=\d{3}(\D|$))/g, "");
  if (!/^\d+$/.test(digits)) throw new CommandError(`${name} needs a whole number, but got "${value}".`);
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
