import { cancel } from "./commands/cancel.ts";
import { delegate } from "./commands/delegate.ts";
import { execute } from "./commands/execute.ts";
import { list } from "./commands/list.ts";
import { propose } from "./commands/propose.ts";
import { queue } from "./commands/queue.ts";
import { status } from "./commands/status.ts";
import { vote } from "./commands/vote.ts";
import { explain } from "./explain.ts";
import { type Area, type CommandOptions, runCommand } from "./run.ts";

const DAO: Area = {
  name: "benefit-grid dao",
  commands: { delegate, propose, vote, queue, execute, cancel, status, list },
  notes:
    "ID is a proposal's number, or at least its first six digits. 0x... is an operation of the guardian's council.",
  explain,
};

export type DaoOptions = CommandOptions;

/** Runs a command of the DAO and returns the exit code. */
export async function runDao(argv: readonly string[], options: DaoOptions = {}): Promise<number> {
  return await runCommand(argv, DAO, options);
}
