import type { CONTEXT, Conflict, PolicyType, PROFILE } from "./profile.ts";

export type TypedValue = { readonly "@value": string; readonly "@type": string };
export type Reference = { readonly "@id": string };
export type Value = string | number | TypedValue | Reference;
export type RightOperand = Value | readonly Value[];

/** What this profile adds to ODRL's rules, duties and constraints. */
export type Marked = {
  /** The author knows that the chain does not enforce this. */
  readonly "grid:offChain"?: true;
};

/** `leftOperand` compared with `rightOperand`. */
export type AtomicConstraint = Marked & {
  readonly uid?: string;
  readonly leftOperand: string;
  readonly operator: string;
  readonly rightOperand: RightOperand;
  /** The currency of `payAmount`. */
  readonly unit?: string;
};
/** All (`and`), any (`or`) or exactly one (`xone`) of several constraints. */
export type LogicalConstraint = Marked & {
  readonly uid?: string;
  readonly and?: readonly Constraint[];
  readonly or?: readonly Constraint[];
  readonly xone?: readonly Constraint[];
};
export type Constraint = AtomicConstraint | LogicalConstraint;

export type Duty = Marked & {
  readonly uid?: string;
  readonly "dct:description"?: string;
  readonly action: string;
  readonly target?: string;
  readonly constraint?: readonly Constraint[];
};

/** A permission or a prohibition. Without action, target or assignee it is about all of them. */
export type Rule = Marked & {
  readonly uid?: string;
  readonly "dct:description"?: string;
  readonly action?: string;
  readonly target?: string;
  readonly assigner?: string;
  readonly assignee?: string;
  readonly constraint?: readonly Constraint[];
  /** Of permissions only. */
  readonly duty?: readonly Duty[];
};

/** A policy of this profile, as its JSON. */
export type Policy = {
  readonly "@context": typeof CONTEXT;
  readonly "@type": PolicyType;
  readonly uid: string;
  readonly profile: typeof PROFILE;
  readonly conflict?: Conflict;
  readonly "dct:title"?: string;
  readonly "dct:description"?: string;
  readonly "dct:creator"?: string;
  readonly "dct:issued"?: TypedValue;
  readonly permission?: readonly Rule[];
  readonly prohibition?: readonly Rule[];
  readonly obligation?: readonly Duty[];
};
