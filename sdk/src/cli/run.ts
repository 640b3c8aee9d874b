import { parseArgs } from "node:util";
import { type Connect, clientOf, connectByUrl } from "./connect.ts";
import { type Command, contextOf, type Io, resultText, type Segment } from "./context.ts";
import { CommandError } from "./errors.ts";
import { explain } from "./explain.ts";
import { commandHelp, generalHelp } from "./help.ts";
import { CHAIN, type Options, optionError, parsedBy } from "./options.ts";
import { clean, type Names, namesOf } from "./words.ts";

export type CommandOptions = {
  /** Outputs. @default the process's own */
  readonly io?: Io;
  /** Another connection than `--rpc`. */
  readonly connect?: Connect;
  /** Options of that connection. */
  readonly chain?: Options;
  /** The command's name in help and errors. */
  readonly name?: string;
};

/** Commands for the chain that share a name. */
export type Area = {
  readonly name: string;
  readonly commands: Readonly<Record<string, Command>>;
  /** More text for the general help. */
  readonly notes: string;
  /** An error in words. */
  explain(error: unknown, names: Names): string;
};

const PROCESS: Io = { out: (text) => console.log(text), err: (text) => console.error(text) };

function cleaned({ out, err }: Io): Io {
  return { out: (text) => out(clean(text)), err: (text) => err(clean(text)) };
}

/** Runs a command of an area and returns the exit code. */
export async function runCommand(
  argv: readonly string[],
  area: Area,
  options: CommandOptions,
): Promise<number> {
  const io = cleaned(options.io ?? PROCESS);
  const { name = area.name } = options;
  try {
    await run(argv, area, { ...options, io, name });
    return 0;
  } catch (error) {
    io.err(`${name}: ${explain(error)}`);
    return 1;
  }
}

type Run = CommandOptions & { readonly io: Io; readonly name: string };

async function run([commandName, ...rest]: readonly string[], area: Area, options: Run): Promise<void> {
  const { commands, notes } = area;
  const { io, name, connect = connectByUrl } = options;
  const chain = { ...CHAIN, ...options.chain };
  if (commandName === undefined || /^(--)?help$/.test(commandName)) {
    return io.out(generalHelp(name, commands, notes, chain));
  }
  const command = Object.hasOwn(commands, commandName) ? commands[commandName] : undefined;
  if (!command) throw new CommandError(`There is no command ${commandName}. See ${name} help.`);
  const segments = parse(rest, { ...chain, ...command.options });
  const values = Object.assign({}, ...segments.map((segment) => segment.values));
  if (values.help) return io.out(commandHelp(name, commandName, command, chain));
  checkArguments(segments, command);
  const connection = await connect(values, command.writes);
  try {
    const context = await contextOf(await clientOf(connection, values), segments, io);
    const result = await command.run(context).catch((error: unknown) => {
      throw new CommandError(area.explain(error, namesOf(context.client)));
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
  if (segments.length > 1 && !joins) throw new CommandError("--and only joins kinds of proposals.");
  const surplus = segments.flatMap(({ positionals }) => positionals.slice(takes));
  if (surplus.length > 0)
    throw new CommandError(`This command does not take ${surplus.join(" ")}. See --help.`);
}

function segmentsOf(args: readonly string[]): string[][] {
  const segments: string[][] = [[]];
  for (const one of args) {
    if (one === "--and") segments.push([]);
    else segments.at(-1)?.push(one);
  }
  return segments;
}
