import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { artifacts } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { nextLedgerModule } from "../../ignition/modules/NextLedger.ts";
import { isLocalChain } from "../../sdk/src/shared/chains.ts";
import { readInstances, verifierName } from "../circuits/instances.ts";
import { checkKeys } from "./deployment.ts";
import { DeploymentError } from "./problems.ts";

export type LedgerOptions = {
  /** Addresses by contract name. @default those of deployments/<chainId>.json */
  contracts?: Readonly<Record<string, string>>;
  /** Whether development keys are allowed on any chain. */
  devKeys?: boolean;
};

/**
 * Deploys a further ledger, with the present verifiers, beside those of a deployment. Nobody uses it until governance
 * admits it. An interrupted call is continued by the next one.
 *
 * @returns the ledger's address
 * @throws {DeploymentError} for development keys elsewhere than on a local chain, or an unknown deployment
 */
export async function deployLedger(
  connection: NetworkConnection,
  options: LedgerOptions = {},
): Promise<string> {
  const { provider } = connection.ethers;
  const { chainId } = await provider.getNetwork();
  if (!isLocalChain(chainId) && !options.devKeys) await checkKeys(chainId);
  const { licenses, terms, router, guardian } = await partsOf(
    connection,
    options.contracts ?? recorded(chainId),
  );
  const parts = { licenses, terms, router, guardian };
  const { ledger } = await connection.ignition.deploy(nextLedgerModule(parts), {
    deploymentId: await idOf(chainId, parts),
  });
  return await ledger.getAddress();
}

function recorded(chainId: bigint): Record<string, string> {
  const file = `deployments/${chainId}.json`;
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")).contracts;
  throw new DeploymentError(`There is no ${file}: deploy the grid first.`);
}

async function partsOf({ ethers }: NetworkConnection, contracts: Readonly<Record<string, string>>) {
  const at = async (name: string): Promise<string> => {
    const address = contracts[name] ?? "";
    if (address && (await ethers.provider.getCode(address)) !== "0x") return address;
    throw new DeploymentError(`The deployment has no ${name} on this chain.`);
  };
  return {
    licenses: await at("LicenseNFT"),
    terms: await at("TermsRegistry"),
    router: await at("SettlementRouter"),
    guardian: await at("Guardian"),
  };
}

/** Other code, keys or contracts make another ledger. */
async function idOf(chainId: bigint, parts: object): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(parts));
  for (const name of ["UsageLedger", ...readInstances().map((instance) => verifierName(instance.name))])
    hash.update((await artifacts.readArtifact(name)).bytecode);
  return `ledger-${chainId}-${hash.digest("hex").slice(0, 16)}`;
}
