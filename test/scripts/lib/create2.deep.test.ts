import { readFileSync } from "node:fs";
import { expect } from "chai";
import { network } from "hardhat";
import { VARYING } from "../../../ignition/varying.ts";
import { prepareCreateX } from "../../../scripts/lib/create2.ts";
import { parseGenesis } from "../../../scripts/lib/genesis.ts";
import { referenceOf } from "../../../scripts/lib/reference.ts";

const DEPLOYER = `0x${"de".repeat(20)}`;

describe("CREATE2", () => {
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
