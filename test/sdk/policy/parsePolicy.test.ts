import { GridError } from "@benefit-grid/sdk";
import {
  canonicalizePolicy,
  POLICY_CONTEXT,
  POLICY_PROFILE,
  PolicyError,
  parsePolicy,
  policySchema,
} from "@benefit-grid/sdk/policy";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "chai";
import { randomOf, randomPolicy } from "./random.ts";

const HEAD = { "@context": POLICY_CONTEXT, "@type": "Set", uid: "urn:test:1", profile: POLICY_PROFILE };
const USE = { action: "grid:meteredUse" };
const MINIMAL = { ...HEAD, permission: [USE] };
const matchesSchema = new Ajv2020({ strict: false, unicodeRegExp: true }).compile(policySchema);

function problemsOf(json: unknown) {
  try {
    parsePolicy(json);
  } catch (error) {
    if (error instanceof PolicyError) return error.problems;
    throw error;
  }
  return expect.fail("The policy is accepted.");
}

function expectProblem(json: unknown, pointer: string, problem: RegExp, advice = /^[A-Z]/) {
  const problems = problemsOf(json);
  const found = problems.find((one) => one.pointer === pointer && problem.test(one.problem));
  expect(found?.advice, JSON.stringify(problems)).to.match(advice);
}

const withConstraint = (constraint: unknown) => ({
  ...HEAD,
  permission: [{ ...USE, constraint: [constraint] }],
});

describe("parsePolicy", () => {
  it("returns a frozen copy, from text or data", () => {
    const policy = parsePolicy(JSON.stringify(MINIMAL));
    expect(policy).to.deep.equal(MINIMAL);
    expect(parsePolicy(MINIMAL)).to.deep.equal(policy);
    expect(Object.isFrozen(policy.permission?.[0])).to.equal(true);
  });

  it("names all problems at once, each with its pointer and what to write", () => {
    const json = {
      ...HEAD,
      "@type": "offer",
      profile: undefined,
      "dct:titel": "x",
      permission: [
        { action: "odrl:use", constraint: [{ leftOperand: "speed", operator: "eq", rightOperand: 1 }] },
      ],
    };
    const problems = problemsOf(json);
    expect(problems.map(({ pointer }) => pointer)).to.deep.equal([
      "",
      "/@type",
      "/dct:titel",
      "/permission/0/action",
      "/permission/0/constraint/0/leftOperand",
    ]);
    expectProblem(json, "/@type", /^is "offer", not a type of policy/, /^Write Offer$/);
    expectProblem(json, "/permission/0/action", /odrl:use/, /^Write use$/);
    expect(() => parsePolicy(json)).to.throw(
      PolicyError,
      '/permission/0/action is "odrl:use", not an action',
    );
  });

  const CASES: [string, unknown, string, RegExp][] = [
    ["not an object", [], "", /not an object/],
    ["no rule", HEAD, "", /no rule/],
    ["an empty list", { ...HEAD, permission: [] }, "/permission", /a list with an element/],
    [
      "another context",
      { ...MINIMAL, "@context": "http://www.w3.org/ns/odrl.jsonld" },
      "/@context",
      /this profile's/,
    ],
    ["a relative IRI", { ...MINIMAL, uid: "policy 1" }, "/uid", /absolute IRI/],
    [
      "a duty without action",
      { ...HEAD, permission: [{ ...USE, duty: [{}] }] },
      "/permission/0/duty/0",
      /has no action/,
    ],
    [
      "a duty of a prohibition",
      { ...HEAD, prohibition: [{ ...USE, duty: [] }] },
      "/prohibition/0/duty",
      /unknown here/,
    ],
    [
      "a mark that is not true",
      { ...HEAD, permission: [{ ...USE, "grid:offChain": false }] },
      "/permission/0/grid:offChain",
      /not true/,
    ],
    [
      "months",
      withConstraint({
        leftOperand: "elapsedTime",
        operator: "lteq",
        rightOperand: { "@value": "P1M", "@type": "xsd:duration" },
      }),
      "/permission/0/constraint/0/rightOperand/@value",
      /P1M/,
    ],
    [
      "a date that does not exist",
      withConstraint({
        leftOperand: "dateTime",
        operator: "lt",
        rightOperand: { "@value": "2030-02-30T00:00:00Z", "@type": "xsd:dateTime" },
      }),
      "/permission/0/constraint/0/rightOperand/@value",
      /not a date/,
    ],
    [
      "a count with a fraction",
      withConstraint({ leftOperand: "count", operator: "lteq", rightOperand: 1.5 }),
      "/permission/0/constraint/0/rightOperand",
      /whole number/,
    ],
    [
      "a count beyond exact numbers",
      withConstraint({ leftOperand: "count", operator: "lteq", rightOperand: 2 ** 53 }),
      "/permission/0/constraint/0/rightOperand",
      /whole number/,
    ],
    [
      "a list for eq",
      withConstraint({ leftOperand: "purpose", operator: "eq", rightOperand: [{ "@id": "grid:research" }] }),
      "/permission/0/constraint/0/rightOperand",
      /a context/,
    ],
    [
      "an operator of another operand",
      withConstraint({ leftOperand: "purpose", operator: "lt", rightOperand: { "@id": "grid:research" } }),
      "/permission/0/constraint/0/operator",
      /operator of purpose/,
    ],
    [
      "two logical operators",
      withConstraint({ and: [], or: [] }),
      "/permission/0/constraint/0",
      /has and and or/,
    ],
    [
      "a duty's operand in a rule",
      withConstraint({ leftOperand: "payAmount", operator: "eq", rightOperand: 1 }),
      "/permission/0/constraint/0/leftOperand",
      /payAmount/,
    ],
    ["half a character", { ...MINIMAL, "dct:title": "\ud800" }, "/dct:title", /half a character/],
    [
      "an infinite number",
      withConstraint({ leftOperand: "count", operator: "lteq", rightOperand: Infinity }),
      "/permission/0/constraint/0/rightOperand",
      /not finite/,
    ],
    ["an instance of a class", new Date(0), "", /not JSON data/],
    [
      "a member named like Object's prototype",
      JSON.parse(`{"__proto__":{"permission":[]}}`),
      "/__proto__",
      /unknown here/,
    ],
    [
      "a method's name as operand",
      withConstraint({ leftOperand: "constructor", operator: "eq", rightOperand: 1 }),
      "/permission/0/constraint/0/leftOperand",
      /constructor/,
    ],
    ["a name with slash and tilde", { ...MINIMAL, "a/b~c": 1 }, "/a~1b~0c", /unknown here/],
  ];
  for (const [name, json, pointer, problem] of CASES) {
    it(`refuses ${name}`, () => expectProblem(json, pointer, problem));
  }

  it("given a context as text, shows how to write it", () => {
    const constraint = { leftOperand: "purpose", operator: "eq", rightOperand: "research" };
    const [problem] = problemsOf(withConstraint(constraint));
    expect(problem).to.deep.equal({
      pointer: "/permission/0/constraint/0/rightOperand",
      problem: 'is "research", not a context',
      advice: 'Write the context\'s name after grid:, as grid:research, in {"@id":"..."}',
    });
  });

  it("throws an error of this package, with a code", () => {
    expect(() => parsePolicy("{"))
      .to.throw(GridError)
      .with.property("code", "POLICY");
  });

  it("refuses text that JSON.parse would read otherwise than people", () => {
    expectProblem("{", "", /not JSON/);
    expectProblem('{"a":1,"b":{"c":[0,{"d":1,"d":2}]},"a":2}', "/b/c/1/d", /appears twice/);
    expectProblem('{"a":1,"\\u0061":2}', "/a", /appears twice/);
    expectProblem('{"a":"\\"}{[","a":2}', "/a", /appears twice/);
  });

  it("refuses large and deep input at once", () => {
    const start = performance.now();
    expectProblem(" ".repeat(10_000_000), "", /more than 1048576 bytes/);
    expectProblem("é".repeat(600_000), "", /more than 1048576 bytes/);
    expectProblem("[".repeat(500_000), "", /levels/);
    expectProblem(`"${'\\"'.repeat(500_000)}`, "", /not JSON/);
    expectProblem(`{"a":${"[".repeat(40)}${"]".repeat(40)}}`, "", /levels/);
    const cyclic: Record<string, unknown> = { ...MINIMAL };
    cyclic.self = cyclic;
    expect(problemsOf(cyclic)[0]?.problem).to.match(/below 32 levels/);
    expect(performance.now() - start).to.be.lessThan(2_000);
  });

  it("shows at most 20 of many problems in its message", () => {
    const permission = Array.from({ length: 50 }, () => ({ action: "fly" }));
    const message = (() => {
      try {
        return String(parsePolicy({ ...HEAD, permission }));
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(message.split("\n")).to.have.length(21);
    expect(message).to.contain("30 more problems.");
  });
});

/** Changes one place of a policy: removes, replaces, renames or adds. */
function mutate(json: string, { below, pick }: ReturnType<typeof randomOf>): unknown {
  const copy = JSON.parse(json);
  const objects: Record<string, unknown>[] = [];
  const visit = (value: unknown) => {
    if (typeof value !== "object" || value === null) return;
    objects.push(value as Record<string, unknown>);
    Object.values(value).forEach(visit);
  };
  visit(copy);
  const owner = pick(objects);
  const name = pick(Object.keys(owner));
  const values = [
    0,
    -1,
    1.5,
    "",
    "x",
    "a:b",
    true,
    null,
    [],
    {},
    [{}],
    "use",
    "lteq",
    { "@id": "grid:asia" },
  ];
  switch (below(4)) {
    case 0:
      if (Array.isArray(owner)) owner.pop();
      else delete owner[name];
      break;
    case 1:
      owner[name] = pick(values);
      break;
    case 2:
      owner[
        pick(["uid", "constraint", "duty", "unit", "and", "xone", "x", "action", "operator", "conflict"])
      ] = pick(values);
      break;
    default:
      owner[name] = structuredClone(pick(objects));
  }
  return copy;
}

describe("the policy schema", () => {
  it("accepts what parsePolicy accepts, on 3,000 mutants of random policies", () => {
    const random = randomOf(3);
    const seen = { accepted: 0, refused: 0 };
    for (let i = 0; i < 3_000; i++) {
      const mutant = mutate(canonicalizePolicy(randomPolicy(random)), random);
      let isAccepted = true;
      try {
        parsePolicy(mutant);
      } catch (error) {
        expect(error).to.be.instanceOf(PolicyError);
        isAccepted = false;
      }
      seen[isAccepted ? "accepted" : "refused"]++;
      expect(matchesSchema(mutant), JSON.stringify(mutant)).to.equal(isAccepted);
    }
    expect(seen.accepted).to.be.greaterThan(100);
    expect(seen.refused).to.be.greaterThan(1_000);
  });
});
