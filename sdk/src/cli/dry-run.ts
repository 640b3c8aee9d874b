import type { Call } from "../governance/calls.ts";
import { type SimulateProposalReturnType, simulateProposal } from "../governance/simulateProposal.ts";
import type { Context } from "./context.ts";
import { explain } from "./explain.ts";
import { tokensOf } from "./tokens.ts";
import { callsText, headOf, namesOf } from "./words.ts";

/** Prints decoded calls, tries them as the timelock, and prints the result. */
export async function dryRun(
  { client, say }: Context,
  calls: readonly Call[],
): Promise<SimulateProposalReturnType> {
  const result = await simulateProposal(client, { calls });
  const vocabulary = { names: namesOf(client), tokens: await tokensOf(client, result.calls) };
  say(...callsText(result.calls, vocabulary), "", `Dry run: ${verdict(result)}`);
  return result;
}

function verdict({ ok, tried, calls }: SimulateProposalReturnType): string {
  const untried = calls.length - tried;
  if (!ok) return "fails.";
  if (tried === 0) return "nothing was tried. Calls to the governor itself cannot be tried.";
  if (untried === 0) return "succeeds.";
  return `succeeds, except ${untried} of ${calls.length} calls: calls to the governor itself cannot be tried.`;
}

/** The failing call and its reason. */
export function failureText({ client }: Context, { calls, inSequence }: SimulateProposalReturnType): string {
  const index = calls.findIndex(({ outcome }) => outcome === "fails");
  const failed = calls[index];
  if (!failed) return "";
  const why = `Call ${index + 1}, ${headOf(failed)}, fails: ${explain(failed.error, namesOf(client)).replace(/\.?$/, ".")}`;
  const isAlone = !inSequence && index > 0;
  return isAlone ? `${why} (This node tries each call alone, not after the earlier ones.)` : why;
}
