import type { Provider } from "ethers";
import { isLocalChain } from "../../sdk/src/shared/chains.ts";
import { differences } from "./differences.ts";
import { type Genesis, parseGenesis } from "./genesis.ts";
import { readState } from "./grid-state.ts";
import { DeploymentError } from "./problems.ts";
import type { Deployment } from "./record.ts";
import { type Reference, referenceOf } from "./reference.ts";

/** What a recorded deployment must be: its genesis, deployed from this source. */
export async function referenceFor(
  provider: Provider,
  { chainId, blockNumber, deployer, salt, genesis }: Deployment,
  given?: Genesis,
): Promise<Reference> {
  if (deployer === undefined || genesis === undefined)
    throw new DeploymentError(`The record of chain ${chainId} has no details: it is a dry run's.`);
  const wanted = given ?? parseGenesis(genesis, []);
  const nonce = isLocalChain(BigInt(chainId)) ? await provider.getTransactionCount(deployer, blockNumber) : 0;
  return await referenceOf(provider, wanted, { deployer, salt, nonce });
}

export type Standing = { readonly problems: readonly string[]; readonly reference: Reference };

/** How a chain differs from the recorded deployment, its genesis and this source: a line for each difference. */
export async function checkStanding(
  provider: Provider,
  record: Deployment,
  given?: Genesis,
): Promise<Standing> {
  const { chainId, contracts, code = {}, blockNumber } = record;
  const { chainId: connected } = await provider.getNetwork();
  if (connected !== BigInt(chainId))
    throw new DeploymentError(`The record is of chain ${chainId}, but the node of chain ${connected}.`);
  const reference = await referenceFor(provider, record, given);
  const named = Object.entries(contracts).flatMap(([name, address]) =>
    code[name]?.address === address ? [] : [`${name} has two addresses in the record.`],
  );
  const state = await readState(provider, code, blockNumber + 1);
  return { problems: [...named, ...(await differences(reference.state, state))], reference };
}
