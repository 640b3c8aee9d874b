import type { Client } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetBallotParameters = { readonly proposalId: bigint; readonly account: AddressInput };
export type GetBallotReturnType = {
  /** What the account's vote counts, base units; undefined until the snapshot is over. */
  readonly votes: bigint | undefined;
  readonly hasVoted: boolean;
};

/**
 * What an account's vote on a proposal counts: the votes that it had at the snapshot.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter
 * @throws {@link ContractRevertError} `GovernorNonexistentProposal`
 * @example
 * ```ts
 * const { votes, hasVoted } = await getBallot(client, { proposalId, account });
 * ```
 */
export async function getBallot(
  client: Client,
  parameters: GetBallotParameters,
): Promise<GetBallotReturnType> {
  const proposalId = checkUint("proposalId", parameters.proposalId, 256);
  const account = checkAddress("account", parameters.account);
  const [state, snapshot, hasVoted] = await Promise.all([
    read(client, "GridGovernor", "state", [proposalId]),
    read(client, "GridGovernor", "proposalSnapshot", [proposalId]),
    read(client, "GridGovernor", "hasVoted", [proposalId, account]),
  ]);
  const isOver = state !== 0n && snapshot < (await read(client, "GridGovernor", "clock", []));
  const votes = isOver ? await read(client, "GridGovernor", "getVotes", [account, snapshot]) : undefined;
  return { votes, hasVoted };
}
