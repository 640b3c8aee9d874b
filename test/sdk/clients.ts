import { type AddressInput, ContractRevertError, createClient, type Deployment } from "@benefit-grid/sdk";
import { expect } from "chai";
import type { Signer } from "ethers";
import { addressesOf } from "../../scripts/lib/deployment.ts";
import { ethers, type GridFixture, networkHelpers } from "../grid.ts";

/** A fixture of ../grid.ts with a deployment, a token and a client for each account. */
export async function withClients<T extends GridFixture>(fixture: () => Promise<T>) {
  const grid = await networkHelpers.loadFixture(fixture);
  const deployment = await deploymentOf(grid);
  const as = (runner: Signer) => createClient({ runner, deployment });
  const token = await grid.usd.getAddress();
  return { ...grid, deployment, token, ledgerAddress: deployment.contracts.UsageLedger, as };
}

async function deploymentOf(grid: GridFixture): Promise<Deployment<AddressInput>> {
  const { chainId } = await ethers.provider.getNetwork();
  const contracts = (await addressesOf(grid)) as Deployment<AddressInput>["contracts"];
  return { chainId, contracts, blockNumber: 0 };
}

/** The rejection of a promise, or of a function that may throw at once. */
export async function rejectionOf(action: Promise<unknown> | (() => unknown)): Promise<Error> {
  try {
    await (typeof action === "function" ? action() : action);
  } catch (error) {
    return error as Error;
  }
  throw new Error("Expected a rejection.");
}

/** Expects a decoded revert with exactly these arguments. */
export async function expectRevert(action: Promise<unknown>, name: string, args: object): Promise<void> {
  const error = await rejectionOf(action);
  expect(error, error.stack).to.be.instanceOf(ContractRevertError);
  expect(error.name).to.equal(name);
  expect((error as ContractRevertError).args).to.deep.equal(args);
}

export async function expectInvalid(
  action: Promise<unknown> | (() => unknown),
  parameter: string,
): Promise<void> {
  const error = await rejectionOf(action);
  expect(error.name, error.stack).to.equal("InvalidParameterError");
  expect(error).to.have.property("parameter", parameter);
}
