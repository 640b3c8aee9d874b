import { GridError } from "../errors.ts";

/** One thing wrong with a policy. */
export type Problem = {
  /** JSON pointer (RFC 6901) into the policy. Empty for the whole policy. */
  readonly pointer: string;
  readonly problem: string;
  readonly advice: string;
};

/** Problems in a message. `problems` has all. */
const SHOWN = 20;

/** A policy is malformed, or says what the chain cannot enforce. */
export class PolicyError extends GridError {
  override readonly name = "PolicyError";
  /** All problems. */
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const lines = problems.slice(0, SHOWN).map(textOf);
    const more = problems.length - lines.length;
    super("POLICY", [...lines, ...(more > 0 ? [`${more} more problems.`] : [])].join("\n"));
    this.problems = problems;
  }
}

function textOf({ pointer, problem, advice }: Problem): string {
  return `${pointer === "" ? "The policy" : pointer} ${problem}. ${advice}.`;
}

/** A pointer to a member. */
export function pointerTo(pointer: string, key: string | number): string {
  return `${pointer}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
