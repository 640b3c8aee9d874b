import { readFileSync } from "node:fs";
import {
  type Constraint,
  evaluatePolicy,
  type Performance,
  POLICY_CONTEXT,
  POLICY_PROFILE,
  type Policy,
  parsePolicy,
  type RuleStatus,
} from "@benefit-grid/sdk/policy";
import { expect } from "chai";

type Group = { and?: Group[]; or?: Group[]; leftOperand?: string; operator?: string; rightOperand?: string };
type Case = {
  case: string;
  title: string;
  rules: {
    kind: RuleStatus["kind"];
    assignee: string[];
    action: string[];
    target: string[];
    constraint: Group[];
    duty: string[][];
  }[];
  request: { assignee: string[]; action: string[]; target: string[] };
  now: string;
  partOf: [string, string][];
  dutyPerformance: Performance | null;
  expected: "Active" | "Inactive";
};

const { source, cases }: { source: string; cases: Case[] } = JSON.parse(
  readFileSync("test/vectors/odrl.json", "utf8"),
);

const plain = (term: string) => term.replace("odrl:", "");

/** At most one value: the suite's rules have no more. */
function only(name: string, values: readonly string[]): object {
  expect(values.length).to.be.at.most(1);
  return values.length === 0 ? {} : { [name]: name === "action" ? plain(values[0] as string) : values[0] };
}

function constraintOf({ and, or, leftOperand = "", operator = "", rightOperand }: Group): Constraint {
  if (and) return { and: and.map(constraintOf) };
  if (or) return { or: or.map(constraintOf) };
  const value = { "@value": rightOperand ?? "", "@type": "xsd:dateTime" };
  return { leftOperand: plain(leftOperand), operator, rightOperand: value };
}

function policyOfCase({ case: name, rules }: Case): Policy {
  const [rule] = rules;
  expect(rules).to.have.length(1);
  if (!rule) throw new Error(name);
  const { kind, assignee, action, target, constraint, duty } = rule;
  const json = {
    ...only("assignee", assignee),
    ...only("action", action),
    ...only("target", target),
    ...(constraint.length > 0 && { constraint: constraint.map(constraintOf) }),
    ...(duty.length > 0 && { duty: duty.map(([one = ""]) => ({ action: plain(one) })) }),
  };
  const head = { "@context": POLICY_CONTEXT, "@type": "Set", profile: POLICY_PROFILE };
  // Through text, as from outside.
  return parsePolicy(JSON.stringify({ ...head, uid: `urn:test:${name}`, [kind]: [json] }));
}

function decide(one: Case) {
  const { request, now, partOf, dutyPerformance } = one;
  const wholes: Record<string, string[]> = {};
  for (const [part, whole] of partOf) wholes[part] = [...(wholes[part] ?? []), whole];
  const parts = { ...only("assignee", request.assignee), ...only("target", request.target) };
  const asked = { action: plain(request.action[0] ?? ""), ...parts };
  const duties: Record<string, Performance> = dutyPerformance ? { compensate: dutyPerformance } : {};
  return evaluatePolicy(policyOfCase(one), asked, { now: new Date(now), partOf: wholes, duties });
}

/** Evaluators that each forget a part of ODRL. The suite has to notice all of them. */
const NAIVE: Readonly<Record<string, (one: Case) => Case["expected"]>> = {
  "that activates every rule": () => "Active",
  "that activates no rule": () => "Inactive",
  "that knows no included actions": ({ rules: [rule], ...one }) => {
    const isSame = !rule?.action.length || rule.action[0] === one.request.action[0];
    return isSame
      ? (decide({ rules: rule ? [rule] : [], ...one }).rules[0]?.status ?? "Inactive")
      : "Inactive";
  },
  "that knows no collections": (one) => decide({ ...one, partOf: [] }).rules[0]?.status ?? "Inactive",
  "that forgets duties": (one) => decide({ ...one, dutyPerformance: null }).rules[0]?.status ?? "Inactive",
  "that forgets constraints": (one) =>
    decide({ ...one, rules: one.rules.map((rule) => ({ ...rule, constraint: [] })) }).rules[0]?.status ??
    "Inactive",
  "that forgets assignees": (one) =>
    decide({ ...one, rules: one.rules.map((rule) => ({ ...rule, assignee: [] })) }).rules[0]?.status ??
    "Inactive",
  "that forgets targets": (one) =>
    decide({ ...one, rules: one.rules.map((rule) => ({ ...rule, target: [] })) }).rules[0]?.status ??
    "Inactive",
};

describe(`the 68 cases of ${source.split(" ")[0]}`, () => {
  it("are all here", () => {
    expect(cases).to.have.length(68);
    expect(new Set(cases.map(({ case: name }) => name)).size).to.equal(68);
  });

  for (const one of cases) {
    it(`${one.case}: ${one.title} ${one.expected}`, () => {
      const { rules, permitted } = decide(one);
      expect(rules.map(({ status }) => status)).to.deep.equal([one.expected]);
      const isPermission = one.rules[0]?.kind === "permission";
      expect(permitted).to.equal(isPermission && one.expected === "Active");
    });
  }

  for (const [name, status] of Object.entries(NAIVE)) {
    it(`refute an evaluator ${name}`, () => {
      expect(cases.filter((one) => status(one) !== one.expected)).to.not.be.empty;
    });
  }

  it("depend on each of their answers: the opposite fails", () => {
    const opposite = { Active: "Inactive", Inactive: "Active" } as const;
    const passing = cases.filter((one) => decide(one).rules[0]?.status === opposite[one.expected]);
    expect(passing).to.deep.equal([]);
  });
});
