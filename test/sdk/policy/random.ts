import { CONTEXT_KINDS, type Context } from "@benefit-grid/sdk";
import {
  type Constraint,
  POLICY_CONTEXT,
  POLICY_PROFILE,
  type Policy,
  parsePolicy,
} from "@benefit-grid/sdk/policy";

/** Numbers that a seed repeats (mulberry32). */
export function randomOf(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  const chance = (probability: number) => next() < probability;
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T;
  const some = <T>(values: readonly T[], least = 1): T[] => {
    const left = [...values];
    const count = least + below(values.length - least + 1);
    return Array.from({ length: count }, () => left.splice(below(left.length), 1)[0] as T);
  };
  return { below, chance, pick, some };
}

export type Random = ReturnType<typeof randomOf>;

export const NAMES = Object.keys(CONTEXT_KINDS) as Context[];
const OPERANDS = { purpose: "purpose", industry: "sector", spatial: "territory" } as const;

function concepts(names: readonly string[]) {
  return names.map((name) => ({ "@id": `grid:${name}` }));
}

function period({ below, pick }: Random, leftOperand: string): Constraint {
  const value = pick([
    `P${1 + below(60)}D`,
    `PT${1 + below(100)}H${below(60)}M`,
    `P${below(9)}DT${1 + below(9_999)}S`,
  ]);
  const rightOperand = { "@value": value, "@type": "xsd:duration" };
  return { leftOperand, operator: pick(["eq", "lt", "lteq"]), rightOperand };
}

function contextSet(random: Random, leftOperand: keyof typeof OPERANDS): Constraint {
  const { pick, some } = random;
  const names = NAMES.filter((name) => CONTEXT_KINDS[name] === OPERANDS[leftOperand]);
  const operator = pick(["eq", "isA", "neq", "isAnyOf", "isAnyOf", "isNoneOf"]);
  if (operator === "isAnyOf") return { leftOperand, operator, rightOperand: concepts(some(names)) };
  const few = some(names).slice(0, names.length - 1);
  if (operator === "isNoneOf") return { leftOperand, operator, rightOperand: concepts(few) };
  return { leftOperand, operator, rightOperand: concepts([pick(names)])[0] ?? "" };
}

function useConstraints(random: Random): Constraint[] {
  const { below, chance, pick } = random;
  const units = { leftOperand: "count", operator: pick(["lt", "lteq"]), rightOperand: 2 + below(2_000) };
  const sets = (Object.keys(OPERANDS) as (keyof typeof OPERANDS)[]).filter(() => chance(0.5));
  const all = [
    ...sets.map((operand) => contextSet(random, operand)),
    ...(chance(0.7) ? [period(random, "elapsedTime")] : []),
    ...(chance(0.5) ? [period(random, "elapsedTime")] : []),
    ...(chance(0.6) ? [units] : []),
    ...(chance(0.6) ? [period(random, "grid:revocationNotice")] : []),
  ];
  const isNested = all.length > 1 && chance(0.3);
  return isNested ? [{ and: all.slice(1) }, ...all.slice(0, 1)] : all;
}

/** What the chain cannot enforce, marked so. None of it decides a metered use whose duties are not known. */
function marked({ pick, chance }: Random) {
  const duty = { action: pick(["attribute", "inform", "delete"]), "grid:offChain": true };
  return {
    duty: chance(0.4) ? [{ ...duty, "dct:description": "As the licensor asks" }] : [],
    prohibition: chance(0.4)
      ? [{ action: pick(["distribute", "reproduce", "sell"]), "grid:offChain": true }]
      : [],
    obligation: chance(0.2) ? [duty] : [],
  };
}

function some(lists: Readonly<Record<string, readonly unknown[]>>): object {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
}

/** A policy that may compile: what it says is enforceable, but it may permit nothing. */
export function randomPolicy(random: Random): Policy {
  const { below, chance, pick } = random;
  const { duty, prohibition, obligation } = marked(random);
  const percentage = { "@value": pick(["0.01", "5", "12.5", "50"]), "@type": "xsd:decimal" };
  const share = { leftOperand: "grid:payPercentage", operator: "eq", rightOperand: percentage };
  const price = chance(0.3) ? [{ action: "compensate" }] : [];
  const derive = {
    action: "derive",
    ...(chance(0.5) && { duty: [{ action: "compensate", constraint: [share] }] }),
  };
  const excluded = contextSet(random, pick(["purpose", "industry", "spatial"]));
  return parsePolicy({
    "@context": POLICY_CONTEXT,
    "@type": pick(["Set", "Offer"]),
    uid: `urn:test:${below(1_000_000)}`,
    profile: POLICY_PROFILE,
    conflict: "prohibit",
    ...(chance(0.5) && { "dct:title": "A license" }),
    permission: [
      {
        action: "grid:meteredUse",
        ...some({ constraint: useConstraints(random), duty: [...price, ...duty] }),
      },
      ...(chance(0.5) ? [derive] : []),
      ...(chance(0.5) ? [{ action: "transfer" }] : []),
    ],
    ...some({
      prohibition: [
        ...prohibition,
        ...(chance(0.3) ? [{ action: "grid:meteredUse", constraint: [excluded] }] : []),
        ...(chance(0.2) ? [{ action: pick(["derive", "transfer"]) }] : []),
      ],
      obligation,
    }),
  });
}
