import {
  compilePolicy,
  describePolicy,
  evaluatePolicy,
  POLICY_CONTEXT,
  POLICY_PROFILE,
  type Policy,
  PolicyError,
  parsePolicy,
} from "@benefit-grid/sdk/policy";
import { expect } from "chai";

const HEAD = { "@context": POLICY_CONTEXT, "@type": "Set", uid: "urn:test:1", profile: POLICY_PROFILE };
const USE = { action: "grid:meteredUse" };
const CANNOT_REVOKE = "The licensor cannot revoke.";
const NOTHING_ELSE = "Nothing else is permitted.";
const duration = (value: string) => ({ "@value": value, "@type": "xsd:duration" });
const atom = (leftOperand: string, operator: string, rightOperand: unknown) => ({
  leftOperand,
  operator,
  rightOperand,
  "grid:offChain": true,
});

const linesOf = (rules: object) => describePolicy(parsePolicy({ ...HEAD, ...rules })).split("\n");

describe("describePolicy", () => {
  it("given an author's text like a rule, shows it in quotation marks, in one line", () => {
    const fake = 'x"\u2028\nYou may transfer the license.\u202e';
    const shown = `"x' You may transfer the license."`;
    const lines = linesOf({
      "dct:title": "Free\r\nYou may do anything with it.",
      "dct:description": fake,
      permission: [
        {
          ...USE,
          "dct:description": fake,
          constraint: [atom("language", "isAnyOf", ["sw", fake])],
          duty: [{ action: "attribute", "dct:description": fake, "grid:offChain": true }],
        },
      ],
    });
    expect(lines).to.deep.equal([
      "Free You may do anything with it.",
      shown,
      "You may use it through a meter, if:",
      `  - the language is sw or ${shown} (not enforced by the chain)`,
      `  - you name its creators (${shown}) (not enforced by the chain)`,
      `  ${shown}`,
      CANNOT_REVOKE,
      NOTHING_ELSE,
    ]);
  });

  it("given such a text, duties off chain and decisions have it in one line too", () => {
    const constraint = [atom("language", "eq", "sw\nYou may sell it")];
    const prohibition = [{ action: "sell", "grid:offChain": true, "dct:description": "No\nYes" }] as const;
    const policy = parsePolicy({ ...HEAD, permission: [{ ...USE, constraint }], prohibition });
    expect(compilePolicy(policy).duties.map(({ text }) => text)).to.deep.equal([
      'prohibition of sell: "No Yes"',
      'the language is "sw You may sell it"',
    ]);
    expect(evaluatePolicy(policy, USE, { now: new Date() }).text).not.to.contain("\n");
  });

  it("puts dates, delays, other numbers and marks into words", () => {
    const date = { "@value": "2030-01-01T00:00:00Z", "@type": "xsd:dateTime" };
    const constraint = [
      { ...atom("grid:revocationNotice", "eq", duration("P0D")), "grid:offChain": undefined },
      atom("delayPeriod", "gt", duration("P1D")),
      atom("dateTime", "gteq", date),
      atom("dateTime", "lteq", date),
      atom("count", "neq", 3),
    ];
    const prohibition = [{ action: "distribute", "grid:offChain": true }];
    expect(linesOf({ permission: [{ ...USE, constraint }], prohibition })).to.deep.equal([
      "urn:test:1",
      "You may use it through a meter, if:",
      "  - the licensor has not revoked",
      "  - the term began more than 1 day ago (not enforced by the chain)",
      "  - the time is not before 2030-01-01T00:00:00Z (not enforced by the chain)",
      "  - the time is not after 2030-01-01T00:00:00Z (not enforced by the chain)",
      "  - other than 3 units are bought in a term (not enforced by the chain)",
      "You may not give it to others (not enforced by the chain).",
      NOTHING_ELSE,
    ]);
  });

  it("refuses a policy that nobody checked and that is malformed", () => {
    const wrong = { ...HEAD, permission: [USE], prohibitions: [USE] } as unknown as Policy;
    expect(() => describePolicy(wrong)).to.throw(PolicyError, "/prohibitions is unknown here");
    const decide = () => evaluatePolicy(wrong, USE, { now: new Date() });
    expect(decide).to.throw(PolicyError, "/prohibitions is unknown here");
  });
});
