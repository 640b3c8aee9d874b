import type { Call } from "../governance/calls.ts";
import { type SimulateProposalReturnType, simulateProposal } from "../governance/simulateProposal.ts";
import type { Context } from "./context.ts";
import { explain } from "./explain.ts";
import { callsText, headOf, namesOf } from "./words.ts";

/** Prints decoded calls, tries them as the timelock, and prints the result. */
export async function dryRun(
  { client, say }: Context,
  calls: readonly Call[],
): Promise<SimulateProposalReturnType> {
  const result = await simulateProposal(client, { calls });
  say(...callsText(result.calls, namesOf(client)), "", `Dry run: ${verdict(result)}`);
  return result;
}

function verdict({ ok, calls }: SimulateProposalReturnType): string {
  const untried = calls.filter(({ outcome }) => outcome === "untried").length;
  if (!ok) return "fails.";
  if (untried === 0) return "succeeds.";
  return `succeeds, except ${untried} of ${calls.length} calls: calls to the governor itself cannot be tried.`;
}

/** The failing call and its reason. */
export function failureText({ calls, inSequence }: SimulateProposalReturnType): string {
  const index = calls.findIndex(({ outcome }) => outcome === "fails");
  const failed = calls[index];
  if (!failed) return "";
  const why = `Call ${index + 1}, ${headOf(failed)}, fails: ${explain(failed.error).replace(/\.?$/, ".")}`;
  const isAlone = !inSequence && index > 0;
  return isAlone ? `${why} (This node tries each call alone, not after the earlier ones.)` : why;
}
