import type { TransactionRequest, TransactionResponse } from "ethers";
import { type Client, signerOf } from "../client.ts";
import type { Address } from "../core/abi.ts";
import type { BlockRange } from "../core/logs.ts";
import type { Sent, WriteAction } from "../core/write.ts";
import { CommandError } from "./errors.ts";
import { type Options, text, type Values, wholeOf } from "./options.ts";
import { toJson } from "./words.ts";

/** Outputs for results and errors. */
export type Io = { out(text: string): void; err(text: string): void };

/** A command's input. */
export type Context = {
  readonly client: Client;
  /** The signing account, or with `--unsigned` the named one. */
  readonly account: Address | undefined;
  readonly values: Values;
  readonly positionals: readonly string[];
  /** The arguments between `--and`. */
  readonly segments: readonly Segment[];
  readonly search: BlockRange;
  /** Second of the newest block, since 1970. */
  readonly now: bigint;
  /** Prints for people. Silent with `--json`. */
  say(...lines: string[]): void;
};
export type Segment = { readonly values: Values; readonly positionals: readonly string[] };

export type Command = {
  /** Its arguments, shown in help. */
  readonly usage: string;
  readonly about: string;
  /** Most arguments. */
  readonly takes: number;
  /** Whether `--and` joins several sets of arguments and options. */
  readonly joins?: boolean;
  readonly options: Options;
  /** Whether it sends a transaction. */
  readonly writes: boolean;
  /** More text for its help. */
  readonly notes?: string;
  /** Returns the output of `--json`. */
  run(context: Context): Promise<object>;
};

export async function contextOf(client: Client, segments: readonly Segment[], io: Io): Promise<Context> {
  const values: Values = Object.assign({}, ...segments.map((segment) => segment.values));
  const block = await client.provider.getBlock("latest");
  const range = text(values, "block-range");
  return {
    client: { ...client, runner: announced(client.runner, io) },
    account: (await signerOf(client)?.getAddress()) as Address | undefined,
    values,
    positionals: segments[0]?.positionals ?? [],
    segments,
    search: range === undefined ? {} : { blockRange: Number(wholeOf("--block-range", range)) },
    now: BigInt(block?.timestamp ?? 0),
    say: (...lines) => {
      if (!values.json && !values.unsigned) for (const line of lines) io.out(line);
    },
  };
}

/** Prints a transaction's hash at once: later steps may fail. */
function announced(runner: Client["runner"], io: Io): Client["runner"] {
  return new Proxy(runner, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== "function") return value;
      if (key !== "sendTransaction" && key !== "sendUncheckedTransaction") return value.bind(target);
      return async (transaction: TransactionRequest) => {
        const sent: string | TransactionResponse = await value.call(target, transaction);
        io.err(`Sent transaction ${typeof sent === "string" ? sent : sent.hash}.`);
        return sent;
      };
    },
  });
}

/** Tries an action, then sends it. With `--unsigned`, returns the transaction instead. */
export async function send<Parameters, Result, Simulated>(
  { client, values }: Context,
  action: WriteAction<Parameters, Result, Simulated>,
  parameters: Parameters,
): Promise<{ sent: Omit<Sent & Result, "receipt"> } | { unsigned: object }> {
  if (values.unsigned) return { unsigned: await action.prepare(client, parameters) };
  await action.simulate(client, parameters);
  const { receipt, ...sent } = await action(client, parameters);
  return { sent };
}

/** An argument, by its position. */
export function argument({ positionals }: Pick<Context, "positionals">, index: number, name: string): string {
  const value = positionals[index];
  if (value === undefined) throw new CommandError(`${name} is missing. See --help.`);
  return value;
}

/** A command's output with `--json` or `--unsigned`. */
export function resultText(result: object, { unsigned }: Values): string {
  return toJson(unsigned && "unsigned" in result ? result.unsigned : result);
}
