import type { Deployment } from "@benefit-grid/sdk";
import { expect } from "chai";
import type { NetworkConnection } from "hardhat/types/network";
import { openSubnet } from "../../../scripts/lib/local-subnet.ts";

describe("openSubnet", () => {
  const plan = {
    ...{ description: "", dataset: new Uint8Array(1), pot: 1n, epochs: 1 },
    ...{ validators: ["one"], miners: ["other"] },
  };
  const open = async (contracts: object) => {
    const connection = { ethers: { getSigners: async () => [1, 2, 3] } } as unknown as NetworkConnection;
    const error = await openSubnet(connection, { contracts } as unknown as Deployment, plan).then(
      () => undefined,
      (reason: Error) => reason,
    );
    return error?.message;
  };

  it("when the deployment has no test currency, says so", async () => {
    expect(await open({})).to.equal("This deployment has no TestUSD, which the sponsor pays with.");
  });

  it("when the node has too few accounts, says so", async () => {
    const message = "The node has 3 accounts. 5 are needed: the first 2 belong to deployer and council.";
    expect(await open({ TestUSD: "0x" })).to.equal(message);
  });
});
