import { encodeContexts, InvalidParameterError, IRREVOCABLE } from "@benefit-grid/sdk";
import {
  canonicalizePolicy,
  compilePolicy,
  describePolicy,
  GENESIS_CONTEXTS,
  hashPolicy,
  LONGEST_DURATION,
  MOST_UNITS,
  POLICY_CONTEXT,
  POLICY_PROFILE,
  type Policy,
  PolicyError,
  parsePolicy,
  policyOf,
} from "@benefit-grid/sdk/policy";
import { expect } from "chai";
import { keccak256, toUtf8Bytes } from "ethers";
import { NAMES, type Random, randomOf, randomPolicy } from "./random.ts";

const HEAD = {
  "@context": POLICY_CONTEXT,
  "@type": "Set",
  uid: "urn:test:1",
  profile: POLICY_PROFILE,
} as const;
const ALL = encodeContexts(NAMES);

const iri = (name: string) => ({ "@id": `grid:${name}` });
const duration = (value: string) => ({ "@value": value, "@type": "xsd:duration" });
const decimal = (value: string) => ({ "@value": value, "@type": "xsd:decimal" });
const date = { "@value": "2030-01-01T00:00:00Z", "@type": "xsd:dateTime" };

/** A policy for metered use with these parts of its permission, and other members. */
function policyWith(
  use: object = {},
  others: { permission?: object[]; [name: string]: unknown } = {},
): Policy {
  const permission = [{ action: "grid:meteredUse", ...use }, ...(others.permission ?? [])];
  return parsePolicy({ ...HEAD, ...others, permission });
}

function problemsOf(policy: Policy) {
  try {
    compilePolicy(policy);
  } catch (error) {
    if (error instanceof PolicyError) return error.problems;
    throw error;
  }
  return expect.fail("The policy compiles.");
}

function expectRefused(policy: Policy, pointer: string, problem: RegExp) {
  const problems = problemsOf(policy);
  const found = problems.find((one) => one.pointer === pointer && problem.test(one.problem));
  expect(found, JSON.stringify(problems)).not.to.equal(undefined);
  expect(found?.advice).to.match(/^(Write|Remove|Keep|Add|Permit|Name) /);
}

const atom = (leftOperand: string, operator: string, rightOperand: unknown) => ({
  leftOperand,
  operator,
  rightOperand,
});

describe("compilePolicy", () => {
  it("without constraints, permits all that the chain can permit", () => {
    const policy = policyWith({}, { permission: [{ action: "derive" }, { action: "transfer" }] });
    const { terms, price, duties } = compilePolicy(policy);
    expect(terms).to.deep.equal({
      duration: LONGEST_DURATION,
      revocationNotice: IRREVOCABLE,
      maxUnits: MOST_UNITS,
      contexts: ALL,
      transferable: true,
      derivatives: true,
      derivativeShareBps: 0n,
      policyHash: hashPolicy(policy),
    });
    expect([price, duties]).to.deep.equal([undefined, []]);
  });

  it("compiles each standard constraint to its field", () => {
    const constraint = [
      atom("elapsedTime", "lteq", duration("P1DT2H3M4S")),
      atom("count", "lt", 1_001),
      atom("grid:revocationNotice", "lteq", duration("PT0S")),
      atom("purpose", "isAnyOf", [iri("research"), iri("training")]),
      { and: [atom("industry", "neq", iri("government")), atom("spatial", "eq", iri("africa"))] },
    ];
    const { terms } = compilePolicy(policyWith({ constraint }));
    const contexts = encodeContexts(["research", "training", "education", "health", "africa"]);
    expect(terms).to.include({ duration: 93_784n, maxUnits: 1_000n, revocationNotice: 0n, contexts });
    expect(terms).to.include({ transferable: false, derivatives: false, derivativeShareBps: 0n });
  });

  it("takes the narrowest of several limits", () => {
    const constraint = [
      atom("count", "lteq", 7),
      atom("count", "lteq", 9),
      atom("elapsedTime", "lteq", duration("P2D")),
      atom("elapsedTime", "lteq", duration("P1D")),
      atom("spatial", "isAnyOf", [iri("asia"), iri("europe")]),
      atom("spatial", "isNoneOf", [iri("europe")]),
    ];
    const { terms } = compilePolicy(policyWith({ constraint }));
    const contexts = encodeContexts(
      NAMES.filter((name) => !["africa", "americas", "europe", "oceania"].includes(name)),
    );
    expect(terms).to.include({ maxUnits: 7n, duration: 86_400n, contexts });
  });

  it("takes prohibited contexts away where prohibitions prevail", () => {
    const prohibition = [
      { action: "grid:meteredUse", constraint: [atom("purpose", "eq", iri("commercial"))] },
    ];
    const policy = policyWith({}, { prohibition, conflict: "prohibit" });
    expect(compilePolicy(policy).terms.contexts).to.equal(ALL & ~encodeContexts(["commercial"]));
    expectRefused(policyWith({}, { prohibition }), "/prohibition/0", /^contradicts \/permission\/0/);
    expectRefused(policyWith({}, { prohibition, conflict: "perm" }), "/prohibition/0", /^contradicts/);
  });

  it("lets a prohibition of derivation or transfer prevail, if the policy says so", () => {
    const permission = [{ action: "transfer" }, { action: "derive" }];
    const prohibition = [{ action: "transfer" }];
    const policy = policyWith({}, { permission, prohibition, conflict: "prohibit" });
    expect(compilePolicy(policy).terms).to.include({ transferable: false, derivatives: true });
    expectRefused(
      policyWith({}, { permission, prohibition }),
      "/prohibition/0",
      /^contradicts \/permission\/1/,
    );
  });

  it("compiles the share of derivatives in basis points", () => {
    const shareOf = (value: string) => {
      const duty = [{ action: "compensate", constraint: [atom("grid:payPercentage", "eq", decimal(value))] }];
      return policyWith({}, { permission: [{ action: "derive", duty }] });
    };
    expect(compilePolicy(shareOf("12.5")).terms.derivativeShareBps).to.equal(1_250n);
    expect(compilePolicy(shareOf("50")).terms.derivativeShareBps).to.equal(5_000n);
    const at = "/permission/1/duty/0/constraint/0/rightOperand";
    for (const wrong of ["0", "0.00", "50.01", "12.345"]) expectRefused(shareOf(wrong), at, /%$/);
  });

  it("compiles the price of a million units", () => {
    const currency = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
    const priced = (amount: string, unit: string) => {
      const price = { ...atom("payAmount", "eq", decimal(amount)), unit };
      const constraint = [price, atom("unitOfCount", "eq", iri("millionUnits"))];
      return policyWith({ duty: [{ action: "compensate", constraint }] });
    };
    const { price } = compilePolicy(priced("2500000", `eip155:31337/erc20:${currency}`));
    expect(price).to.deep.equal({ chainId: 31_337n, currency, pricePerMillion: 2_500_000n });
    const at = "/permission/0/duty/0/constraint";
    expectRefused(priced("2.5", `eip155:31337/erc20:${currency}`), at, /no price/);
    expectRefused(priced("2", "http://dbpedia.org/resource/Euro"), at, /no price/);
    expectRefused(priced(String(2n ** 96n), `eip155:31337/erc20:${currency}`), at, /no price/);
  });

  it("knows contexts that governance added", () => {
    const codes = [...GENESIS_CONTEXTS, { name: "defence", code: 13n, kind: "sector" } as const];
    const policy = policyWith({ constraint: [atom("industry", "neq", iri("defence"))] });
    expect(compilePolicy(policy, { codes }).terms.contexts).to.equal(ALL);
    expect(compilePolicy(policyWith(), { codes }).terms.contexts).to.equal(ALL | (1n << 13n));
    expectRefused(policy, "/permission/0/constraint/0/rightOperand", /no code on chain/);
  });

  it("given terms that no policy can say, writes none", () => {
    const { policyHash: _, ...terms } = compilePolicy(policyWith()).terms;
    const refused = (changes: object, problem: string) =>
      expect(() => policyOf({ ...terms, ...changes })).to.throw(InvalidParameterError, problem);
    refused({ contexts: 1n << 13n }, "`terms.contexts` has code 13");
    refused({ derivativeShareBps: 1n }, "`terms.derivativeShareBps` is 1");
  });

  const REFUSED: [string, Policy, string, RegExp][] = [
    [
      "use, which includes derivation",
      parsePolicy({ ...HEAD, permission: [{ action: "use" }] }),
      "/permission/0/action",
      /includes derivation/,
    ],
    [
      "a rule about every action",
      parsePolicy({ ...HEAD, permission: [{}] }),
      "/permission/0/action",
      /every action/,
    ],
    ["no metered use", parsePolicy({ ...HEAD, permission: [{ action: "transfer" }] }), "", /for nothing/],
    [
      "an action that the chain cannot tell",
      policyWith({}, { permission: [{ action: "sell" }] }),
      "/permission/1/action",
      /is sell/,
    ],
    [
      "a second permission of use",
      policyWith({}, { permission: [{ action: "grid:meteredUse" }] }),
      "/permission/1",
      /repeats/,
    ],
    [
      "a second permission of transfer",
      policyWith({}, { permission: [{ action: "transfer" }, { action: "transfer" }] }),
      "/permission/2",
      /repeats/,
    ],
    ["a licensee", policyWith({ assignee: "urn:test:alice" }), "/permission/0/assignee", /anyone may buy/],
    [
      "two capsules",
      policyWith({ target: "urn:test:a" }, { permission: [{ action: "transfer", target: "urn:test:b" }] }),
      "/permission/1/target",
      /one capsule/,
    ],
    ["an agreement", policyWith({}, { "@type": "Agreement" }), "/@type", /everybody/],
    [
      "a date",
      policyWith({ constraint: [atom("dateTime", "lt", date)] }),
      "/permission/0/constraint/0",
      /dateTime/,
    ],
    [
      "a delay",
      policyWith({ constraint: [atom("delayPeriod", "gteq", duration("P1D"))] }),
      "/permission/0/constraint/0",
      /delayPeriod/,
    ],
    [
      "an exact count",
      policyWith({ constraint: [atom("count", "eq", 5)] }),
      "/permission/0/constraint/0",
      /maximum/,
    ],
    [
      "a choice of limits",
      policyWith({ constraint: [{ or: [atom("count", "lteq", 5)] }] }),
      "/permission/0/constraint/0",
      /is or/,
    ],
    [
      "a limit inside of and",
      policyWith({ constraint: [{ and: [atom("language", "eq", "sw")] }] }),
      "/permission/0/constraint/0/and/0",
      /language/,
    ],
    [
      "a limit of transfer",
      policyWith({}, { permission: [{ action: "transfer", constraint: [atom("count", "lteq", 1)] }] }),
      "/permission/1/constraint/0",
      /allows or not/,
    ],
    [
      "a limit of derivation",
      policyWith(
        {},
        { permission: [{ action: "derive", constraint: [atom("purpose", "eq", iri("research"))] }] },
      ),
      "/permission/1/constraint/0",
      /allows or not/,
    ],
    [
      "a duty",
      policyWith({ duty: [{ action: "attribute" }] }),
      "/permission/0/duty/0",
      /cannot enforce: name its creators/,
    ],
    [
      "a duty of transfer",
      policyWith({}, { permission: [{ action: "transfer", duty: [{ action: "inform" }] }] }),
      "/permission/1/duty/0",
      /cannot enforce/,
    ],
    [
      "a second payment",
      policyWith({ duty: [{ action: "compensate" }, { action: "compensate" }] }),
      "/permission/0/duty/1",
      /cannot enforce/,
    ],
    [
      "an obligation",
      policyWith({}, { obligation: [{ action: "inform" }] }),
      "/obligation/0",
      /cannot enforce/,
    ],
    [
      "a prohibition of copies",
      policyWith({}, { prohibition: [{ action: "reproduce" }] }),
      "/prohibition/0/action",
      /reproduce/,
    ],
    [
      "a prohibition by time",
      policyWith(
        {},
        {
          prohibition: [
            { action: "grid:meteredUse", constraint: [atom("elapsedTime", "lteq", duration("P1D"))] },
          ],
        },
      ),
      "/prohibition/0",
      /one kind/,
    ],
    [
      "a prohibition of all use",
      policyWith({}, { prohibition: [{ action: "grid:meteredUse" }], conflict: "prohibit" }),
      "/prohibition/0",
      /one kind/,
    ],
    [
      "a territory as purpose",
      policyWith({ constraint: [atom("purpose", "eq", iri("africa"))] }),
      "/permission/0/constraint/0/rightOperand",
      /a territory/,
    ],
    [
      "an unknown context",
      policyWith({ constraint: [atom("purpose", "isAnyOf", [iri("fun")])] }),
      "/permission/0/constraint/0/rightOperand/0",
      /no code/,
    ],
    [
      "no time",
      policyWith({ constraint: [atom("elapsedTime", "lteq", duration("PT0S"))] }),
      "/permission/0",
      /no time/,
    ],
    ["no unit", policyWith({ constraint: [atom("count", "lt", 1)] }), "/permission/0", /no unit/],
    [
      "no purpose",
      policyWith({
        constraint: [atom("purpose", "eq", iri("research")), atom("purpose", "neq", iri("research"))],
      }),
      "/permission/0",
      /no purpose/,
    ],
    [
      "a notice that never ends",
      policyWith({ constraint: [atom("grid:revocationNotice", "lteq", duration("PT1099511627775S"))] }),
      "/permission/0/constraint/0/rightOperand",
      /longer/,
    ],
  ];
  for (const [name, policy, pointer, problem] of REFUSED) {
    it(`refuses ${name}`, () => expectRefused(policy, pointer, problem));
  }

  it("refuses a marked permission of what the chain decides, and lists any other", () => {
    const marked = (action?: string) => {
      const rule = { ...(action && { action }), "grid:offChain": true };
      return policyWith({}, { permission: [rule] });
    };
    for (const action of [undefined, "use", "grid:meteredUse", "derive", "transfer", "sell"]) {
      expectRefused(marked(action), "/permission/1/grid:offChain", /but the chain decides about/);
    }
    const duties = [{ pointer: "/permission/1", text: "permission of print" }];
    expect(compilePolicy(marked("print")).duties).to.deep.equal(duties);
  });

  it("lists marked parts as duties off chain, each by its pointer", () => {
    const mark = { "grid:offChain": true };
    const policy = policyWith(
      {
        constraint: [{ ...atom("dateTime", "lt", date), ...mark }],
        duty: [{ action: "attribute", ...mark }],
      },
      {
        permission: [{ action: "transfer", constraint: [{ or: [atom("count", "lteq", 1)], ...mark }] }],
        prohibition: [{ action: "reproduce", "dct:description": "No copies", ...mark }],
        obligation: [{ action: "inform", ...mark }],
      },
    );
    const { duties, terms } = compilePolicy(policy);
    expect(duties).to.deep.equal([
      { pointer: "/prohibition/0", text: 'prohibition of reproduce: "No copies"' },
      { pointer: "/obligation/0", text: "report the use" },
      { pointer: "/permission/0/constraint/0", text: "the time is before 2030-01-01T00:00:00Z" },
      { pointer: "/permission/0/duty/0", text: "name its creators" },
      { pointer: "/permission/1/constraint/0", text: "at most 1 unit is bought in a term" },
    ]);
    expect(terms).to.include({ duration: LONGEST_DURATION, transferable: true });
  });
});

/** Every place in a policy where a member could stand, as its object's path. */
function objectsIn(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, one]) => objectsIn(one, [...path, key]));
  return Array.isArray(value) ? inner : [path, ...inner];
}

function withMember(
  policy: Policy,
  path: readonly (string | number)[],
  name: string,
  value: unknown,
): unknown {
  const copy = JSON.parse(JSON.stringify(policy));
  const owner = path.reduce((object, key) => object[key], copy);
  if (Object.hasOwn(owner, name)) return undefined;
  owner[name] = value;
  return copy;
}

function leavesOf(value: unknown, pointer = ""): string[] {
  if (typeof value !== "object" || value === null) return [pointer];
  const escaped = (key: string) => key.replaceAll("~", "~0").replaceAll("/", "~1");
  return Object.entries(value).flatMap(([key, one]) => leavesOf(one, `${pointer}/${escaped(key)}`));
}

const ADDITIONS: [string, unknown][] = [
  ["@type", "Offer"],
  ["dct:title", "Title"],
  ["dct:description", "Text"],
  ["dct:creator", "Somebody"],
  ["uid", "urn:test:2"],
  ["target", "urn:test:capsule"],
  ["assigner", "urn:test:creator"],
  ["assignee", "urn:test:alice"],
  ["unit", "urn:test:euro"],
  ["constraint", [atom("count", "lteq", 3)]],
  ["constraint", [atom("dateTime", "lt", date)]],
  ["constraint", [atom("grid:payPercentage", "eq", decimal("3"))]],
  ["refinement", [atom("count", "lteq", 3)]],
  ["duty", [{ action: "attribute" }]],
  ["duty", [{ action: "attribute", "grid:offChain": true }]],
  ["obligation", [{ action: "inform", "grid:offChain": true }]],
  ["remedy", [{ action: "delete" }]],
  ["consequence", [{ action: "delete" }]],
  ["inheritFrom", "urn:test:3"],
  ["and", [atom("count", "lteq", 3)]],
  ["grid:offChain", true],
  ["@language", "en"],
  ["__proto__x", 1],
];

const ELEMENTS: unknown[] = [
  atom("count", "lteq", 3),
  atom("purpose", "neq", iri("commercial")),
  atom("grid:revocationNotice", "lteq", duration("P1D")),
  atom("language", "eq", "sw"),
  { ...atom("language", "eq", "sw"), "grid:offChain": true },
  { xone: [atom("count", "lteq", 3)] },
  { action: "transfer" },
  { action: "derive" },
  { action: "attribute" },
  { action: "compensate" },
  { action: "delete", "grid:offChain": true },
];

/** The policy with another element at the end of one of its lists, and the element's path. */
function withElement(policy: Policy, random: Random) {
  const copy = JSON.parse(JSON.stringify(policy));
  const lists = objectsIn(policy).flatMap((path) => {
    const owner = path.reduce((object, key) => object[key], copy);
    const names = Object.keys(owner).filter((name) => Array.isArray(owner[name]) && name !== "@context");
    return names.map((name) => ({ list: owner[name] as unknown[], path: [...path, name] }));
  });
  const { list, path } = random.pick(lists);
  const length = list.push(random.pick(ELEMENTS));
  return { copy, path: [...path, length - 1] };
}

describe("the fate of a policy's parts", () => {
  it("is known for every value of random policies, and none of 3,000 additions vanishes", () => {
    const random = randomOf(12);
    const seen = { compiled: 0, offChain: 0, descriptive: 0, malformed: 0, refused: 0 };
    for (let i = 0; i < 1_500; i++) {
      const policy = randomPolicy(random);
      const isOfValue = random.chance(0.1);
      const paths = objectsIn(policy).filter((one) => one.includes("rightOperand") === isOfValue);
      const path = random.pick(paths.filter(([first]) => first !== "@context"));
      if (!path) continue;
      const [name, value] = random.pick(ADDITIONS);
      const added = withMember(policy, path, name, value);
      if (added === undefined) continue;
      seen[fateOf(added, [...path, name])]++;
      const { copy, path: at } = withElement(policy, random);
      seen[fateOf(copy, at)]++;
    }
    expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).to.be.greaterThan(20);
  });
});

/** The fate of an added value. A compiled policy knows the fate of each of its values. */
function fateOf(json: unknown, path: readonly (string | number)[]) {
  let policy: Policy;
  try {
    policy = parsePolicy(json);
  } catch (error) {
    expect(error).to.be.instanceOf(PolicyError);
    return "malformed";
  }
  try {
    const { fates, duties } = compilePolicy(policy);
    expect(Object.keys(fates).sort()).to.deep.equal(leavesOf(policy).sort());
    const start = path.map((part) => `/${part}`).join("");
    const added = Object.keys(fates).find((one) => one === start || one.startsWith(`${start}/`)) ?? "";
    const fate = fates[added];
    if (fate === "offChain") expect(duties.some(({ pointer }) => added.startsWith(pointer))).to.equal(true);
    return fate ?? expect.fail(`${start} vanished from ${JSON.stringify(policy)}`);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return "refused";
  }
}

describe("canonicalizePolicy", () => {
  it("does not depend on spaces and order, and hashes the canonical bytes", () => {
    const one = parsePolicy(
      JSON.stringify({ ...HEAD, permission: [{ action: "grid:meteredUse", target: "urn:é:1" }] }, null, 4),
    );
    const { permission, ...head } = one;
    const other = parsePolicy({ permission, ...Object.fromEntries(Object.entries(head).reverse()) });
    expect(canonicalizePolicy(other)).to.equal(canonicalizePolicy(one));
    expect(canonicalizePolicy(one)).to.match(/^\{"@context":\["http:\/\/www\.w3\.org\/ns\/odrl\.jsonld",/);
    expect(hashPolicy(one)).to.equal(keccak256(toUtf8Bytes(canonicalizePolicy(one))));
    expect(hashPolicy(one)).not.to.equal(hashPolicy(policyWith()));
  });
});

describe("300 random policies", () => {
  it("parse, describe and compile the same from their canonical text", () => {
    const random = randomOf(7);
    let compiled = 0;
    for (let i = 0; i < 300; i++) {
      const policy = randomPolicy(random);
      const again = parsePolicy(canonicalizePolicy(policy));
      expect(again).to.deep.equal(policy);
      expect(describePolicy(again)).to.equal(describePolicy(policy));
      const [first, second] = [policy, again].map((one) => {
        try {
          return compilePolicy(one);
        } catch (error) {
          return (error as PolicyError).problems;
        }
      });
      expect(second).to.deep.equal(first);
      if (first && "terms" in first) {
        compiled++;
        const { policyHash, ...conditions } = first.terms;
        expect(policyHash).to.equal(hashPolicy(policy));
        const { policyHash: _, ...back } = compilePolicy(policyOf(conditions)).terms;
        expect(back).to.deep.equal(conditions);
      }
    }
    expect(compiled).to.be.greaterThan(200);
  });
});
