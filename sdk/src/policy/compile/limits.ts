import { IRREVOCABLE } from "../../shared/terms.ts";
import { bitsOf } from "../codes.ts";
import { namesOf } from "../constraints.ts";
import { LEFT_OPERANDS, OPERAND_OF_KIND } from "../profile.ts";
import type { AtomicConstraint } from "../types.ts";
import { secondsOf } from "../values.ts";
import { priceOf } from "./price.ts";
import {
  atomsOf,
  isContradiction,
  OR_MARK,
  type Placed,
  refuse,
  rightTextOf,
  settle,
  type Work,
} from "./work.ts";

/** The longest duration and the most units on chain. They stand for no limit. */
export const LONGEST_DURATION = 2n ** 40n - 1n;
export const MOST_UNITS = 2n ** 48n - 1n;

/** The limits so far. Each constraint narrows them. */
type Limits = {
  duration: bigint;
  revocationNotice: bigint;
  maxUnits: bigint;
  readonly contexts: Record<string, readonly string[]>;
};

/** Limits and price of metered use. */
export function useOf(work: Work, permissions: readonly Placed[], prohibitions: readonly Placed[]) {
  const limits: Limits = {
    duration: LONGEST_DURATION,
    revocationNotice: IRREVOCABLE,
    maxUnits: MOST_UNITS,
    contexts: {},
  };
  for (const [kind, operand] of Object.entries(OPERAND_OF_KIND)) {
    limits.contexts[operand] = work.codes.filter((code) => code.kind === kind).map(({ name }) => name);
  }
  const isUse = ({ rule }: Placed) => rule.action === "grid:meteredUse";
  const [granted, ...others] = permissions.filter(isUse);
  for (const { pointer } of others) {
    refuse(
      work,
      pointer,
      `repeats ${granted?.pointer}, but terms have one set of limits`,
      "Write a policy each",
    );
  }
  if (!granted) {
    refuse(
      work,
      "",
      "does not permit grid:meteredUse, so a license would be for nothing",
      "Add this permission",
    );
    return { ...withoutContexts(limits), contexts: 0n, price: undefined };
  }
  narrow(work, limits, granted);
  for (const placed of prohibitions.filter(isUse)) exclude(work, limits, placed, granted.pointer);
  const price = priceOf(work, granted);
  checkLimits(work, limits, granted.pointer);
  const names = Object.values(limits.contexts).flat();
  const contexts = bitsOf(work.codes.filter(({ name }) => names.includes(name)));
  return { ...withoutContexts(limits), contexts, price };
}

const withoutContexts = ({ duration, revocationNotice, maxUnits }: Limits) => ({
  duration,
  revocationNotice,
  maxUnits,
});

function narrow(work: Work, limits: Limits, { rule, pointer }: Placed): void {
  for (const { constraint, at } of atomsOf(work, rule.constraint ?? [], `${pointer}/constraint`)) {
    settle(work, at, constraint, "compiled");
    const { leftOperand, operator } = constraint;
    const problem = unenforceable(constraint);
    if (problem) refuse(work, at, problem, `Remove it, ${OR_MARK}`);
    else if (leftOperand === "count") {
      const most = BigInt(rightTextOf(constraint)) - (operator === "lt" ? 1n : 0n);
      limits.maxUnits = least(limits.maxUnits, most);
    } else if (leftOperand === "elapsedTime") {
      limits.duration = least(limits.duration, secondsOf(rightTextOf(constraint)));
    } else if (leftOperand === "grid:revocationNotice") {
      limits.revocationNotice = least(limits.revocationNotice, secondsOf(rightTextOf(constraint)));
      checkNotice(work, limits, at);
    } else {
      const matching = new Set(matchesOf(work, constraint, at));
      limits.contexts[leftOperand] = limits.contexts[leftOperand]?.filter((name) => matching.has(name)) ?? [];
    }
  }
}

function checkNotice(work: Work, { revocationNotice }: Limits, at: string): void {
  if (revocationNotice < IRREVOCABLE) return;
  refuse(work, `${at}/rightOperand`, "is longer than 2^40 - 2 seconds", "Remove the constraint: irrevocable");
}

const least = (a: bigint, b: bigint) => (a < b ? a : b);

/** Why the chain cannot enforce a constraint of metered use. Undefined if it can. */
function unenforceable({ leftOperand, operator }: AtomicConstraint): string | undefined {
  const text = `${leftOperand} ${operator}`;
  if (leftOperand === "count" && !["lt", "lteq"].includes(operator))
    return `is ${text}, but terms have a maximum`;
  if (["count", "elapsedTime", "grid:revocationNotice"].includes(leftOperand)) return undefined;
  if (LEFT_OPERANDS[leftOperand]?.type === "context") return undefined;
  return `is about ${leftOperand}, which the chain does not know`;
}

/** Names of the contexts for which a constraint holds. */
function matchesOf(
  work: Work,
  { leftOperand, operator, rightOperand }: AtomicConstraint,
  at: string,
): string[] {
  const [kind] = Object.entries(OPERAND_OF_KIND).find(([, operand]) => operand === leftOperand) ?? [];
  const known = work.codes.filter((code) => code.kind === kind).map(({ name }) => name);
  const named = namesOf(rightOperand);
  named.forEach((name, i) => {
    if (known.includes(name)) return;
    const other = work.codes.find((code) => code.name === name);
    const problem = other ? `is ${name}, a ${other.kind}` : `is ${name}, which has no code on chain`;
    const advice = other
      ? `Write it with ${OPERAND_OF_KIND[other.kind]}`
      : `Write one of ${known.join(", ")}`;
    refuse(work, `${at}/rightOperand${Array.isArray(rightOperand) ? `/${i}` : ""}`, problem, advice);
  });
  const isExcluding = operator === "neq" || operator === "isNoneOf";
  return known.filter((name) => named.includes(name) !== isExcluding);
}

/** Takes the contexts of a prohibition from those permitted. */
function exclude(work: Work, limits: Limits, { rule, pointer }: Placed, granted: string): void {
  const atoms = atomsOf(work, rule.constraint ?? [], `${pointer}/constraint`);
  const operands = new Set(atoms.map(({ constraint }) => constraint.leftOperand));
  const [operand = ""] = operands;
  const isOfContexts = LEFT_OPERANDS[operand]?.type === "context";
  if (operands.size !== 1 || !isOfContexts || atoms.length !== rule.constraint?.length) {
    const advice = `Name contexts of one kind, ${OR_MARK}`;
    refuse(work, pointer, "prohibits metered use by something else than contexts of one kind", advice);
    return;
  }
  let matching = limits.contexts[operand] ?? [];
  for (const { constraint, at } of atoms) {
    settle(work, at, constraint, "compiled");
    const names = matchesOf(work, constraint, at);
    matching = matching.filter((name) => names.includes(name));
  }
  if (matching.length === 0 || isContradiction(work, pointer, granted)) return;
  limits.contexts[operand] = limits.contexts[operand]?.filter((name) => !matching.includes(name)) ?? [];
}

function checkLimits(work: Work, limits: Limits, pointer: string): void {
  const { duration, maxUnits, contexts } = limits;
  const advice = "Permit something";
  if (duration === 0n) refuse(work, pointer, "permits use for no time", advice);
  if (maxUnits <= 0n) refuse(work, pointer, "permits no unit", advice);
  for (const [kind, operand] of Object.entries(OPERAND_OF_KIND)) {
    if (contexts[operand]?.length === 0) refuse(work, pointer, `permits use in no ${kind}`, advice);
  }
}
