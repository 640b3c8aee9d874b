import { readFileSync } from "node:fs";
import { expect } from "chai";
import { network } from "hardhat";
import { VARYING } from "../../../ignition/varying.ts";
import { CREATE_X, prepareCreateX, saltOf, strategyOf } from "../../../scripts/lib/create2.ts";
import { parseGenesis } from "../../../scripts/lib/genesis.ts";
import { DeploymentError } from "../../../scripts/lib/problems.ts";
import { referenceOf } from "../../../scripts/lib/reference.ts";

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

  it("when two chains differ in their genesis, only the contracts listed as varying have other addresses", async () => {
    const file = JSON.parse(readFileSync("ignition/genesis/31337.json", "utf8"));
    const accounts = Array.from({ length: 8 }, (_, i) => `0x${"00".repeat(19)}1${i}`);
    const first = await addressesOn(4_242, file, accounts);
    const other = {
      ...file,
      council: 0,
      minDelay: 5,
      votingPeriod: 700_000,
      votingDelay: 7,
      applicationShareBps: 9,
    };
    const second = await addressesOn(4_343, other, [...accounts].reverse());
    const different = Object.keys(first).filter((name) => first[name] !== second[name]);
    expect(different.sort()).to.deep.equal(Object.keys(VARYING).sort());
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

async function addressesOn(chainId: number, genesis: object, accounts: string[]) {
  const connection = await network.create({ override: { chainId } });
  await prepareCreateX(connection);
  const options = { deployer: DEPLOYER, nonce: 0 };
  const { addresses } = await referenceOf(
    connection.ethers.provider,
    parseGenesis(genesis, accounts),
    options,
  );
  await connection.close();
  return addresses;
}
