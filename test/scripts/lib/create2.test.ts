import { expect } from "chai";
import { network } from "hardhat";
import { CREATE_X, prepareCreateX, saltOf, strategyOf } from "../../../scripts/lib/create2.ts";
import { DeploymentError } from "../../../scripts/lib/problems.ts";

const DEPLOYER = `0x${"de".repeat(20)}`;

describe("CREATE2", () => {
  it("when the chain is local, is not used", () => {
    expect(strategyOf(31_337n, DEPLOYER)).to.deep.equal({});
    expect(strategyOf(11_155_111n, DEPLOYER).strategy).to.equal("create2");
  });

  it("when it makes a salt, binds it to the deployer and to no chain", () => {
    expect(saltOf(DEPLOYER, "one")).to.match(/^0x(de){20}00[0-9a-f]{22}$/);
    expect(saltOf(DEPLOYER, "one")).not.to.equal(saltOf(DEPLOYER, "two"));
  });

  it("when a chain lacks CreateX and cannot get it, or has other code there, says so", async () => {
    const connection = await network.create({ override: { chainId: 4_242 } });
    const request = async () => {
      throw new Error("the method does not exist");
    };
    const failure = (one: object) => prepareCreateX(one as typeof connection).catch((error: Error) => error);
    const remote = await failure({ ethers: connection.ethers, provider: { request } });
    expect(remote).to.be.instanceOf(DeploymentError);
    expect(remote).to.have.property("message").that.contains(`Chain 4242 has no CreateX at ${CREATE_X}.`);
    await connection.networkHelpers.setCode(CREATE_X, "0x00");
    const foreign = await failure(connection);
    expect(foreign).to.have.property("message", `The code at ${CREATE_X} is not CreateX. Use another chain.`);
    await connection.close();
  });
});
