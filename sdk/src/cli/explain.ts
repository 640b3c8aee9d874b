import { id, isError, ZeroHash } from "ethers";
import { type ContractName, interfaceOf } from "../core/abi.ts";
import {
  ContractRevertError,
  DeploymentNotFoundError,
  GridError,
  InvalidParameterError,
  NodeUnreachableError,
} from "../errors.ts";
import { abis } from "../generated/index.ts";
import { PROPOSAL_STATES } from "../governance/proposals.ts";
import { coins, date, type Names, percent } from "./words.ts";

/** An error in words, with the names of known contracts. */
export function explain(error: unknown, names: Names = new Map()): string {
  if (error instanceof ContractRevertError) return revertText(error, names) ?? `${reasonOf(error)}`;
  if (error instanceof DeploymentNotFoundError) return wrongChain(error);
  if (error instanceof InvalidParameterError) return error.message.replace(/^`([^`]+)`/, "$1");
  if (isError(error, "INSUFFICIENT_FUNDS"))
    return "The account has too little ether for the gas. Send it some, or sign by another account.";
  if (error instanceof NodeUnreachableError || isError(error, "NETWORK_ERROR") || isError(error, "TIMEOUT"))
    return "The node does not answer. Check --rpc and try again.";
  if (isError(error, "ACTION_REJECTED")) return "The wallet refused to sign.";
  if (isError(error, "UNKNOWN_ERROR")) return `The node refused: ${nodeMessage(error)}`;
  if (error instanceof GridError) return error.message;
  return fileText(error) ?? messageOf(error);
}

function messageOf(error: unknown): string {
  return error instanceof Error
    ? ((error as { shortMessage?: string }).shortMessage ?? error.message)
    : String(error);
}

/** An error of Node's file system. */
function fileText(error: unknown): string | undefined {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return `There is no file ${path}. Check its path.`;
  if (code === "EACCES") return `${path} may not be read. Check its permissions.`;
  if (code === "ENOTDIR") return `${path} is not a folder. Pass a folder.`;
  if (code === "EISDIR") return `${path ?? "The path"} is a folder. Pass a file.`;
  return undefined;
}

/** An error without a code in ethers, in the node's words. */
function nodeMessage(error: Error): string {
  const { message } = (error as { error?: { message?: string } }).error ?? {};
  return message ?? error.message;
}

function wrongChain({ chainId, chainIds }: DeploymentNotFoundError): string {
  const known = chainIds.join(", ") || "none";
  return `The node is on chain ${chainId}, but this package knows deployments on: ${known}. Pass another node, or --deployment FILE.`;
}

/** Votes start when 1 % of the coins circulate. */
export function notStarted(circulating: bigint, needed: bigint): string {
  const share = percent(circulating, needed * 100n);
  return `Votes have not started: ${share} % of the coins circulate, and 1 % is needed. Until then only the guardian's council can propose.`;
}

function reasonOf(error: ContractRevertError): string {
  if (error.name === "Error") return error.args.message;
  if (error.name === "UnknownRevert" && error.args.data === "0x")
    return "The call reverts without a reason. Check that the contract has this function.";
  return error.message;
}

function revertText(error: ContractRevertError, names: Names): string | undefined {
  switch (error.name) {
    case "GovernorVotesNotStarted":
      return notStarted(error.args.circulating, error.args.needed);
    case "GovernorInsufficientProposerVotes":
      return `A proposer needs votes of ${coins(error.args.threshold)}, and ${error.args.proposer} has ${coins(error.args.votes)}. Delegate first.`;
    case "GovernorNonexistentProposal":
      return `There is no proposal ${error.args.proposalId}. Run list to see all.`;
    case "GovernorUnexpectedProposalState":
      return stateText(error.args.proposalId, error.args.current);
    case "GovernorAlreadyCastVote":
      return `${error.args.voter} has already voted.`;
    case "GovernorRestrictedProposer":
      return `The description reserves the proposal for another proposer than ${error.args.proposer}.`;
    case "GovernorUnableToCancel":
      return "Only its proposer can cancel a proposal, and only before voting begins.";
    case "TimelockUnexpectedOperationState":
      return "The timelock refuses: it is too early or too late, or the calls are done, canceled or already waiting.";
    case "AccessControlUnauthorizedAccount":
      return `${nameOf(error.args.account, names)} lacks the role ${roleName(error.args.neededRole)} at the called contract.`;
    default:
      return councilText(error, names);
  }
}

const ROLES: ReadonlyMap<string, string> = new Map([
  [ZeroHash, "DEFAULT_ADMIN_ROLE"],
  ...["PROPOSER", "EXECUTOR", "CANCELLER", "PROGRAMME", "STOPPER"].map(
    (name) => [id(`${name}_ROLE`), `${name}_ROLE`] as const,
  ),
]);

function roleName(role: string): string {
  return ROLES.get(role) ?? role;
}

function nameOf(address: string, names: Names): string {
  return names.get(address) ?? address;
}

/** Contract and function, as in calls. */
function functionName(target: string, selector: string, names: Names): string {
  const contract = names.get(target);
  const known = contract !== undefined && contract in abis;
  const found = known ? interfaceOf(contract as ContractName, abis).getFunction(selector) : null;
  return found ? `${contract}.${found.name}` : `function ${selector} of ${contract ?? target}`;
}

function stateText(proposalId: bigint, current: bigint): string {
  const state = PROPOSAL_STATES[Number(current)] ?? `in state ${current}`;
  return `Proposal ${proposalId} already exists, or is in the wrong state for this step: it is ${state.toLowerCase()}.`;
}

function councilText(error: ContractRevertError, names: Names): string | undefined {
  switch (error.name) {
    case "GuardianTermOver":
      return `The guardian's term ended at ${date(error.args.end)}: its council can no longer act.`;
    case "GuardianCallerNotCouncil":
      return `${error.args.caller} is not the guardian's council.`;
    case "GuardianVotesStarted":
      return "Votes have started: the council may propose emergency calls only, coin holders everything else.";
    case "GuardianCallNotPermitted":
      return `The council may not propose ${functionName(error.args.target, error.args.selector, names)}.`;
    default:
      return undefined;
  }
}
