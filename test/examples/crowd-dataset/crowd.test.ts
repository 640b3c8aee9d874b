import { expect } from "chai";
import { runCrowd } from "../../../examples/crowd-dataset/crowd.ts";
import { deployedGrid } from "../../deployed.ts";

describe("crowd-dataset", () => {
  it("when it runs, contributors without ETH are paid by their accepted rows", async () => {
    const { connection, deployment } = await deployedGrid();
    const lines: string[] = [];
    const run = await runCrowd(connection, deployment, (line) => void lines.push(line));
    expect(run.received).to.equal(4_000_000n);
    expect(run.earned).to.deep.equal([1_142_857n, 2_857_142n, 0n]);
    const { provider } = connection.ethers;
    const usd = await connection.ethers.getContractAt("TestUSD", deployment.contracts.TestUSD ?? "");
    for (const [i, { address }] of run.contributors.entries()) {
      expect([await provider.getBalance(address), await provider.getTransactionCount(address)]).to.deep.equal(
        [0n, 0],
      );
      expect(await usd.balanceOf(address)).to.equal(run.earned[i]);
    }
    expect(await usd.balanceOf(run.pool)).to.equal(1n);
    expect(lines).to.have.length(10);
    expect(lines.join("\n")).to.contain("accepts 7 of 9 rows");
  });

  it("when the deployment has no test currency, says so", async () => {
    const { connection, deployment } = await deployedGrid();
    const { contracts, ...rest } = deployment;
    const { TestUSD: _, ...others } = contracts;
    const error = await runCrowd(connection, { ...rest, contracts: others }, () => {}).then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error?.message).to.equal("This deployment has no TestUSD, which the customer pays with.");
  });
});
