import { InvalidParameterError } from "@benefit-grid/sdk";
import {
  evaluatePolicy,
  POLICY_CONTEXT,
  POLICY_PROFILE,
  type PolicyRequest,
  type PolicyState,
  parsePolicy,
  researchOnly,
} from "@benefit-grid/sdk/policy";
import { expect } from "chai";

const HEAD = { "@context": POLICY_CONTEXT, "@type": "Set", uid: "urn:test:1", profile: POLICY_PROFILE };
const now = new Date("2030-01-02T00:00:00Z");
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000);
const iri = (name: string) => ({ "@id": `grid:${name}` });
const day = { "@value": "P1D", "@type": "xsd:duration" };
const use: PolicyRequest = { action: "grid:meteredUse" };

function decide(rules: object, request: Partial<PolicyRequest> = {}, state: Partial<PolicyState> = {}) {
  return evaluatePolicy(parsePolicy({ ...HEAD, ...rules }), { ...use, ...request }, { now, ...state });
}

function permits(constraint: object, request: Partial<PolicyRequest> = {}, state: Partial<PolicyState> = {}) {
  const rule = { action: "grid:meteredUse", constraint: [constraint] };
  return decide({ permission: [rule] }, request, state).permitted;
}

const atom = (leftOperand: string, operator: string, rightOperand: unknown) => ({
  leftOperand,
  operator,
  rightOperand,
});

describe("evaluatePolicy", () => {
  it("names the rule that permits, and without one the part that failed", () => {
    const permission = [{ action: "transfer" }, { action: "use", constraint: [atom("count", "lteq", 5)] }];
    expect(decide({ permission }, { units: 5n })).to.include({ permitted: true, rule: "/permission/1" });
    const refused = decide({ permission }, { units: 6n });
    expect(refused).to.include({ reason: "NotPermitted", rule: "/permission/1" });
    expect(refused.because).to.equal("/permission/1/constraint/0");
    expect(refused.text).to.equal(
      "Refused: no permission is active. /permission/1/constraint/0 does not hold: at most 5 units are bought in a term.",
    );
    const other = decide({ permission: [{ action: "transfer" }] });
    expect(other.text).to.equal("Refused: no permission is active. /permission/0 is about another action.");
    expect(decide({ prohibition: [{ action: "sell" }] }).text).to.equal(
      "Refused: the policy has no permission.",
    );
  });

  it("given permissions about something else, names the one that came nearest", () => {
    const nearest = (...permission: object[]) =>
      decide({ permission }, { target: "urn:a", assignee: "urn:b" });
    const transfer = { action: "transfer" };
    const otherTarget = { ...use, target: "urn:x" };
    const otherAssignee = { ...use, assignee: "urn:x" };
    const limited = {
      ...use,
      constraint: [atom("purpose", "eq", iri("research")), atom("media", "eq", "tv")],
    };
    expect(nearest(transfer, otherTarget).because).to.equal("/permission/1/target");
    expect(nearest(transfer, otherTarget, otherAssignee).because).to.equal("/permission/2/assignee");
    expect(nearest(otherAssignee, limited, transfer).because).to.equal("/permission/1/constraint/1");
    expect(nearest(transfer, otherAssignee).text).to.equal(
      "Refused: no permission is active. /permission/1 is about another assignee.",
    );
  });

  it("names a duty that was not done", () => {
    const permission = [{ ...use, duty: [{ action: "attribute" }] }];
    expect(decide({ permission }).permitted).to.equal(true);
    const refused = decide({ permission }, {}, { duties: { attribute: "Unperformed" } });
    expect(refused.text).to.contain("/permission/0/duty/0 is not done: name its creators.");
  });

  it("resolves conflicts by the policy's strategy, which is invalid by default", () => {
    const rules = { permission: [{ action: "use" }], prohibition: [{ action: "derive" }] };
    const derive = { action: "derive" };
    const [, first] = [decide(rules), decide(rules, derive)];
    expect(first).to.include({ permitted: false, reason: "Conflict", rule: "/prohibition/0" });
    expect(decide({ ...rules, conflict: "invalid" }, derive).reason).to.equal("Conflict");
    expect(decide({ ...rules, conflict: "prohibit" }, derive)).to.include({
      reason: "Prohibited",
      rule: "/prohibition/0",
    });
    expect(decide({ ...rules, conflict: "perm" }, derive)).to.include({
      reason: "Permitted",
      rule: "/permission/0",
    });
    expect(decide(rules).permitted).to.equal(true);
  });

  it("needs the permission for each context of a request, and restricts no unstated one", () => {
    const set = atom("purpose", "isAnyOf", [iri("research"), iri("training")]);
    expect(permits(set, { contexts: ["research", "training", "africa"] })).to.equal(true);
    expect(permits(set, { contexts: ["research", "commercial"] })).to.equal(false);
    expect(permits(set)).to.equal(true);
    const prohibition = [{ ...use, constraint: [atom("spatial", "eq", iri("asia"))] }];
    const rules = { permission: [use], prohibition };
    expect(decide(rules, { contexts: ["asia", "europe"] }).permitted).to.equal(false);
    expect(decide(rules, { contexts: ["europe"] }).permitted).to.equal(true);
    expect(decide(rules).permitted).to.equal(true);
  });

  it("counts a missing fact against the request, unless it cannot matter", () => {
    const language = atom("language", "eq", "sw");
    expect(permits(language, { facts: { language: "sw" } })).to.equal(true);
    expect(permits(language)).to.equal(false);
    const prohibition = [{ ...use, constraint: [language] }];
    expect(decide({ permission: [use], prohibition }).permitted).to.equal(false);
    expect(decide({ permission: [use], prohibition }, { facts: { language: "en" } }).permitted).to.equal(
      true,
    );
    expect(permits({ or: [language, atom("count", "lteq", 5)] })).to.equal(true);
    expect(permits({ and: [language, atom("count", "lteq", 5)] })).to.equal(false);
    expect(permits({ xone: [atom("count", "lteq", 5), atom("count", "lteq", 6), language] })).to.equal(false);
  });

  it("excludes the end of periods", () => {
    for (const operator of ["eq", "lt", "lteq"]) {
      const elapsed = atom("elapsedTime", operator, day);
      expect(permits(elapsed, {}, { since: ago(86_399) })).to.equal(true);
      expect(permits(elapsed, {}, { since: ago(86_400) })).to.equal(false);
      const notice = atom("grid:revocationNotice", operator, day);
      expect(permits(notice)).to.equal(true);
      expect(permits(notice, {}, { revoked: ago(86_399) })).to.equal(true);
      expect(permits(notice, {}, { revoked: ago(86_400) })).to.equal(false);
    }
    expect(permits(atom("delayPeriod", "gteq", day), {}, { since: ago(86_400) })).to.equal(true);
    expect(permits(atom("delayPeriod", "gt", day), {}, { since: ago(86_400) })).to.equal(false);
  });

  it("compares numbers and sets by each operator", () => {
    const held = (operator: string) =>
      [4, 5, 6].map((right) => permits(atom("count", operator, right), { units: 5n }));
    expect(held("eq")).to.deep.equal([false, true, false]);
    expect(held("neq")).to.deep.equal([true, false, true]);
    expect(held("lt")).to.deep.equal([false, false, true]);
    expect(held("lteq")).to.deep.equal([false, true, true]);
    expect(held("gt")).to.deep.equal([true, false, false]);
    expect(held("gteq")).to.deep.equal([true, true, false]);
    const facts = { media: ["print", "web"] };
    expect(permits(atom("media", "isAnyOf", ["print", "web", "radio"]), { facts })).to.equal(true);
    expect(permits(atom("media", "isAnyOf", ["print"]), { facts })).to.equal(false);
    expect(permits(atom("media", "isNoneOf", ["radio"]), { facts })).to.equal(true);
    expect(permits(atom("media", "isNoneOf", ["web"]), { facts })).to.equal(false);
  });

  it("follows collections, circular ones too", () => {
    const permission = [{ ...use, assignee: "urn:c" }];
    const partOf = { "urn:a": ["urn:b"], "urn:b": ["urn:a", "urn:c"] };
    expect(decide({ permission }, { assignee: "urn:a" }, { partOf }).permitted).to.equal(true);
    expect(decide({ permission }, { assignee: "urn:d" }, { partOf }).permitted).to.equal(false);
    expect(decide({ permission }, { assignee: "constructor" }, { partOf }).permitted).to.equal(false);
  });

  it("permits only the holder of a license", () => {
    const decision = decide({ permission: [use] }, { assignee: "urn:b" }, { holder: "urn:a" });
    expect(decision).to.include({ permitted: false, reason: "NotHolder" });
    expect(decide({ permission: [use] }, { assignee: "urn:a" }, { holder: "urn:a" }).permitted).to.equal(
      true,
    );
  });

  it("refuses unknown actions and contexts", () => {
    const wrong = (request: PolicyRequest) => () => evaluatePolicy(researchOnly(), request, { now });
    expect(wrong({ action: "fly" })).to.throw(InvalidParameterError, "request.action");
    expect(wrong({ ...use, contexts: ["fun"] })).to.throw(InvalidParameterError, "request.contexts");
  });

  it("refuses facts and duties that no policy can have, wrong times and negative units", () => {
    const wrong = (problem: string, request: Partial<PolicyRequest>, state: Partial<PolicyState> = {}) =>
      expect(() => decide({ permission: [use] }, request, state)).to.throw(InvalidParameterError, problem);
    wrong("`request.facts` contain langage", { facts: { langage: "sw" } });
    wrong("`request.facts` contain count", { facts: { count: "5" } });
    wrong("`request.units` is -1", { units: -1n });
    wrong("`state.units` is -1", {}, { units: -1n });
    wrong("`state.duties` contain pay", {}, { duties: { pay: "Unperformed" } });
    wrong("`state.since` is Invalid Date", {}, { since: new Date("soon") });
  });
});
