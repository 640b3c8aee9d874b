import { encodeContexts, InvalidParameterError, IRREVOCABLE } from "@benefit-grid/sdk";
import {
  canonicalizePolicy,
  commercialPerUnit,
  compilePolicy,
  deriveWithShare,
  describePolicy,
  LONGEST_DURATION,
  MOST_UNITS,
  openIrrevocable,
  POLICY_PROFILE,
  type Policy,
  parsePolicy,
  policyVocabulary,
  researchOnly,
  subscription,
  trainOnly,
} from "@benefit-grid/sdk/policy";
import { expect } from "chai";
import { NAMES } from "./random.ts";

const DAY = 86_400n;
const ALL = encodeContexts(NAMES);
const currency = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const price = { chainId: 31_337n, currency, pricePerMillion: 2_500_000n } as const;
const without = (...names: Parameters<typeof encodeContexts>[0]) => ALL & ~encodeContexts(names);

const OPEN_ENDED = { duration: LONGEST_DURATION, revocationNotice: IRREVOCABLE, maxUnits: MOST_UNITS };
const CLOSED = { transferable: false, derivatives: false, derivativeShareBps: 0n };

const PRESETS: [string, Policy, object, string[]][] = [
  [
    "openIrrevocable",
    openIrrevocable(),
    { ...OPEN_ENDED, ...CLOSED, contexts: ALL, transferable: true, derivatives: true },
    [
      "Open license, irrevocable",
      "You may use it through a meter.",
      "You may make derivatives of it.",
      "You may transfer the license.",
      "The licensor cannot revoke.",
      "Nothing else is permitted.",
    ],
  ],
  [
    "researchOnly",
    researchOnly({ revocationNotice: 7n * DAY }),
    {
      ...OPEN_ENDED,
      ...CLOSED,
      contexts: without("commercial", "training", "inference"),
      revocationNotice: 7n * DAY,
    },
    [
      "Research license",
      "You may use it through a meter, if:",
      "  - the purpose is research or evaluation",
      "  - the licensor has not revoked, or revoked less than 7 days ago",
      "Nothing else is permitted.",
    ],
  ],
  [
    "commercialPerUnit",
    commercialPerUnit({ price }),
    { ...OPEN_ENDED, ...CLOSED, contexts: ALL, transferable: true },
    [
      "Commercial license, paid by unit",
      "You may use it through a meter, if:",
      `  - you pay 2,500,000 base units of eip155:31337/erc20:${currency} for 1,000,000 units`,
      "You may transfer the license.",
      "The licensor cannot revoke.",
      "Nothing else is permitted.",
    ],
  ],
  [
    "subscription",
    subscription({ maxUnits: 1_000_000n }),
    {
      ...CLOSED,
      duration: 30n * DAY,
      revocationNotice: 30n * DAY,
      maxUnits: 1_000_000n,
      contexts: ALL,
      transferable: true,
    },
    [
      "Subscription",
      "You may use it through a meter, if:",
      "  - the term began less than 30 days ago",
      "  - at most 1,000,000 units are bought in a term",
      "  - the licensor has not revoked, or revoked less than 30 days ago",
      "You may transfer the license.",
      "Nothing else is permitted.",
    ],
  ],
  [
    "trainOnly",
    trainOnly({
      duties: [{ action: "attribute", "grid:offChain": true }],
      prohibitions: [{ action: "distribute", "grid:offChain": true }],
    }),
    { ...OPEN_ENDED, ...CLOSED, contexts: without("research", "commercial", "inference", "evaluation") },
    [
      "Training license",
      "You may use it through a meter, if:",
      "  - the purpose is training",
      "  - you name its creators (not enforced by the chain)",
      "You may not give it to others (not enforced by the chain).",
      "The licensor cannot revoke.",
      "Nothing else is permitted.",
    ],
  ],
  [
    "deriveWithShare",
    deriveWithShare({ shareBps: 1_250n }),
    { ...OPEN_ENDED, ...CLOSED, contexts: ALL, derivatives: true, derivativeShareBps: 1_250n },
    [
      "License to derive, for a share",
      "You may use it through a meter.",
      "You may make derivatives of it, if:",
      "  - you pay 12.5 % of a derivative's data and model revenue to the licensor",
      "The licensor cannot revoke.",
      "Nothing else is permitted.",
    ],
  ],
];

describe("presets", () => {
  for (const [name, policy, conditions, lines] of PRESETS) {
    it(`${name} compiles, describes itself, and parses back`, () => {
      const { policyHash, ...compiled } = compilePolicy(policy).terms;
      expect(compiled).to.deep.equal(conditions);
      expect(describePolicy(policy).split("\n")).to.deep.equal(lines);
      expect(parsePolicy(canonicalizePolicy(policy))).to.deep.equal(policy);
    });
  }

  it("have other IRIs than the terms of the vocabulary", () => {
    const terms = policyVocabulary["@graph"].map((term) =>
      term["@id"].replace("grid:", `${POLICY_PROFILE}:`),
    );
    expect(terms).to.include(`${POLICY_PROFILE}:research`);
    for (const [, { uid }] of PRESETS) expect(terms).not.to.include(uid);
    expect(new Set(PRESETS.map(([, { uid }]) => uid)).size).to.equal(PRESETS.length);
  });

  it("commercialPerUnit has its price, of an address", () => {
    expect(compilePolicy(commercialPerUnit({ price })).price).to.deep.equal(price);
    const wrong = () => commercialPerUnit({ price: { ...price, currency: "0x12" } });
    expect(wrong).to.throw(InvalidParameterError, "price.currency");
  });

  it("need what their names promise", () => {
    const none = {} as never;
    expect(() => commercialPerUnit(none)).to.throw(InvalidParameterError, "`price` is missing");
    expect(() => subscription(none)).to.throw(InvalidParameterError, "`maxUnits`");
    expect(() => deriveWithShare(none)).to.throw(InvalidParameterError, "`shareBps`");
    expect(() => deriveWithShare({ shareBps: 0n })).to.throw(InvalidParameterError, "`shareBps` is 0");
  });

  it("openIrrevocable cannot be made revocable", () => {
    const policy = openIrrevocable({ revocationNotice: 0n } as object);
    expect(compilePolicy(policy).terms.revocationNotice).to.equal(IRREVOCABLE);
  });
});
