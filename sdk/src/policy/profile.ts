/** The IRI of this ODRL profile, and the base of its terms. */
export const PROFILE = "urn:benefit-grid:policy:1";

/** The JSON-LD context of every policy: ODRL's own, and a prefix for this profile's terms. */
export const CONTEXT = ["http://www.w3.org/ns/odrl.jsonld", { grid: `${PROFILE}:` }] as const;

/** Policies of ODRL 2.2 in this profile. */
export const POLICY_TYPES = ["Set", "Offer", "Agreement"] as const;
export type PolicyType = (typeof POLICY_TYPES)[number];

/** Strategies for a conflict between permission and prohibition. ODRL's default is `invalid`. */
export const CONFLICTS = ["perm", "prohibit", "invalid"] as const;
export type Conflict = (typeof CONFLICTS)[number];

/** Actions included in `use`. `grid:meteredUse` is this profile's; the others are ODRL's. */
const USES = [
  "grid:meteredUse",
  "acceptTracking",
  "aggregate",
  "annotate",
  "anonymize",
  "archive",
  "attribute",
  "compensate",
  "concurrentUse",
  "delete",
  "derive",
  "digitize",
  "distribute",
  "ensureExclusivity",
  "execute",
  "grantUse",
  "include",
  "index",
  "inform",
  "install",
  "modify",
  "move",
  "nextPolicy",
  "obtainConsent",
  "play",
  "present",
  "print",
  "read",
  "reproduce",
  "reviewPolicy",
  "stream",
  "synchronize",
  "textToSpeech",
  "transform",
  "translate",
  "uninstall",
  "watermark",
  "write",
] as const;

/** Each action and the action that includes it (`odrl:includedIn`). */
export const INCLUDED_IN: Readonly<Record<string, string | undefined>> = {
  use: undefined,
  transfer: undefined,
  ...Object.fromEntries(USES.map((action) => [action, "use"])),
  display: "play",
  extract: "reproduce",
  give: "transfer",
  sell: "transfer",
};
export const ACTIONS: readonly string[] = Object.keys(INCLUDED_IN);

/** Whether an action is another one, or included in it. */
export function isIncluded(action: string | undefined, other: string): boolean {
  if (action === undefined) return false;
  return action === other || isIncluded(INCLUDED_IN[action], other);
}

/** The type of a left operand's values. */
export type OperandType = "context" | "duration" | "count" | "dateTime" | "decimal" | "text";
export type Operand = {
  readonly type: OperandType;
  readonly operators: readonly string[];
  /** Only in a duty's constraints. */
  readonly isOfDuty?: boolean;
};

const SETS = ["eq", "neq", "isA", "isAnyOf", "isNoneOf"] as const;
const COMPARISONS = ["eq", "neq", "lt", "lteq", "gt", "gteq"] as const;
const CONTEXT_SET: Operand = { type: "context", operators: SETS };
const TEXT: Operand = { type: "text", operators: SETS };
// A period includes its begin and excludes its end, so eq, lt and lteq mean the same.
const PERIOD: Operand = { type: "duration", operators: ["eq", "lt", "lteq"] };

/** The left operands of this profile with their operators. */
export const LEFT_OPERANDS: Readonly<Record<string, Operand>> = {
  purpose: CONTEXT_SET,
  industry: CONTEXT_SET,
  spatial: CONTEXT_SET,
  elapsedTime: PERIOD,
  "grid:revocationNotice": PERIOD,
  delayPeriod: { type: "duration", operators: ["eq", "gt", "gteq"] },
  count: { type: "count", operators: COMPARISONS },
  dateTime: { type: "dateTime", operators: COMPARISONS },
  payAmount: { type: "decimal", operators: ["eq"], isOfDuty: true },
  "grid:payPercentage": { type: "decimal", operators: ["eq"], isOfDuty: true },
  unitOfCount: { type: "text", operators: ["eq"], isOfDuty: true },
  deliveryChannel: TEXT,
  event: TEXT,
  fileFormat: TEXT,
  language: TEXT,
  media: TEXT,
  product: TEXT,
  recipient: TEXT,
  systemDevice: TEXT,
  version: TEXT,
  virtualLocation: TEXT,
};

/** Operators with a list as right operand. */
export const LIST_OPERATORS: readonly string[] = ["isAnyOf", "isNoneOf"];

export const LOGICALS = ["and", "or", "xone"] as const;
export type Logical = (typeof LOGICALS)[number];

/** The left operand for each kind of context. */
export const OPERAND_OF_KIND = { purpose: "purpose", sector: "industry", territory: "spatial" } as const;

/** `unitOfCount` of a price: a million metered units. */
export const MILLION_UNITS = "grid:millionUnits";
