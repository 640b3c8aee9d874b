import { type Client, checkCall } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetBallotParameters = { readonly proposalId: bigint; readonly account: AddressInput };
export type GetBallotReturnType = {
  /** The weight of the account's vote, base units. Undefined until the snapshot is over. */
  readonly votes: bigint | undefined;
  readonly hasVoted: boolean;
};

/**
 * An account's vote on a proposal: its votes at the snapshot, and whether it voted.
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
  checkCall(client, parameters);
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
