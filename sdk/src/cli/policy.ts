import { closeSync, openSync, readSync } from "node:fs";
import { compilePolicy } from "../policy/compilePolicy.ts";
import { describePolicy } from "../policy/describePolicy.ts";
import { PolicyError } from "../policy/errors.ts";
import { evaluatePolicy } from "../policy/evaluatePolicy.ts";
import { MAX_BYTES } from "../policy/json.ts";
import { parsePolicy } from "../policy/parsePolicy.ts";
import type { Performance } from "../policy/request.ts";
import type { Policy } from "../policy/types.ts";
import { millisecondsOf } from "../policy/values.ts";
import type { Io } from "./context.ts";
import { CommandError } from "./errors.ts";
import { explain } from "./explain.ts";
import { optionLines } from "./help.ts";
import { many, type Options, parse, text, type Values, wholeOf } from "./options.ts";
import { clean, toJson } from "./words.ts";

export type PolicyCommandOptions = {
  /** Outputs. @default the process's own */
  readonly io?: Io;
  /** The command's name in help and errors. */
  readonly name?: string;
};

/** A command's result: lines for people, data for `--json`. */
type Result = { readonly lines: readonly string[]; readonly data: object; readonly status?: number };
type Command = {
  readonly about: string;
  readonly options: Options;
  run(policy: Policy, values: Values): Result;
};

const REQUEST: Options = {
  action: { value: "ACTION", about: "what is to be done; default: grid:meteredUse" },
  contexts: { value: "A,B", about: "contexts of the use, such as research,africa" },
  units: { value: "N", about: "units to buy" },
  assignee: { value: "IRI", about: "who asks" },
  target: { value: "IRI", about: "for what" },
  fact: { value: "NAME=VALUE", about: "value of another left operand, such as language=sw", multiple: true },
  now: { value: "TIME", about: "such as 2030-01-31T00:00:00Z; default: now" },
  since: { value: "TIME", about: "begin of the license's term; default: now" },
  revoked: { value: "TIME", about: "when the licensor revoked" },
  bought: { value: "N", about: "units bought in this term before" },
  undone: { value: "ACTION", about: "a duty that was not done", multiple: true },
};

const COMMANDS: Readonly<Record<string, Command>> = {
  check: {
    about: "checks that a policy is well formed and that the chain can enforce it",
    options: {},
    run: check,
  },
  describe: { about: "says a policy in plain English", options: {}, run: describe },
  compile: { about: "prints a policy's on-chain terms and its duties off chain", options: {}, run: compile },
  decide: {
    about: "decides a request; ends with 0 if it is permitted, with 2 if not",
    options: REQUEST,
    run: decide,
  },
};

const COMMON: Options = {
  json: { about: "prints the result, or the problems, as JSON" },
  help: { about: "prints this help" },
};

const PROCESS: Io = { out: (line) => console.log(line), err: (line) => console.error(line) };

/** Runs a command about a policy's file. Returns the exit code: 1 after an error, 2 for a refused request. */
export function runPolicy(argv: readonly string[], options: PolicyCommandOptions = {}): number {
  const { io = PROCESS, name = "benefit-grid policy" } = options;
  try {
    return run(argv, name, io);
  } catch (error) {
    if (error instanceof PolicyError && argv.includes("--json")) {
      io.out(toJson({ problems: error.problems }));
    } else io.err(clean(`${name}: ${errorText(error)}`));
    return 1;
  }
}

function errorText(error: unknown): string {
  if (!(error instanceof PolicyError)) return explain(error);
  const count = error.problems.length;
  return count === 1 ? error.message : `${count} problems.\n${error.message}`;
}

function run([commandName, ...rest]: readonly string[], name: string, io: Io): number {
  if (commandName === undefined || /^(--)?help$/.test(commandName)) {
    io.out(helpText(name));
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, commandName) ? COMMANDS[commandName] : undefined;
  if (!command) throw new CommandError(`There is no command ${commandName}. See ${name} help.`);
  const known = { ...command.options, ...COMMON };
  const { values, positionals } = parse(rest, known);
  if (values.help) {
    const lines = [`Usage: ${name} ${commandName} FILE`, "", `  ${command.about}`, "", "Options:"];
    io.out([...lines, ...optionLines(known)].join("\n"));
    return 0;
  }
  const [file, ...surplus] = positionals;
  if (file === undefined) throw new CommandError(`FILE is missing. See ${name} help.`);
  if (surplus.length > 0)
    throw new CommandError(`This command takes one file, not ${surplus.join(" ")} too.`);
  const { lines, data, status = 0 } = command.run(parsePolicy(read(file)), values);
  io.out(values.json ? toJson(data) : clean(lines.join("\n")));
  return status;
}

function helpText(name: string): string {
  const lines = Object.entries(COMMANDS).map(([command, { about }]) => `  ${command} FILE\n      ${about}`);
  return [`Usage: ${name} <command> FILE`, "", ...lines, "", "FILE is a policy as JSON-LD."].join("\n");
}

/** A file's text. Reads little more than a policy may have: the file may be endless. */
function read(file: string): string {
  const descriptor = openSync(file, "r");
  try {
    const bytes = Buffer.alloc(MAX_BYTES + 1);
    let length = 0;
    for (let count = -1; count !== 0 && length < bytes.length; length += count) {
      count = readSync(descriptor, bytes, length, bytes.length - length, null);
    }
    // One byte too many is left, so that parsePolicy refuses the size, wherever the cut is.
    if (length > MAX_BYTES) return bytes.toString("latin1");
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, length));
  } catch (error) {
    const isText = (error as NodeJS.ErrnoException).code === "ERR_ENCODING_INVALID_ENCODED_DATA";
    throw isText ? new CommandError(`${file} is not UTF-8 text. Save it as UTF-8.`) : error;
  } finally {
    closeSync(descriptor);
  }
}

function check(policy: Policy): Result {
  const { terms, duties } = compilePolicy(policy);
  const off = duties.length === 0 ? "" : `, apart from ${duties.length} marked off chain: see compile`;
  const line = `The policy is well formed. The chain can enforce it${off}.`;
  return { lines: [line, `Hash: ${terms.policyHash}`], data: { policyHash: terms.policyHash, duties } };
}

function describe(policy: Policy): Result {
  const lines = describePolicy(policy).split("\n");
  return { lines, data: { lines } };
}

function compile(policy: Policy): Result {
  const { terms, price, duties } = compilePolicy(policy);
  const lines = [
    ...Object.entries({ ...terms, ...price }).map(([name, value]) => `${name}: ${value}`),
    ...duties.map(({ pointer, text }) => `off chain, ${pointer}: ${text}`),
  ];
  return { lines, data: { terms, ...(price && { price }), duties } };
}

function decide(policy: Policy, values: Values): Result {
  const units = numberOf(values, "units");
  const facts = Object.fromEntries(many(values, "fact").map(factOf));
  const undone = many(values, "undone").map((action): [string, Performance] => [action, "Unperformed"]);
  const now = timeOf(values, "now") ?? new Date();
  const names = ["assignee", "target"].map((name) => [name, text(values, name)] as const);
  const request = {
    action: text(values, "action") ?? "grid:meteredUse",
    ...Object.fromEntries(names.filter(([, value]) => value !== undefined)),
    contexts: text(values, "contexts")?.split(",").filter(Boolean) ?? [],
    units,
    facts,
  };
  const [since = now, revoked] = [timeOf(values, "since"), timeOf(values, "revoked")];
  const state = { now, since, units: numberOf(values, "bought"), duties: Object.fromEntries(undone) };
  const decision = evaluatePolicy(policy, request, { ...state, ...(revoked && { revoked }) });
  return { lines: [decision.text], data: decision, status: decision.permitted ? 0 : 2 };
}

function numberOf(values: Values, name: string): bigint {
  return wholeOf(`--${name}`, text(values, name) ?? "0");
}

function factOf(fact: string): [string, string] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(fact) ?? [];
  if (name === undefined || value === undefined)
    throw new CommandError(`--fact needs NAME=VALUE, but got "${fact}".`);
  return [name, value];
}

function timeOf(values: Values, name: string): Date | undefined {
  const value = text(values, name);
  if (value === undefined) return undefined;
  const time = /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(value) ? millisecondsOf(value) : undefined;
  if (time === undefined)
    throw new CommandError(`--${name} needs a time such as 2030-01-31T00:00:00Z, but got "${value}".`);
  return new Date(time);
}
