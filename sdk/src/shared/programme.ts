/** The purpose of a programme. The chain numbers kinds in this order. */
export const PROGRAMME_KINDS = ["research", "service"] as const;
export type ProgrammeKind = (typeof PROGRAMME_KINDS)[number];
