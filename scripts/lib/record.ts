import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { keccak256 } from "ethers";
import { VARYING } from "../../ignition/varying.ts";
import { type Genesis, genesisJson } from "./genesis.ts";
import type { GridPlace, GridState } from "./grid-state.ts";

/**
 * The content of `deployments/<chainId>.json`: addresses by contract name, and the block before the first event. A
 * deployment on a node has all details.
 */
export type Deployment = {
  readonly chainId: number;
  readonly blockNumber: number;
  readonly contracts: Readonly<Record<string, string>>;
} & Partial<DeploymentDetails>;

export type DeploymentDetails = {
  /** Of this repository. */
  readonly version: string;
  readonly deployer: string;
  /** Of CREATE2. Absent on local chains. */
  readonly salt?: string;
  /** The genesis file, with addresses in place of indexes. */
  readonly genesis: object;
  /** All contracts, also those that only others call. `codeHash` is keccak256 of the code on the chain. */
  readonly code: Readonly<Record<string, GridPlace & { codeHash: string }>>;
  /** Contracts whose address can differ on other chains, with the reason. */
  readonly varying?: Readonly<Record<string, string>>;
};

export function detailsOf(
  genesis: Genesis,
  { deployer, salt }: { deployer: string; salt: string | undefined },
  places: Readonly<Record<string, GridPlace>>,
  state: GridState,
): DeploymentDetails {
  const { version } = JSON.parse(readFileSync("package.json", "utf8"));
  const code = Object.entries(places).map(([name, place]) => {
    return [name, { ...place, codeHash: keccak256(state.code[name]?.code ?? "0x") }] as const;
  });
  return {
    version,
    deployer,
    ...(salt !== undefined && { salt, varying: VARYING }),
    genesis: genesisJson(genesis),
    code: Object.fromEntries(code),
  };
}

/** The folder of all records. */
export const RECORDS = "deployments";

export function deploymentFile(chainId: number | bigint, folder = RECORDS): string {
  return `${folder}/${chainId}.json`;
}

export function deploymentText(deployment: Deployment): string {
  return `${JSON.stringify(deployment, null, 2)}\n`;
}

export function saveDeployment(deployment: Deployment, folder = RECORDS): string {
  const file = deploymentFile(deployment.chainId, folder);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, deploymentText(deployment));
  return file;
}

/** The record of a chain, if there is one. */
export function readDeployment(chainId: number | bigint, folder?: string): Deployment | undefined {
  const file = deploymentFile(chainId, folder);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}
