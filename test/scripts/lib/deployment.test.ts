import { expect } from "chai";
import { network } from "hardhat";
import { deployGrid } from "../../../scripts/lib/deployment.ts";

describe("deployGrid", () => {
  it("when the chain is no local node's and the keys are for development, refuses unless told", async () => {
    const connection = await network.create({ override: { chainId: 4_242 } });
    const failure = await deployGrid(connection, { testUSD: false }).then(
      () => "",
      (error: Error) => error.message,
    );
    expect(failure).to.match(
      /^The proving keys of usage-batch-16x4, .* are dev-insecure: .* chain 4242 with --dev-keys/,
    );
    expect(await connection.ethers.provider.getBlockNumber()).to.equal(0);
    const { chainId, contracts } = await deployGrid(connection, { testUSD: false, devKeys: true });
    expect(chainId).to.equal(4_242);
    expect(await connection.ethers.provider.getCode(contracts.UsageLedger ?? "")).not.to.equal("0x");
    await connection.close();
  });
});
