import { expect } from "chai";
import { network } from "hardhat";
import { insecureCircuits, readManifest } from "../../../scripts/circuits/manifest.ts";
import { deployLedger } from "../../../scripts/lib/ledger.ts";
import { DeploymentError } from "../../../scripts/lib/problems.ts";

describe("deployLedger", () => {
  it("when a circuit's key is for development and the chain is not local, sends nothing", async () => {
    const insecure = await insecureCircuits(readManifest(), async () => "0x60");
    const connection = await network.create({ override: { chainId: 4_242 } });
    const refused =
      insecure.length > 0 ? /^The proving keys of .* are dev-insecure/ : /^There is no deployments/;
    expect(await failure(deployLedger(connection))).to.match(refused);
    expect(await failure(deployLedger(connection, { devKeys: true }))).to.equal(
      "There is no deployments/4242.json: deploy the grid first.",
    );
    expect(await connection.ethers.provider.getBlockNumber()).to.equal(0);
    await connection.close();
  });

  it("when the recorded deployment is not on this chain, sends nothing", async () => {
    const connection = await network.create();
    expect(await failure(deployLedger(connection))).to.equal(
      "The deployment has no LicenseNFT on this chain.",
    );
    expect(await failure(deployLedger(connection, { contracts: {} }))).to.equal(
      "The deployment has no LicenseNFT on this chain.",
    );
    expect(await connection.ethers.provider.getBlockNumber()).to.equal(0);
    await connection.close();
  });
});

async function failure(promise: Promise<unknown>): Promise<string> {
  const error = await promise.catch((reason: unknown) => reason);
  expect(error).to.be.instanceOf(DeploymentError);
  return (error as DeploymentError).message;
}
