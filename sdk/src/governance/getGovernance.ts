import { type Client, checkClient } from "../client.ts";
import type { Address } from "../core/abi.ts";
import { read } from "../core/read.ts";

export type GetGovernanceReturnType = {
  /** Whether votes have started. Before, only the guardian's council proposes. */
  readonly votesStarted: boolean;
  /** Coins outside of the sale, base units. */
  readonly circulating: bigint;
  /** Circulating coins needed to start votes: 1 % of the schedule, base units. */
  readonly neededToStart: bigint;
  /** The present quorum, base units. */
  readonly quorum: bigint;
  /** Votes needed to propose, base units. */
  readonly threshold: bigint;
  /** Seconds from a proposal to its snapshot. */
  readonly votingDelay: bigint;
  /** Seconds from the snapshot to the deadline. */
  readonly votingPeriod: bigint;
  /** Seconds a queued proposal waits. */
  readonly timelockDelay: bigint;
  /** The guardian's council, and the first second after its term, since 1970. */
  readonly council: Address;
  readonly councilEnds: bigint;
};

/**
 * The present governance: who decides, and by which rules.
 *
 * @example
 * ```ts
 * const { votesStarted, threshold } = await getGovernance(client);
 * ```
 */
export async function getGovernance(client: Client): Promise<GetGovernanceReturnType> {
  checkClient(client);
  const last = (await read(client, "GridGovernor", "clock", [])) - 1n;
  const [votesStarted, circulating, neededToStart, quorum, threshold, votingDelay, votingPeriod] =
    await Promise.all([
      read(client, "GridGovernor", "votesStarted", []),
      read(client, "GridGovernor", "circulatingSupply", []),
      read(client, "GridGovernor", "VOTES_START", []),
      read(client, "GridGovernor", "quorum", [last]),
      read(client, "GridGovernor", "proposalThreshold", []),
      read(client, "GridGovernor", "votingDelay", []),
      read(client, "GridGovernor", "votingPeriod", []),
    ]);
  const [timelockDelay, council, councilEnds] = await Promise.all([
    read(client, "GridTimelock", "getMinDelay", []),
    read(client, "Guardian", "council", []),
    read(client, "Guardian", "END", []),
  ]);
  const votes = { votesStarted, circulating, neededToStart, quorum, threshold };
  return { ...votes, votingDelay, votingPeriod, timelockDelay, council, councilEnds };
}
