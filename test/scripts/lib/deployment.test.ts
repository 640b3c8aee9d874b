import { existsSync, readdirSync, rmSync } from "node:fs";
import { expect } from "chai";
import { network } from "hardhat";
import { deployGrid } from "../../../scripts/lib/deployment.ts";
import { connect } from "../../../scripts/lib/network.ts";
import { serve } from "../../sdk/cli/support.ts";

describe("deployGrid", () => {
  it("when the keys are for development and the chain is not local, refuses without --dev-keys", async () => {
    const connection = await network.create({ override: { chainId: 4_242 } });
    const failure = await deployGrid(connection).then(
      () => "",
      (error: Error) => error.message,
    );
    expect(failure).to.match(
      /^The proving keys of usage-batch-16x4, .* are dev-insecure: .* chain 4242 with --dev-keys/,
    );
    expect(await connection.ethers.provider.getBlockNumber()).to.equal(0);
    const unready = await deployGrid(connection, { devKeys: true }).catch((error: Error) => error.message);
    expect(unready).to.equal(
      "Chain 4242 has no genesis: write one like ignition/genesis/31337.json and name it by --genesis FILE.",
    );
    const { chainId, contracts } = await deployGrid(connection, {
      devKeys: true,
      genesis: "ignition/genesis/31337.json",
    });
    expect(chainId).to.equal(4_242);
    expect(await connection.ethers.provider.getCode(contracts.UsageLedger ?? "")).not.to.equal("0x");
    await connection.close();
  });

  it("when a deployment continues, keeps the block of the first event", async () => {
    const chain = await network.create();
    const node = await serve(chain);
    const before = new Set(journals());
    try {
      await chain.networkHelpers.mine(3);
      const connection = await connect({ rpc: node.rpc });
      const first = await deployGrid(connection);
      expect(first.blockNumber).to.equal(3);
      await chain.networkHelpers.mine(5);
      expect(await deployGrid(connection)).to.deep.equal(first);
      await connection.close();
    } finally {
      node.close();
      for (const journal of journals()) {
        if (!before.has(journal)) rmSync(`${JOURNALS}/${journal}`, { recursive: true });
      }
    }
  });
});

const JOURNALS = "ignition/deployments";

function journals(): string[] {
  return existsSync(JOURNALS) ? readdirSync(JOURNALS) : [];
}
