import type { Client } from "../client.ts";
import { nameAt } from "../core/names.ts";
import { read } from "../core/read.ts";

/**
 * The quarters of an epoch:
 * - `task`: registrations and test sets
 * - `answer`: miners' answers
 * - `score`: test sets and answers are revealed, validators score
 * - `reveal`: weights are revealed
 *
 * Weights are committed in the first three.
 */
export type SubnetPhase = (typeof PHASES)[number];
export const PHASES = ["task", "answer", "score", "reveal"] as const;

export async function clockOf(client: Client, subnetId: bigint) {
  const { epoch, phase, endsAt } = await read(client, "SubnetHub", "clockOf", [subnetId]);
  return { epoch, phase: nameAt(PHASES, phase), endsAt };
}
