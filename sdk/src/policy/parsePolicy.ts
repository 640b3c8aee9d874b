import { PolicyError, type Problem, pointerTo } from "./errors.ts";
import { MAX_DEPTH, readJson } from "./json.ts";
import {
  ACTIONS,
  CONFLICTS,
  CONTEXT,
  LEFT_OPERANDS,
  LIST_OPERATORS,
  LOGICALS,
  type OperandType,
  POLICY_TYPES,
  PROFILE,
} from "./profile.ts";
import type { Policy } from "./types.ts";
import { CONCEPT, DATE_TIME, DECIMAL, DURATION, IRI, millisecondsOf } from "./values.ts";

/** Checked policies. They are frozen. */
const PARSED = new WeakSet<object>();

/**
 * A policy of this profile, from its JSON text or the value of it. The result is a frozen copy, which is not
 * checked again.
 *
 * @throws {@link PolicyError} with all problems: what is wrong, where, and what to write instead
 * @example
 * ```ts
 * const policy = parsePolicy(canonicalizePolicy(researchOnly()));
 * ```
 */
export function parsePolicy(json: unknown): Policy {
  if (typeof json === "object" && json !== null && PARSED.has(json)) return json as Policy;
  const value = typeof json === "string" ? readJson(json) : json;
  const copy = plainCopy(value, "", 0);
  const found: Problem[] = [];
  policy(copy, "", found);
  if (found.length > 0) throw new PolicyError(found);
  PARSED.add(copy as Policy);
  return copy as Policy;
}

/** A frozen copy of JSON data. Getters and class instances could change after the check. */
function plainCopy(value: unknown, pointer: string, depth: number): unknown {
  const refuse = (problem: string, advice: string): never => {
    throw new PolicyError([{ pointer, problem, advice }]);
  };
  if (depth > MAX_DEPTH) return refuse(`is below ${MAX_DEPTH} levels`, "Nest less");
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "string")
    return isWellFormed(value) ? value : refuse("has half a character", "Remove it");
  if (typeof value === "number")
    return Number.isFinite(value) ? value : refuse("is not finite", "Write digits");
  if (Array.isArray(value)) {
    return Object.freeze(Array.from(value, (one, i) => plainCopy(one, pointerTo(pointer, i), depth + 1)));
  }
  if (typeof value !== "object" || ![Object.prototype, null].includes(Object.getPrototypeOf(value))) {
    return refuse("is not JSON data", "Pass text, or the value of JSON.parse");
  }
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.freeze(
    Object.fromEntries(
      entries.map(([key, one]) => [key, plainCopy(one, pointerTo(pointer, key), depth + 1)]),
    ),
  );
}

/** Without lone surrogates: RFC 8785 has no form of them. */
function isWellFormed(text: string): boolean {
  return !/[\ud800-\udfff]/u.test(text);
}

/** Checks a value and adds its problems. */
type Check = (value: unknown, pointer: string, found: Problem[]) => void;

function report(found: Problem[], pointer: string, value: unknown, not: string, advice: string): void {
  const text = JSON.stringify(value) ?? "undefined";
  const shown = text.length > 80 ? `${text.slice(0, 80)}...` : text;
  found.push({ pointer, problem: `is ${shown}, not ${not}`, advice });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function matching(pattern: string, not: string, advice: string): Check {
  const expression = new RegExp(pattern, "u");
  return (value, pointer, found) => {
    if (typeof value !== "string" || !expression.test(value)) report(found, pointer, value, not, advice);
  };
}

function oneOf(values: readonly string[], not: string): Check {
  return (value, pointer, found) => {
    if (values.includes(value as string)) return;
    const near = typeof value === "string" ? values.find((one) => isNear(one, value)) : undefined;
    report(found, pointer, value, not, near ? `Write ${near}` : `Write one of ${values.join(", ")}`);
  };
}

/** The same term with another prefix: odrl:use, http://www.w3.org/ns/odrl/2/use. */
function isNear(term: string, value: string): boolean {
  return (
    value !== term && value.split(/[:/#]/).at(-1)?.toLowerCase() === term.split(":").at(-1)?.toLowerCase()
  );
}

function exactly(expected: unknown): Check {
  const text = JSON.stringify(expected);
  return (value, pointer, found) => {
    if (JSON.stringify(value) !== text) report(found, pointer, value, "this profile's", `Write ${text}`);
  };
}

function listOf(check: Check, minimum = 1): Check {
  return (value, pointer, found) => {
    if (!Array.isArray(value) || value.length < minimum) {
      return report(found, pointer, value, "a list with an element", "Write a list in brackets");
    }
    value.forEach((one, i) => {
      check(one, pointerTo(pointer, i), found);
    });
  };
}

/** Checks an object's members. Refuses unknown ones: nothing may be dropped silently. */
function members(checks: Readonly<Record<string, Check>>, needed: readonly string[] = []): Check {
  return (value, pointer, found) => {
    if (!isObject(value)) return report(found, pointer, value, "an object", "Write it in braces");
    for (const name of needed) {
      if (!Object.hasOwn(value, name)) found.push({ pointer, problem: `has no ${name}`, advice: "Add it" });
    }
    for (const [name, one] of Object.entries(value)) {
      const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
      if (check) check(one, pointerTo(pointer, name), found);
      else
        found.push({
          pointer: pointerTo(pointer, name),
          problem: "is unknown here",
          advice: unknownAdvice(name, checks),
        });
    }
  };
}

function unknownAdvice(name: string, checks: Readonly<Record<string, Check>>): string {
  const near = Object.keys(checks).find((one) => isNear(one, name));
  if (near) return `Write ${near}`;
  return `Remove it, or say it in dct:description. This profile has ${Object.keys(checks).join(", ")}`;
}

function typed(type: string, pattern: string, example: string): Check {
  const advice = `Write {"@value":"${example}","@type":"${type}"}`;
  const text = matching(pattern, `an ${type}`, `Write it as ${example}`);
  return (value, pointer, found) => {
    if (!isObject(value)) return report(found, pointer, value, `an ${type}`, advice);
    members({ "@value": text, "@type": exactly(type) }, ["@value", "@type"])(value, pointer, found);
  };
}

const iri = matching(IRI, "an absolute IRI", "Write it with its scheme, as urn:example:1");
const text: Check = (value, pointer, found) => {
  const isText = typeof value === "string" && value.length > 0 && value.length <= 10_000;
  if (!isText) report(found, pointer, value, "a text of 1 to 10,000 characters", "Write a text");
};
const offChain: Check = (value, pointer, found) => {
  if (value !== true) report(found, pointer, value, "true", "Write true, or remove it");
};

const dateTime: Check = (value, pointer, found) => {
  const before = found.length;
  typed("xsd:dateTime", DATE_TIME, "2030-01-31T00:00:00Z")(value, pointer, found);
  if (found.length > before || millisecondsOf((value as { "@value": string })["@value"]) !== undefined)
    return;
  report(
    found,
    pointerTo(pointer, "@value"),
    (value as { "@value": string })["@value"],
    "a date",
    "Correct it",
  );
};

function reference(pattern: string, not: string, advice: string): Check {
  const check = members({ "@id": matching(pattern, not, advice) }, ["@id"]);
  return (value, pointer, found) => {
    if (isObject(value)) check(value, pointer, found);
    else report(found, pointer, value, not, `${advice}, in {"@id":"..."}`);
  };
}

const VALUES: Readonly<Record<OperandType, Check>> = {
  context: reference(CONCEPT, "a context", "Write the context's name after grid:, as grid:research"),
  duration: typed("xsd:duration", DURATION, "P30D"),
  count: (value, pointer, found) => {
    const isCount = Number.isSafeInteger(value) && (value as number) >= 0;
    if (!isCount)
      report(found, pointer, value, "a whole number", "Write a whole number from 0, without quotes");
  },
  dateTime,
  decimal: typed("xsd:decimal", DECIMAL, "12.5"),
  text: (value, pointer, found) => {
    if (isObject(value)) reference(IRI, "an absolute IRI", "Write it with its scheme")(value, pointer, found);
    else text(value, pointer, found);
  },
};

const constraintBase = { uid: iri, "grid:offChain": offChain };

function constraint(isOfDuty: boolean): Check {
  const self: Check = (value, pointer, found) => {
    if (!isObject(value)) return report(found, pointer, value, "a constraint", "Write it in braces");
    const logicals = LOGICALS.filter((name) => Object.hasOwn(value, name));
    if (logicals.length === 0) return atomic(value, pointer, found, isOfDuty);
    if (logicals.length > 1) {
      return void found.push({
        pointer,
        problem: `has ${logicals.join(" and ")}`,
        advice: "Nest one in the other",
      });
    }
    members({ ...constraintBase, [logicals[0] as string]: listOf(self) })(value, pointer, found);
  };
  return self;
}

function atomic(
  value: Readonly<Record<string, unknown>>,
  pointer: string,
  found: Problem[],
  isOfDuty: boolean,
): void {
  const { leftOperand, operator } = value;
  const known = Object.keys(LEFT_OPERANDS).filter((name) => isOfDuty || !LEFT_OPERANDS[name]?.isOfDuty);
  const operand = known.includes(leftOperand as string) ? LEFT_OPERANDS[leftOperand as string] : undefined;
  const needed = ["leftOperand", "operator", "rightOperand"];
  const ignore: Check = () => {};
  const one = operand ? VALUES[operand.type] : ignore;
  const checks = {
    ...constraintBase,
    leftOperand: oneOf(known, isOfDuty ? "a left operand of a duty" : "a left operand of a rule"),
    operator: operand ? oneOf(operand.operators, `an operator of ${leftOperand}`) : ignore,
    rightOperand: LIST_OPERATORS.includes(operator as string) ? listOf(one) : one,
    ...(leftOperand === "payAmount" && { unit: iri }),
  };
  members(checks, leftOperand === "payAmount" ? [...needed, "unit"] : needed)(value, pointer, found);
}

const ruleBase = {
  uid: iri,
  "dct:description": text,
  "grid:offChain": offChain,
  action: oneOf(ACTIONS, "an action of this profile"),
  target: iri,
};
const duty = members({ ...ruleBase, constraint: listOf(constraint(true)) }, ["action"]);
const prohibitionChecks = {
  ...ruleBase,
  assigner: iri,
  assignee: iri,
  constraint: listOf(constraint(false)),
};
const policyMembers = members(
  {
    "@context": exactly(CONTEXT),
    "@type": oneOf(POLICY_TYPES, "a type of policy"),
    uid: iri,
    profile: exactly(PROFILE),
    conflict: oneOf(CONFLICTS, "a strategy"),
    "dct:title": text,
    "dct:description": text,
    "dct:creator": text,
    "dct:issued": dateTime,
    permission: listOf(members({ ...prohibitionChecks, duty: listOf(duty) })),
    prohibition: listOf(members(prohibitionChecks)),
    obligation: listOf(duty),
  },
  ["@context", "@type", "uid", "profile"],
);

const policy: Check = (value, pointer, found) => {
  policyMembers(value, pointer, found);
  if (!isObject(value) || value.permission || value.prohibition || value.obligation) return;
  found.push({ pointer, problem: "has no rule", advice: "Add a permission, a prohibition or an obligation" });
};
