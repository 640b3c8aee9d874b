import { concat, dataLength, dataSlice, id, keccak256, toBeHex } from "ethers";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import TestUSD from "../../ignition/modules/TestUSD.ts";
import { isLocalChain } from "../../sdk/src/shared/chains.ts";
import { DeploymentError } from "./problems.ts";

/** The factory of https://github.com/pcaversaccio/createx, at the same address on most chains. */
export const CREATE_X = "0xba5Ed099633D3B313e4D5F7bdc1305d3c28ba5Ed";
/** keccak256 of its code. */
const CREATE_X_HASH = "0xbd8a7ea8cfca7b4e5f5041d7d4b17bc317c5ce42cfbc42066a00cf26b43eb53f";

export const DEFAULT_SALT = "Benefit Grid";

/**
 * How Ignition creates contracts: by nonce on local chains, where kept proofs depend on the ledger's address, and by
 * CREATE2 on all others.
 */
export function strategyOf(chainId: bigint, deployer: string, salt = DEFAULT_SALT) {
  if (isLocalChain(chainId)) return {};
  return { strategy: "create2", strategyConfig: { salt: saltOf(deployer, salt) } } as const;
}

/**
 * A salt that works for the deployer alone: nobody else can take the addresses first. CreateX reads the account from the
 * first 20 bytes. The zero after them means equal addresses on all chains.
 */
export function saltOf(deployer: string, salt: string): string {
  return concat([deployer, "0x00", dataSlice(id(salt), 0, 11)]);
}

/**
 * Checks that a chain has CreateX. A development node gets it if it is missing.
 *
 * @throws {DeploymentError} if it is missing elsewhere, or if other code is at its address
 */
export async function prepareCreateX({ ethers, provider }: NetworkConnection): Promise<void> {
  const { chainId } = await ethers.provider.getNetwork();
  if (isLocalChain(chainId)) return;
  const code = await ethers.provider.getCode(CREATE_X);
  if (keccak256(code) === CREATE_X_HASH) return;
  if (dataLength(code) > 0)
    throw new DeploymentError(`The code at ${CREATE_X} is not CreateX. Use another chain.`);
  const installed = provider.request({ method: "hardhat_setCode", params: [CREATE_X, await createXCode()] });
  await installed.catch(() => {
    throw new DeploymentError(
      `Chain ${chainId} has no CreateX at ${CREATE_X}. Deploy it first, by its presigned transaction: https://github.com/pcaversaccio/createx.`,
    );
  });
}

let code: Promise<string> | undefined;

/** The code of CreateX. Ignition deploys it by its presigned transaction, but on chain 31337 only. */
function createXCode(): Promise<string> {
  code ??= deployCreateX();
  return code;
}

async function deployCreateX(): Promise<string> {
  const stage = await network.create({ override: { chainId: 31_337 } });
  try {
    const strategyConfig = { salt: toBeHex(1, 32) };
    await stage.ignition.deploy(TestUSD, { strategy: "create2", strategyConfig });
    return await stage.ethers.provider.getCode(CREATE_X);
  } finally {
    await stage.close();
  }
}
