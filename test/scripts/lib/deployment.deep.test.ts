import { existsSync, readdirSync, rmSync } from "node:fs";
import { expect } from "chai";
import { network } from "hardhat";
import { checkChain } from "../../../scripts/lib/chain-checks.ts";
import { checkDeployment, deployGrid } from "../../../scripts/lib/deployment.ts";
import { connect } from "../../../scripts/lib/network.ts";
import { DeploymentError } from "../../../scripts/lib/problems.ts";
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

  it("when the deployer has too little money, says how much it takes", async () => {
    const connection = await network.create({ override: { chainId: 4_242 } });
    const [deployer] = await connection.ethers.getSigners();
    await connection.networkHelpers.setBalance(deployer?.address ?? "", 10n ** 15n);
    const options = { devKeys: true, genesis: "ignition/genesis/31337.json" };
    const failure = await deployGrid(connection, options).catch((error: Error) => error);
    expect(failure).to.be.instanceOf(DeploymentError);
    expect(failure)
      .to.have.property("message")
      .that.matches(
        /^The deployer 0x\w{40} has 0\.001, but the deployment takes \d+ gas, now 0\.\d+\. Send it more\.$/,
      );
    expect(await connection.ethers.provider.getBlockNumber()).to.equal(0);
    await connection.close();
  });

  it("when a chain is not for tests, refuses a council without a contract", async () => {
    const connection = await network.create({ override: { chainId: 4_242 } });
    const { provider } = connection.ethers;
    const file = "genesis.json";
    const council = `0x${"12".repeat(20)}`;
    const admissions = { programmes: [], champions: [], sectors: [], sources: [], currencies: [] };
    const genesis = { admissions, parameters: { Governance: { council } } };
    await checkChain(provider, genesis, { file, isForTests: true });
    const failure = await checkChain(provider, genesis, { file, isForTests: false }).catch(String);
    expect(failure).to.contain(
      "council is not a contract on this chain. Name a multisig: a single key can be lost or stolen.",
    );
    await connection.close();
  });

  it("when a chain lacks instructions of the contracts, refuses it", async () => {
    const connection = await network.create({ override: { chainId: 4_242, hardfork: "shanghai" } });
    const options = { devKeys: true, genesis: "ignition/genesis/31337.json" };
    const failure = await deployGrid(connection, options).catch((error: Error) => error);
    expect(failure).to.be.instanceOf(DeploymentError);
    expect(failure)
      .to.have.property("message")
      .that.equals("The chain lacks instructions of Ethereum's Cancun upgrade. Use another chain.");
    await connection.close();
  });

  it("when only checking, sends nothing", async () => {
    const connection = await network.create({ override: { chainId: 4_242 } });
    const options = { devKeys: true, genesis: "ignition/genesis/31337.json" };
    expect((await checkDeployment(connection, options)).chainId).to.equal(4_242n);
    expect(await connection.ethers.provider.getBlockNumber()).to.equal(0);
    await connection.close();
  });

  it("when a deployment continues, keeps the block of the first event", async () => {
    const chain = await network.create({ override: { chainId: 4_242 } });
    const options = { devKeys: true, genesis: "ignition/genesis/31337.json" };
    const node = await serve(chain);
    const before = new Set(journals());
    try {
      await chain.networkHelpers.mine(3);
      const connection = await connect({ rpc: node.rpc });
      const first = await deployGrid(connection, options);
      expect(first.blockNumber).to.equal(3);
      await chain.networkHelpers.mine(5);
      const [deployer] = await chain.ethers.getSigners();
      await chain.networkHelpers.setBalance(deployer?.address ?? "", 1n);
      expect(await deployGrid(connection, options)).to.deep.equal(first);
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
