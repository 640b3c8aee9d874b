import { isError } from "ethers";
import { ContractRevertError, DeploymentNotFoundError, InvalidParameterError } from "../errors.ts";
import { PROPOSAL_STATES } from "../governance/proposals.ts";
import { coins, date, percent } from "./words.ts";

/** What went wrong, in words. */
export function explain(error: unknown): string {
  if (error instanceof ContractRevertError) return revertText(error) ?? `${reasonOf(error)}`;
  if (error instanceof DeploymentNotFoundError) return wrongChain(error);
  if (error instanceof InvalidParameterError) return error.message.replace(/^`([^`]+)`/, "$1");
  if (isError(error, "INSUFFICIENT_FUNDS")) return "The account has too little ether for the gas.";
  if (isError(error, "NETWORK_ERROR") || isError(error, "TIMEOUT")) return "The node does not answer.";
  if (isError(error, "ACTION_REJECTED")) return "The wallet refused to sign.";
  if (isError(error, "UNKNOWN_ERROR")) return `The node refused: ${nodeMessage(error)}`;
  return error instanceof Error
    ? ((error as { shortMessage?: string }).shortMessage ?? error.message)
    : String(error);
}

/** What ethers found no name for, in the node's words. */
function nodeMessage(error: Error): string {
  const { message } = (error as { error?: { message?: string } }).error ?? {};
  return message ?? error.message;
}

function wrongChain({ chainId, chainIds }: DeploymentNotFoundError): string {
  const known = chainIds.join(", ") || "none";
  return `The node is of chain ${chainId}; this package knows deployments on ${known}. Pass another node, or --deployment FILE.`;
}

/** Votes start when 1 % of the coins circulate. */
export function notStarted(circulating: bigint, needed: bigint): string {
  const share = percent(circulating, needed * 100n);
  return `Votes have not started: ${share} of 1 % of the coins circulate; until then only the guardian's council proposes.`;
}

function reasonOf(error: ContractRevertError): string {
  if (error.name === "Error") return error.args.message;
  if (error.name === "UnknownRevert" && error.args.data === "0x") return "The call reverts without a reason.";
  return error.message;
}

function revertText(error: ContractRevertError): string | undefined {
  switch (error.name) {
    case "GovernorVotesNotStarted":
      return notStarted(error.args.circulating, error.args.needed);
    case "GovernorInsufficientProposerVotes":
      return `A proposer needs ${coins(error.args.threshold)} of votes, delegated before; ${error.args.proposer} has ${coins(error.args.votes)}.`;
    case "GovernorNonexistentProposal":
      return `There is no proposal ${error.args.proposalId}.`;
    case "GovernorUnexpectedProposalState":
      return stateText(error.args.proposalId, error.args.current);
    case "GovernorAlreadyCastVote":
      return `${error.args.voter} has voted already.`;
    case "GovernorRestrictedProposer":
      return `The description names another proposer than ${error.args.proposer}.`;
    case "GovernorUnableToCancel":
      return "Only its proposer can cancel a proposal, before voting begins.";
    case "TimelockUnexpectedOperationState":
      return "At the timelock these calls are not where they need to be: too early, done, canceled, or waiting already.";
    case "AccessControlUnauthorizedAccount":
      return `${error.args.account} lacks the role ${error.args.neededRole} there.`;
    default:
      return councilText(error);
  }
}

function stateText(proposalId: bigint, current: bigint): string {
  const state = PROPOSAL_STATES[Number(current)] ?? `in state ${current}`;
  return `Proposal ${proposalId} exists already or is not where it needs to be: it is ${state.toLowerCase()}.`;
}

function councilText(error: ContractRevertError): string | undefined {
  switch (error.name) {
    case "GuardianTermOver":
      return `The guardian's term ended at ${date(error.args.end)}: its council can do nothing any more.`;
    case "GuardianCallerNotCouncil":
      return `${error.args.caller} is not the guardian's council.`;
    case "GuardianVotesStarted":
      return "Votes have started: the council proposes no more, token holders do.";
    case "GuardianCallNotPermitted":
      return `The council may not propose function ${error.args.selector} of ${error.args.target}.`;
    case "GuardianOperationLapsed":
      return `The council's calls lapsed at ${date(error.args.lapsedAt)}.`;
    default:
      return undefined;
  }
}
