import { parseArgs } from "node:util";
import { cancel } from "./commands/cancel.ts";
import { delegate } from "./commands/delegate.ts";
import { execute } from "./commands/execute.ts";
import { list } from "./commands/list.ts";
import { propose } from "./commands/propose.ts";
import { queue } from "./commands/queue.ts";
import { status } from "./commands/status.ts";
import { vote } from "./commands/vote.ts";
import { type Connect, clientOf, connectByUrl } from "./connect.ts";
import { type Command, contextOf, type Io, resultText, type Segment } from "./context.ts";
import { DaoError } from "./errors.ts";
import { explain } from "./explain.ts";
import { commandHelp, generalHelp } from "./help.ts";
import { CHAIN, type Options, optionError, parsedBy } from "./options.ts";
import { clean, namesOf } from "./words.ts";

const COMMANDS: Readonly<Record<string, Command>> = {
  delegate,
  propose,
  vote,
  queue,
  execute,
  cancel,
  status,
  list,
};

export type DaoOptions = {
  /** Outputs. @default the process's own */
  readonly io?: Io;
  /** Another connection than `--rpc`. */
  readonly connect?: Connect;
  /** Options of that connection. */
  readonly chain?: Options;
  /** The command's name in help and errors. */
  readonly name?: string;
};

const PROCESS: Io = { out: (text) => console.log(text), err: (text) => console.error(text) };

function cleaned({ out, err }: Io): Io {
  return { out: (text) => out(clean(text)), err: (text) => err(clean(text)) };
}

/** Runs a command of the DAO and returns the exit code. */
export async function runDao(argv: readonly string[], options: DaoOptions = {}): Promise<number> {
  const io = cleaned(options.io ?? PROCESS);
  const { name = "benefit-grid dao" } = options;
  try {
    await run(argv, { ...options, io, name });
    return 0;
  } catch (error) {
    io.err(`${name}: ${explain(error)}`);
    return 1;
  }
}

type Run = DaoOptions & { readonly io: Io; readonly name: string };

async function run([commandName, ...rest]: readonly string[], options: Run): Promise<void> {
  const { io, name, connect = connectByUrl } = options;
  const chain = { ...CHAIN, ...options.chain };
  if (commandName === undefined || /^(--)?help$/.test(commandName)) {
    return io.out(generalHelp(name, COMMANDS, chain));
  }
  const command = Object.hasOwn(COMMANDS, commandName) ? COMMANDS[commandName] : undefined;
  if (!command) throw new DaoError(`There is no command ${commandName}. See ${name} help.`);
  const segments = parse(rest, { ...chain, ...command.options });
  const values = Object.assign({}, ...segments.map((segment) => segment.values));
  if (values.help) return io.out(commandHelp(name, commandName, command, chain));
  checkArguments(segments, command);
  const connection = await connect(values, command.writes);
  try {
    const context = await contextOf(await clientOf(connection, values), segments, io);
    const result = await command.run(context).catch((error: unknown) => {
      throw new DaoError(explain(error, namesOf(context.client)));
    });
    if (values.json || values.unsigned) io.out(resultText(result, values));
  } finally {
    await connection.close();
  }
}

/** Parses each part between `--and` separately. */
function parse(args: readonly string[], known: Options): Segment[] {
  try {
    return segmentsOf(args).map((one) =>
      parseArgs({ args: one, options: parsedBy(known), allowPositionals: true }),
    );
  } catch (error) {
    throw optionError(error, known) ?? error;
  }
}

/** Refuses unused arguments: with two proposals, a vote would silently go to the first. */
function checkArguments(segments: readonly Segment[], { takes, joins = false }: Command): void {
  if (segments.length > 1 && !joins) throw new DaoError("--and only joins kinds of proposals.");
  const surplus = segments.flatMap(({ positionals }) => positionals.slice(takes));
  if (surplus.length > 0) throw new DaoError(`This command does not take ${surplus.join(" ")}. See --help.`);
}

function segmentsOf(args: readonly string[]): string[][] {
  const segments: string[][] = [[]];
  for (const one of args) {
    if (one === "--and") segments.push([]);
    else segments.at(-1)?.push(one);
  }
  return segments;
}
