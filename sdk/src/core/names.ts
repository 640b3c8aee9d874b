/** What a capsule stands for, in the order of the chain's numbers. */
export const KINDS = ["data", "model", "code", "compute", "agent"] as const;
export type Kind = (typeof KINDS)[number];

/** Who earns: 40, 30, 20 and 10 % of a payment, in this order. */
export const ROLES = ["data", "model", "compute", "platform"] as const;
export type Role = (typeof ROLES)[number];
/** The platform's part has no share rows. */
export type ShareRole = Exclude<Role, "platform">;

/** What the ledger stores of use under an offer, in the order of the chain's numbers: counts, or commitments to them. */
export const MODES = ["open", "private"] as const;
export type Mode = (typeof MODES)[number];

/** How a voter decides, in the order of the chain's numbers. */
export const VOTES = ["against", "for", "abstain"] as const;
export type Vote = (typeof VOTES)[number];

/** Where a proposal stands, in the order of the chain's numbers. */
export const PROPOSAL_STATES = [
  "Pending",
  "Active",
  "Canceled",
  "Defeated",
  "Succeeded",
  "Queued",
  "Expired",
  "Executed",
] as const;
export type ProposalState = (typeof PROPOSAL_STATES)[number];

/** Where an operation stands at the timelock, in the order of the chain's numbers. */
export const OPERATION_STATES = ["Unset", "Waiting", "Ready", "Done"] as const;

/** What a programme is for, in the order of the chain's numbers. */
export const PROGRAMME_KINDS = ["research", "service"] as const;
export type ProgrammeKind = (typeof PROGRAMME_KINDS)[number];

/** Where a milestone stands, in the order of the chain's numbers. */
export const MILESTONE_STATUSES = ["Proposed", "Released", "Withdrawn"] as const;
export type MilestoneStatus = (typeof MILESTONE_STATUSES)[number];

/** A gateway's answers: the first, or the reason why not. */
export const ACCESSES = [
  "Allowed",
  "LicenseNonexistent",
  "LicenseExpired",
  "SignerChanging",
  "UserNotSigner",
  "ContextNotAllowed",
] as const;
export type Access = (typeof ACCESSES)[number];

/** The name of a number that the chain gave. */
export function nameAt<T extends string>(names: readonly T[], index: bigint): T {
  const name = names[Number(index)];
  if (name === undefined) throw new RangeError(`The chain said ${index}; known are ${names.join(", ")}.`);
  return name;
}
