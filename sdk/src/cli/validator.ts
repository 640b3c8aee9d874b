import { ContractRevertError } from "../errors.ts";
import { explainError } from "../explain/explainError.ts";
import { explain } from "./explain.ts";
import { type Area, type CommandOptions, runCommand } from "./run.ts";
import { commit } from "./validator/commit.ts";
import { reveal } from "./validator/reveal.ts";
import { stake } from "./validator/stake.ts";
import { status } from "./validator/status.ts";

const VALIDATOR: Area = {
  name: "benefit-grid validator",
  commands: { stake, commit, reveal, status },
  notes: [
    "A validator scores the miners of a subnet. In each epoch:",
    "  1. task    stake registers it; it commits a test set",
    "  2. answer  miners commit their answers",
    "  3. score   answers are public; it scores them, and commit sends the hash of its weights",
    "  4. reveal  reveal publishes its weights",
    "After the epoch anyone can run it: then pay is due. status says what to do next.",
  ].join("\n"),
  explain: (error, names) => revertText(error) ?? explain(error, names),
};

export type ValidatorOptions = CommandOptions;

/** Runs a command of a subnet's validator and returns the exit code. */
export async function runValidator(argv: readonly string[], options: ValidatorOptions = {}): Promise<number> {
  return await runCommand(argv, VALIDATOR, options);
}

/** What a contract refuses, and what to do. */
function revertText(error: unknown): string | undefined {
  if (!(error instanceof ContractRevertError)) return undefined;
  const explanation = explainError(error);
  return explanation && `${explanation.happened} ${explanation.advice}`;
}
