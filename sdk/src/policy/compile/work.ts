import type { CodesOption } from "../codes.ts";
import { isAtomic, operandsOf, textOf, valuesOf } from "../constraints.ts";
import { constraintText, dutyText } from "../describePolicy.ts";
import { type Problem, pointerTo } from "../errors.ts";
import type { AtomicConstraint, Constraint, Duty, Marked, Policy, Rule } from "../types.ts";

/** What the author marked as not enforced by the chain. */
export type OffChainDuty = { readonly pointer: string; readonly text: string };

/**
 * What became of a part of a policy:
 * - `compiled`: the terms have it, or the price
 * - `offChain`: marked, and listed in `duties`
 * - `descriptive`: names and texts, which nobody has to enforce
 */
export type Fate = "compiled" | "offChain" | "descriptive";

/** A compilation under way. */
export type Work = {
  readonly policy: Policy;
  readonly codes: Required<CodesOption>["codes"];
  readonly problems: Problem[];
  readonly duties: OffChainDuty[];
  readonly fates: Map<string, Fate>;
};

/** A rule that the chain enforces. */
export type Placed = { readonly rule: Rule; readonly pointer: string };

export const OR_MARK = 'or mark it "grid:offChain": true';

export function refuse({ problems }: Work, pointer: string, problem: string, advice: string): void {
  problems.push({ pointer, problem, advice });
}

/** Records the fate of a value and of all below. The first fate stays. */
export function settle(work: Work, pointer: string, value: unknown, fate: Fate): void {
  for (const leaf of leavesOf(value, pointer)) if (!work.fates.has(leaf)) work.fates.set(leaf, fate);
}

export function leavesOf(value: unknown, pointer: string): string[] {
  if (typeof value !== "object" || value === null) return [pointer];
  return Object.entries(value).flatMap(([key, one]) => leavesOf(one, pointerTo(pointer, key)));
}

/** Nothing is dropped silently, not even by a mistake in this file. */
export function refuseLost(work: Work): void {
  if (work.problems.length > 0) return;
  for (const pointer of leavesOf(work.policy, "")) {
    if (!work.fates.has(pointer)) refuse(work, pointer, "has no effect on chain", `Remove it, ${OR_MARK}`);
  }
}

/** Names and texts. The offer names capsule and licensor, whatever the policy calls them. */
export const DESCRIPTIVE = [
  "@context",
  "@type",
  "uid",
  "profile",
  "dct:title",
  "dct:description",
  "dct:creator",
  "dct:issued",
  "target",
  "assigner",
];

export function describe(work: Work, part: object = work.policy, pointer = ""): void {
  for (const [name, value] of Object.entries(part)) {
    if (DESCRIPTIVE.includes(name)) settle(work, pointerTo(pointer, name), value, "descriptive");
  }
}

/** A mark lists the whole part as off-chain duty. */
export function isListed(work: Work, part: Marked, pointer: string, text: string): boolean {
  if (!part["grid:offChain"]) return false;
  settle(work, pointer, part, "offChain");
  work.duties.push({ pointer, text });
  return true;
}

/** A permission and a prohibition of the same: only `prohibit` compiles. */
export function isContradiction(work: Work, pointer: string, other: string): boolean {
  if (work.policy.conflict === "prohibit") return false;
  refuse(work, pointer, `contradicts ${other}`, 'Remove one of them, or write "conflict": "prohibit"');
  return true;
}

export function listOrRefuse(work: Work, duty: Duty, pointer: string): void {
  if (isListed(work, duty, pointer, dutyText(duty))) return;
  refuse(
    work,
    pointer,
    `is a duty that the chain cannot enforce: ${dutyText(duty)}`,
    `Remove it, ${OR_MARK}`,
  );
}

/** Atomic constraints that all have to hold, without marked ones. */
export function atomsOf(
  work: Work,
  constraints: readonly Constraint[],
  pointer: string,
): { constraint: AtomicConstraint; at: string }[] {
  return constraints.flatMap((constraint, i) => {
    const at = `${pointer}/${i}`;
    if (isListed(work, constraint, at, constraintText(constraint))) return [];
    describe(work, constraint, at);
    if (isAtomic(constraint)) return [{ constraint, at }];
    const { logical, operands } = operandsOf(constraint);
    if (logical === "and") return atomsOf(work, operands, `${at}/and`);
    refuse(
      work,
      at,
      `is ${logical}, but on chain all limits hold together`,
      `Write a policy each, ${OR_MARK}`,
    );
    return [];
  });
}

export function rightTextOf({ rightOperand }: AtomicConstraint): string {
  const [value = ""] = valuesOf(rightOperand).map(textOf);
  return value;
}
