import { InvalidParameterError } from "../errors.ts";
import type { ContextKind } from "../licenses/contexts.ts";
import { type CodesOption, GENESIS_CONTEXTS } from "./codes.ts";
import { isAtomic, namesOf, operandsOf, textOf, valuesOf } from "./constraints.ts";
import { constraintText, dutyText } from "./describePolicy.ts";
import { pointerTo } from "./errors.ts";
import { parsePolicy } from "./parsePolicy.ts";
import { isIncluded, LEFT_OPERANDS, OPERAND_OF_KIND } from "./profile.ts";
import { checkRequest, type PolicyRequest, type PolicyState } from "./request.ts";
import type { AtomicConstraint, Constraint, Policy, Rule } from "./types.ts";
import { millisecondsOf, secondsOf } from "./values.ts";

export type RuleStatus = {
  /** JSON pointer to the rule. */
  readonly rule: string;
  readonly kind: "permission" | "prohibition";
  readonly status: "Active" | "Inactive";
  /** JSON pointer to what made it inactive. */
  readonly because?: string;
};

export type Decision = {
  readonly permitted: boolean;
  /**
   * - `Permitted`: a permission is active, and no prohibition stops it
   * - `Prohibited`: a prohibition is active
   * - `Conflict`: permission and prohibition are active, and the policy is void then (`invalid`)
   * - `NotPermitted`: no permission is active
   * - `NotHolder`: somebody else holds the license
   */
  readonly reason: "Permitted" | "Prohibited" | "Conflict" | "NotPermitted" | "NotHolder";
  /** JSON pointer to the rule that decided. Without an active rule, the permission that came nearest. */
  readonly rule: string | undefined;
  /** JSON pointer to the part of this rule that decided. */
  readonly because: string | undefined;
  /** The same in a sentence. */
  readonly text: string;
  /** Status of each permission and prohibition. */
  readonly rules: readonly RuleStatus[];
};

/**
 * Decides a request by ODRL's rules: an active permission is needed, and an active prohibition stops it unless the
 * policy's `conflict` is `perm`. A request with several contexts needs the permission for each. A context that the
 * request does not state restricts nothing, as on chain; any other unknown fact counts against the request.
 * Obligations decide nothing.
 *
 * @throws {@link InvalidParameterError} for an unknown action, context, fact or duty, or an invalid time
 * @throws {@link PolicyError} if the policy is malformed
 * @example
 * ```ts
 * const request = { action: "grid:meteredUse", contexts: ["research", "africa"] };
 * const { permitted, rule, text } = evaluatePolicy(researchOnly(), request, { now: new Date() });
 * ```
 */
export function evaluatePolicy(
  policy: Policy,
  request: PolicyRequest,
  state: PolicyState,
  { codes = GENESIS_CONTEXTS }: CodesOption = {},
): Decision {
  const parsed = parsePolicy(policy);
  checkRequest(request, state);
  if (state.holder !== undefined && request.assignee !== state.holder) return notHolder(parsed, state.holder);
  let decision: Decision | undefined;
  for (const contexts of combinationsOf(request.contexts ?? [], codes)) {
    decision = decide({ policy: parsed, request, state, contexts });
    if (!decision.permitted) return decision;
  }
  return decision as Decision;
}

/** A request with one context of each kind at most. */
type Case = {
  readonly policy: Policy;
  readonly request: PolicyRequest;
  readonly state: PolicyState;
  readonly contexts: Readonly<Record<string, string | undefined>>;
};

/** One purpose, one sector and one territory each. */
function combinationsOf(names: readonly string[], codes: Required<CodesOption>["codes"]): Case["contexts"][] {
  const kindOf = (name: string) => codes.find((one) => one.name === name)?.kind;
  const unknown = names.find((name) => kindOf(name) === undefined);
  if (unknown !== undefined) {
    const known = codes.map(({ name }) => name).join(", ");
    throw new InvalidParameterError("request.contexts", `contain ${unknown}`, `Pass any of ${known}`);
  }
  let found: Case["contexts"][] = [{}];
  for (const [kind, operand] of Object.entries(OPERAND_OF_KIND) as [ContextKind, string][]) {
    const some = names.filter((name) => kindOf(name) === kind);
    if (some.length === 0) continue;
    found = found.flatMap((one) => some.map((name) => ({ ...one, [operand]: name })));
  }
  return found;
}

function decide(one: Case): Decision {
  const { policy } = one;
  const { permission = [], prohibition = [], conflict = "invalid" } = policy;
  const permissions = permission.map((rule, i) => statusOf("permission", rule, i, one));
  const prohibitions = prohibition.map((rule, i) => statusOf("prohibition", rule, i, one));
  const rules = [...permissions, ...prohibitions];
  const allows = permissions.find(isActive);
  const forbids = prohibitions.find(isActive);
  const result = (reason: Decision["reason"], by: RuleStatus | undefined): Decision => {
    const permitted = reason === "Permitted";
    const text = decisionText(policy, reason, by);
    return { permitted, reason, rule: by?.rule, because: by?.because, text, rules };
  };
  if (allows && (!forbids || conflict === "perm")) return result("Permitted", allows);
  if (allows && forbids) return result(conflict === "prohibit" ? "Prohibited" : "Conflict", forbids);
  if (forbids) return result("Prohibited", forbids);
  const inOrder = [...permissions].sort((a, b) => nearness(b) - nearness(a));
  return result("NotPermitted", inOrder[0]);
}

const isActive = ({ status }: RuleStatus) => status === "Active";

/** The parts of a rule in the order of their checks. The later a rule fails, the nearer it came. */
const CHECKED = ["action", "target", "assignee", "constraint", "duty"];

function nearness({ because = "" }: RuleStatus): number {
  return CHECKED.indexOf(because.split("/")[3] ?? "");
}

function statusOf(kind: RuleStatus["kind"], rule: Rule, index: number, one: Case): RuleStatus {
  const pointer = `/${kind}/${index}`;
  const because = inactiveBecause(kind, rule, pointer, one);
  return because === undefined
    ? { rule: pointer, kind, status: "Active" }
    : { rule: pointer, kind, status: "Inactive", because };
}

/** The first part of a rule that does not hold. */
function inactiveBecause(
  kind: RuleStatus["kind"],
  rule: Rule,
  pointer: string,
  one: Case,
): string | undefined {
  const { request, state } = one;
  if (rule.action !== undefined && !isIncluded(request.action, rule.action)) return `${pointer}/action`;
  for (const part of ["target", "assignee"] as const) {
    if (rule[part] !== undefined && !isMember(request[part], rule[part], state)) return `${pointer}/${part}`;
  }
  for (const [i, constraint] of (rule.constraint ?? []).entries()) {
    const { holds, isFactMissing } = truthOf(constraint, one);
    // A context that is not stated restricts nothing. Other missing facts count against the request.
    const isUnknownGood = isFactMissing ? kind === "prohibition" : kind === "permission";
    if (!(holds ?? isUnknownGood)) return pointerTo(`${pointer}/constraint`, i);
  }
  const undone = (rule.duty ?? []).findIndex(({ action }) => state.duties?.[action] === "Unperformed");
  return undone === -1 ? undefined : `${pointer}/duty/${undone}`;
}

/** Whether a party or an asset is another one, or part of that collection. */
function isMember(
  member: string | undefined,
  whole: string,
  { partOf = {} }: PolicyState,
  seen = new Set<string>(),
): boolean {
  if (member === undefined || seen.has(member)) return false;
  if (member === whole) return true;
  seen.add(member);
  const wholes = Object.hasOwn(partOf, member) ? (partOf[member] ?? []) : [];
  return wholes.some((one) => isMember(one, whole, { now: new Date(0), partOf }, seen));
}

/** Undefined if a fact is missing. */
type Truth = { readonly holds: boolean | undefined; readonly isFactMissing: boolean };

/** Kleene's logic: an unknown part matters only where it could change the result. */
function truthOf(constraint: Constraint, one: Case): Truth {
  if (isAtomic(constraint)) return atomicTruth(constraint, one);
  const { logical, operands } = operandsOf(constraint);
  const truths = operands.map((operand) => truthOf(operand, one));
  const count = (holds: boolean | undefined) => truths.filter((truth) => truth.holds === holds).length;
  const [yes, no, unknown] = [count(true), count(false), count(undefined)];
  const isFactMissing = truths.some((truth) => truth.isFactMissing);
  const when = (sure: boolean, holds: boolean) => ({ holds: sure ? holds : undefined, isFactMissing });
  if (logical === "and") return no > 0 ? when(true, false) : when(unknown === 0, true);
  if (logical === "or") return yes > 0 ? when(true, true) : when(unknown === 0, false);
  return yes > 1 ? when(true, false) : when(unknown === 0, yes === 1);
}

function atomicTruth(constraint: AtomicConstraint, one: Case): Truth {
  const { leftOperand, operator, rightOperand } = constraint;
  const { type } = LEFT_OPERANDS[leftOperand] ?? {};
  if (type === "context") {
    const name = one.contexts[leftOperand];
    const holds = name === undefined ? undefined : isInSet([name], operator, namesOf(rightOperand));
    return { holds, isFactMissing: false };
  }
  if (type === "text" || type === undefined) return factTruth(constraint, one);
  const [right] = valuesOf(rightOperand).map(textOf);
  const holds = compared(leftOperand, operator, right ?? "", one);
  return { holds, isFactMissing: holds === undefined };
}

function factTruth({ leftOperand, operator, rightOperand }: AtomicConstraint, { request }: Case): Truth {
  const facts = request.facts ?? {};
  const fact = Object.hasOwn(facts, leftOperand) ? facts[leftOperand] : undefined;
  if (fact === undefined) return { holds: undefined, isFactMissing: true };
  const values = typeof fact === "string" ? [fact] : fact;
  return { holds: isInSet(values, operator, valuesOf(rightOperand).map(textOf)), isFactMissing: false };
}

/** Whether all values are in the set; with `neq` and `isNoneOf`, none. */
function isInSet(values: readonly string[], operator: string, set: readonly string[]): boolean {
  const isExcluding = operator === "neq" || operator === "isNoneOf";
  return values.every((value) => set.includes(value) !== isExcluding);
}

/** Undefined if the amount is not known here: amounts belong to duties. */
function compared(
  left: string,
  operator: string,
  right: string,
  { request, state }: Case,
): boolean | undefined {
  const { now, since = now, revoked, units = 0n } = state;
  switch (left) {
    case "elapsedTime":
      return isWithin(since, now, right);
    case "grid:revocationNotice":
      return revoked === undefined || isWithin(revoked, now, right);
    case "delayPeriod": {
      const difference = BigInt(now.getTime() - since.getTime()) - secondsOf(right) * 1_000n;
      return operator === "gt" ? difference > 0n : difference >= 0n;
    }
    case "count":
      return isOrdered(units + (request.units ?? 0n), operator, BigInt(right));
    case "dateTime":
      return isOrdered(BigInt(now.getTime()), operator, BigInt(millisecondsOf(right) ?? Number.NaN));
    default:
      return undefined;
  }
}

/** Whether less time than a duration has passed. */
function isWithin(start: Date, now: Date, duration: string): boolean {
  return BigInt(now.getTime() - start.getTime()) < secondsOf(duration) * 1_000n;
}

function isOrdered(left: bigint, operator: string, right: bigint): boolean {
  switch (operator) {
    case "eq":
      return left === right;
    case "neq":
      return left !== right;
    case "lt":
      return left < right;
    case "lteq":
      return left <= right;
    case "gt":
      return left > right;
    default:
      return left >= right;
  }
}

function notHolder({ permission = [], prohibition = [] }: Policy, holder: string): Decision {
  const statuses = (kind: RuleStatus["kind"], rules: readonly Rule[]) =>
    rules.map((_, i): RuleStatus => ({ rule: `/${kind}/${i}`, kind, status: "Inactive", because: "" }));
  const rules = [...statuses("permission", permission), ...statuses("prohibition", prohibition)];
  const text = `Refused: only the license's holder, ${holder}, has its rights.`;
  return { permitted: false, reason: "NotHolder", rule: undefined, because: undefined, text, rules };
}

function decisionText(policy: Policy, reason: Decision["reason"], by: RuleStatus | undefined): string {
  const rule = by?.rule ?? "";
  if (reason === "Permitted") return `Permitted by ${rule}.`;
  if (reason === "Prohibited") return `Refused: ${rule} prohibits it.`;
  if (reason === "Conflict")
    return `Refused: ${rule} prohibits what a permission allows, and such a policy is void.`;
  if (!by) return "Refused: the policy has no permission.";
  return `Refused: no permission is active. ${whyNot(policy, by)}`;
}

function whyNot({ permission = [] }: Policy, { rule, because = "" }: RuleStatus): string {
  const [, , part, number] = because.split("/").slice(1);
  const found = permission[Number(rule.split("/")[2])];
  const constraint = part === "constraint" ? found?.constraint?.[Number(number)] : undefined;
  const duty = part === "duty" ? found?.duty?.[Number(number)] : undefined;
  if (constraint) return `${because} does not hold: ${constraintText(constraint)}.`;
  if (duty) return `${because} is not done: ${dutyText(duty)}.`;
  return `${rule} is about another ${part}.`;
}
