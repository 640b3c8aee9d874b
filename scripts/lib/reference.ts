import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getVerificationInformation, type VerifyInfo } from "@nomicfoundation/ignition-core";
import type { Provider } from "ethers";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { isLocalChain } from "../../sdk/src/shared/chains.ts";
import { CREATE_X, prepareCreateX } from "./create2.ts";
import type { Genesis } from "./genesis.ts";
import { type GridState, placesOf, readState } from "./grid-state.ts";
import { ignite } from "./ignite.ts";
import { readJournal } from "./journal.ts";

export type ReferenceOptions = {
  readonly deployer: string;
  readonly salt?: string | undefined;
  /** The deployer's nonce before the deployment. Only local chains create by nonce. */
  readonly nonce: number;
};

/** What a genesis makes of this source: the same deployment by the same account, on a chain in this process. */
export type Reference = {
  readonly addresses: Readonly<Record<string, string>>;
  readonly state: GridState;
  /** Gas of each transaction, by the id of its future. */
  readonly gas: ReadonlyMap<string, bigint>;
  /** Constructor arguments and libraries of each contract that the deployer creates. */
  readonly creations: readonly VerifyInfo[];
};

/**
 * Deploys a genesis on a chain in this process with the same id, gas limit and tokens. `then` gets this chain before it
 * ends.
 */
export async function referenceOf(
  provider: Provider,
  genesis: Genesis,
  { deployer, salt, nonce }: ReferenceOptions,
  then: (
    stage: NetworkConnection,
    addresses: Readonly<Record<string, string>>,
  ) => Promise<void> = async () => {},
): Promise<Reference> {
  const [{ chainId }, block] = await Promise.all([provider.getNetwork(), provider.getBlock("latest")]);
  const override = { chainId: Number(chainId), ...(block && { blockGasLimit: block.gasLimit }) };
  const stage = await network.create({ override });
  const folder = mkdtempSync(join(tmpdir(), "benefit-grid-"));
  try {
    const { setCode, impersonateAccount, setBalance, setNonce } = stage.networkHelpers;
    const tokens = genesis.admissions.currencies.map(({ token }) => token);
    for (const address of [CREATE_X, ...tokens.filter((token) => token !== "TestUSD")])
      await setCode(address, await provider.getCode(address));
    await prepareCreateX(stage);
    await impersonateAccount(deployer);
    await setBalance(deployer, 10n ** 24n);
    if (isLocalChain(chainId) && nonce > 0) await setNonce(deployer, nonce);
    const addresses = await ignite(stage, { ...genesis, deployer, salt, folder });
    const journal = readJournal(folder);
    const { provider: own } = stage.ethers;
    const reference = {
      addresses,
      state: await readState(own, placesOf(addresses, journal.blocks), 0),
      gas: await gasOf(own, journal.hashes),
      creations: await creationsIn(folder),
    };
    await then(stage, addresses);
    return reference;
  } finally {
    await stage.close();
    rmSync(folder, { recursive: true });
  }
}

async function gasOf(provider: Provider, hashes: ReadonlyMap<string, string>): Promise<Map<string, bigint>> {
  const entries = [...hashes].map(async ([futureId, hash]) => {
    const receipt = await provider.getTransactionReceipt(hash);
    return [futureId, receipt?.gasUsed ?? 0n] as const;
  });
  return new Map(await Promise.all(entries));
}

async function creationsIn(folder: string): Promise<VerifyInfo[]> {
  const found: VerifyInfo[] = [];
  for await (const one of getVerificationInformation(folder)) {
    if (typeof one === "string") throw new Error(`The journal lacks the artifact of ${one}.`);
    found.push(one);
  }
  return found;
}
