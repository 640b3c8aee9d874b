import type { Address, AddressInput, ContractName } from "./core/abi.ts";
import { DeploymentNotFoundError } from "./errors.ts";
import { type CoreContract, deployments } from "./generated/index.ts";

export type { CoreContract };

/** The addresses of the contracts on one chain. */
export type Deployment<A extends AddressInput = Address> = {
  readonly chainId: number | bigint;
  readonly contracts: Readonly<Record<CoreContract, A> & Partial<Record<ContractName, A>>>;
  /** Block of the first contract. No event is older. */
  readonly blockNumber: number;
};

/**
 * The deployment known to this package on a chain.
 *
 * @throws {@link DeploymentNotFoundError} when there is none
 * @example
 * ```ts
 * const { contracts } = getDeployment(11155111n);
 * ```
 */
export function getDeployment(chainId: bigint): Deployment {
  const known: Readonly<Record<string, Deployment>> = deployments;
  const found = known[chainId.toString()];
  if (!found) throw new DeploymentNotFoundError(chainId, Object.keys(known).map(BigInt));
  return found;
}
