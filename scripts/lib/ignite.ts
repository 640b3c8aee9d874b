import { HardhatArtifactResolver, PrettyEventHandler } from "@nomicfoundation/hardhat-ignition/helpers";
import { type DeploymentParameters, DeploymentResultType, deploy } from "@nomicfoundation/ignition-core";
import { artifacts, interruptions } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { type Admissions, gridModule } from "../../ignition/modules/Grid.ts";
import { strategyOf } from "./create2.ts";
import { DeploymentError } from "./problems.ts";

export type Ignition = {
  readonly admissions: Admissions;
  readonly parameters: DeploymentParameters;
  readonly deployer: string;
  readonly salt?: string | undefined;
  /** The folder of the journal. Without it nothing is kept. */
  readonly folder?: string | undefined;
  readonly displayUi?: boolean | undefined;
};

/** Deploys the Grid module, or continues. Returns the addresses of all contracts by name, in the order of deployment. */
export async function ignite(
  { ethers, provider, networkConfig }: NetworkConnection,
  { admissions, parameters, deployer, salt, folder, displayUi = false }: Ignition,
): Promise<Record<string, string>> {
  const { chainId } = await ethers.provider.getNetwork();
  const { maxFeePerGasLimit, maxPriorityFeePerGas } = networkConfig.ignition;
  // A node that mines at once needs no pause between two looks.
  const isAutomined = await provider.request({ method: "hardhat_getAutomine" }).catch(() => false);
  const result = await deploy({
    config: isAutomined ? { blockPollingInterval: 20 } : {},
    provider,
    artifactResolver: new HardhatArtifactResolver(artifacts),
    ignitionModule: gridModule(admissions),
    deploymentParameters: parameters,
    accounts: [deployer],
    ...strategyOf(chainId, deployer, salt),
    ...(folder !== undefined && { deploymentDir: folder }),
    ...(displayUi && { executionEventListener: new PrettyEventHandler(interruptions) }),
    ...(maxFeePerGasLimit !== undefined && { maxFeePerGasLimit }),
    ...(maxPriorityFeePerGas !== undefined && { maxPriorityFeePerGas }),
  });
  if (result.type !== DeploymentResultType.SUCCESSFUL_DEPLOYMENT)
    throw new DeploymentError(`The deployment stopped: ${reasonsOf(result)}`);
  return Object.fromEntries(
    Object.values(result.contracts).map(({ contractName, address }) => [contractName, address]),
  );
}

/** The errors in a result of Ignition, by the future's id, such as `Grid#champions_1`. */
function reasonsOf(result: object): string {
  const { errors, failed = [], held = [], timedOut = [] } = result as Failure;
  const reasons = [
    ...Object.entries(errors ?? {}).map(([id, list]) => `${id}: ${list.join(", ")}`),
    ...failed.map(({ futureId, error }) => `${futureId}: ${error}`),
    ...held.map(({ futureId, reason }) => `${futureId}: ${reason}`),
    ...timedOut.map(({ futureId }) => `${futureId}: no confirmation came in time. Run the command again`),
  ];
  return reasons.join("; ") || JSON.stringify(result);
}

type Failure = {
  errors?: Record<string, string[]>;
  failed?: { futureId: string; error: string }[];
  held?: { futureId: string; reason: string }[];
  timedOut?: { futureId: string }[];
};
