import { isAtomic, namesOf, operandsOf, textOf, valuesOf } from "./constraints.ts";
import { parsePolicy } from "./parsePolicy.ts";
import { isIncluded, LEFT_OPERANDS, MILLION_UNITS } from "./profile.ts";
import type { AtomicConstraint, Constraint, Duty, Policy, Rule } from "./types.ts";
import { durationText, grouped, listed, oneLine, quoted, secondsOf } from "./values.ts";

/**
 * A policy in plain English: the title, and a line for each rule and condition. The author's own texts are in quotation
 * marks.
 *
 * @throws {@link PolicyError} if it is malformed
 * @example
 * ```ts
 * console.log(describePolicy(researchOnly()));
 * ```
 */
export function describePolicy(policy: Policy): string {
  const { permission = [], prohibition = [], obligation = [] } = parsePolicy(policy);
  return [
    oneLine(policy["dct:title"] ?? policy.uid),
    ...(policy["dct:description"] ? [quoted(policy["dct:description"])] : []),
    ...permission.flatMap((rule) => ruleLines("may", rule)),
    ...prohibition.flatMap((rule) => ruleLines("may not", rule)),
    ...obligation.flatMap((duty) => [`You must ${dutyText(duty)}${mark(duty)}.`]),
    ...conflictLines(policy),
    ...revocationLines(permission),
    ...(permission.some(({ action }) => action === undefined) ? [] : ["Nothing else is permitted."]),
  ].join("\n");
}

/** A missing constraint says something, too. */
function revocationLines(permission: readonly Rule[]): string[] {
  const use = permission.find(({ action }) => action === "grid:meteredUse");
  const isNamed = JSON.stringify(use?.constraint ?? []).includes("grid:revocationNotice");
  return use && !isNamed ? ["The licensor cannot revoke."] : [];
}

function conflictLines({ conflict = "invalid", permission = [], prohibition = [] }: Policy): string[] {
  const overlaps = (a = "use", b = "use") => isIncluded(a, b) || isIncluded(b, a);
  if (!permission.some((one) => prohibition.some((other) => overlaps(one.action, other.action)))) return [];
  if (conflict === "perm") return ["Where both apply, a permission prevails."];
  if (conflict === "prohibit") return ["Where both apply, a prohibition prevails."];
  return ["If both apply to a request, the policy is void for it."];
}

function ruleLines(verb: string, rule: Rule): string[] {
  const conditions = conditionsOf(rule);
  const who = rule.assignee === undefined ? "You" : rule.assignee;
  const head = `${who} ${verb} ${actionText(rule)}`;
  const from = rule.assigner === undefined ? "" : ` (from ${rule.assigner})`;
  const text = rule["dct:description"];
  return [
    `${head}${from}${mark(rule)}${conditions.length > 0 ? ", if:" : "."}`,
    ...conditions.map((condition) => `  - ${condition}`),
    ...(text ? [`  ${quoted(text)}`] : []),
  ];
}

function conditionsOf(rule: Rule): string[] {
  const constraints = (rule.constraint ?? []).map((one) => `${constraintText(one)}${mark(one)}`);
  const duties = (rule.duty ?? []).map((duty) => `you ${dutyText(duty)}${mark(duty)}`);
  return [...constraints, ...duties];
}

function mark(part: { readonly "grid:offChain"?: true }): string {
  return part["grid:offChain"] ? " (not enforced by the chain)" : "";
}

/** Phrases of actions whose names do not read as verbs. */
const PHRASES: Readonly<Record<string, string>> = {
  "grid:meteredUse": "use it through a meter",
  acceptTracking: "accept that use is tracked",
  attribute: "name its creators",
  compensate: "pay",
  concurrentUse: "use several copies at once",
  delete: "delete all copies",
  derive: "make derivatives of it",
  distribute: "give it to others",
  ensureExclusivity: "ensure that the right is exclusive",
  grantUse: "let others use it",
  inform: "report the use",
  nextPolicy: "pass on the policy for others",
  obtainConsent: "obtain consent",
  reproduce: "copy it",
  reviewPolicy: "review the policy",
  sell: "sell the license",
  give: "give the license away",
  textToSpeech: "have it read out",
  transfer: "transfer the license",
};

function actionText({ action, target }: Rule): string {
  const phrase = action === undefined ? "do anything with it" : (PHRASES[action] ?? `${action} it`);
  if (target === undefined) return phrase;
  return /\bit\b/.test(phrase) ? phrase.replace(/\bit\b/, target) : `${phrase} of ${target}`;
}

/** A duty as a verb and its object: pay the offer's price. */
export function dutyText(duty: Duty): string {
  const { action, constraint = [], target } = duty;
  const about = target === undefined ? "" : ` for ${target}`;
  const text = duty["dct:description"] ? ` (${quoted(duty["dct:description"])})` : "";
  const atoms = constraint.every(isAtomic) ? (constraint as readonly AtomicConstraint[]) : [];
  const atomOf = (left: string) => atoms.find(({ leftOperand }) => leftOperand === left);
  const [percent, amount, unit] = ["grid:payPercentage", "payAmount", "unitOfCount"].map(atomOf);
  if (action === "compensate" && percent && atoms.length === 1) {
    return `pay ${rightText(percent)} % of a derivative's data and model revenue to the licensor${about}${text}`;
  }
  if (action === "compensate" && amount && atoms.length === (unit ? 2 : 1)) {
    const per = unit ? ` for ${unitText(unit)}` : "";
    return `pay ${rightText(amount)} base units of ${amount.unit}${per}${about}${text}`;
  }
  if (action === "compensate" && constraint.length === 0) return `pay the offer's price${about}${text}`;
  const verb = PHRASES[action] ?? `${action} it`;
  const when = constraint.length > 0 ? `, where ${constraint.map(constraintText).join(", and ")}` : "";
  return `${verb}${about}${when}${text}`;
}

function unitText(unit: AtomicConstraint): string {
  const [value] = valuesOf(unit.rightOperand).map(textOf);
  return value === MILLION_UNITS ? "1,000,000 units" : `each ${shown(value ?? "")}`;
}

function rightText({ rightOperand }: AtomicConstraint): string {
  const [value = ""] = valuesOf(rightOperand).map(textOf);
  return /^\d+$/.test(value) ? grouped(value) : value;
}

/** A value without spaces as it is, and any other quoted. */
function shown(value: string): string {
  return /\s/.test(value) || oneLine(value) !== value ? quoted(value) : value;
}

const COMPARED: Readonly<Record<string, string>> = {
  eq: "exactly",
  neq: "other than",
  lt: "less than",
  lteq: "at most",
  gt: "more than",
  gteq: "at least",
};

/** A constraint as a clause: the purpose is research or training. */
export function constraintText(constraint: Constraint): string {
  if (!isAtomic(constraint)) {
    const { logical, operands } = operandsOf(constraint);
    const clauses = operands.map((one) => (isAtomic(one) ? constraintText(one) : `(${constraintText(one)})`));
    if (logical === "xone") return `exactly one of these: ${clauses.join("; ")}`;
    return clauses.join(logical === "and" ? ", and " : ", or ");
  }
  const { leftOperand, operator, rightOperand } = constraint;
  const [first = ""] = valuesOf(rightOperand).map(textOf);
  const how = COMPARED[operator] ?? operator;
  switch (leftOperand) {
    case "elapsedTime":
      return `the term began less than ${durationText(secondsOf(first))} ago`;
    case "grid:revocationNotice":
      return `the licensor has not revoked${secondsOf(first) === 0n ? "" : `, or revoked less than ${durationText(secondsOf(first))} ago`}`;
    case "delayPeriod":
      return `the term began ${operator === "gt" ? "more than" : "at least"} ${durationText(secondsOf(first))} ago`;
    case "count":
      return `${how} ${grouped(first)} ${first === "1" ? "unit is" : "units are"} bought in a term`;
    case "dateTime":
      return `the time is ${DATES[operator] ?? how} ${first}`;
    default:
      return setText(constraint);
  }
}

const DATES: Readonly<Record<string, string>> = {
  eq: "exactly",
  neq: "not",
  lt: "before",
  lteq: "not after",
  gt: "after",
  gteq: "not before",
};

const NAMES: Readonly<Record<string, string>> = {
  industry: "sector",
  spatial: "territory",
  payAmount: "payment",
  "grid:payPercentage": "percentage",
  unitOfCount: "unit",
  fileFormat: "file format",
  deliveryChannel: "delivery channel",
  systemDevice: "device",
  virtualLocation: "network location",
};

function setText({ leftOperand, operator, rightOperand, unit }: AtomicConstraint): string {
  const isContext = LEFT_OPERANDS[leftOperand]?.type === "context";
  const values = isContext ? namesOf(rightOperand) : valuesOf(rightOperand).map((one) => shown(textOf(one)));
  const isNot = operator === "neq" || operator === "isNoneOf";
  const of = unit === undefined ? "" : ` of ${unit}`;
  return `the ${NAMES[leftOperand] ?? leftOperand} is ${isNot ? "not " : ""}${listed(values, "or")}${of}`;
}
