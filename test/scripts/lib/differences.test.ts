import { readFileSync } from "node:fs";
import { expect } from "chai";
import { dataSlice } from "ethers";
import { network } from "hardhat";
import { differences } from "../../../scripts/lib/differences.ts";
import { parseGenesis } from "../../../scripts/lib/genesis.ts";
import type { GridState } from "../../../scripts/lib/grid-state.ts";
import { referenceOf } from "../../../scripts/lib/reference.ts";

const DEPLOYER = `0x${"de".repeat(20)}`;
const STRANGER = `0x${"5a".repeat(20)}`;

describe("differences", () => {
  let expected: GridState;

  before(async () => {
    const connection = await network.create({ override: { chainId: 31_337 } });
    const file = JSON.parse(readFileSync("ignition/genesis/31337.json", "utf8"));
    const accounts = (await connection.ethers.getSigners()).map(({ address }) => address);
    const options = { deployer: DEPLOYER, nonce: 3 };
    expected = (await referenceOf(connection.ethers.provider, parseGenesis(file, accounts), options)).state;
    await connection.close();
  });

  it("when the chain is as it should be, finds none", async () => {
    expect(await differences(expected, expected)).to.deep.equal([]);
  });

  it("when the deployer has no role and the timelock all, the reference says so", () => {
    expect(expected.roles.filter((role) => role.includes("dEdE"))).to.deep.equal([]);
    const admins = expected.roles.filter((role) => role.endsWith("DEFAULT_ADMIN_ROLE"));
    expect(new Set(admins.map((role) => role.replace(/^\w+: /, "")))).to.have.property("size", 1);
    expect(admins).to.have.length(9);
  });

  it("when somebody else has a role, names contract, account and role", async () => {
    const role = `GridTimelock: ${STRANGER} has PROPOSER_ROLE`;
    const [held = ""] = expected.roles;
    const found = { ...expected, roles: [...expected.roles.slice(1), role] };
    expect(await differences(expected, found)).to.deep.equal([
      `${held} in this genesis, but not on the chain.`,
      `${role}, but should not.`,
    ]);
  });

  it("when a setting was made twice, is missing or is another one, names each", async () => {
    const [first = "", second = "", ...others] = expected.settings;
    const extra = `BenefitMine: SourceAdmitted(source ${STRANGER}, cap 1)`;
    const found = { ...expected, settings: [first, first, ...others, extra] };
    expect(await differences(expected, found)).to.deep.equal([
      `${second} is missing.`,
      `${first} is not in this genesis.`,
      `${extra} is not in this genesis.`,
    ]);
  });

  it("when a contract stands elsewhere, has no code or is not recorded, says so", async () => {
    const { Commons, CoinSale, Guardian, ...others } = expected.code;
    if (!Commons || !CoinSale || !Guardian) throw new Error("The reference lacks contracts.");
    const code = {
      ...others,
      Commons: { ...Commons, address: STRANGER },
      Guardian: { ...Guardian, code: "0x" },
    };
    expect(await differences(expected, { ...expected, code })).to.have.members([
      `Commons is at ${STRANGER}. This source and genesis give ${Commons.address}.`,
      "CoinSale is not in the record.",
      `Guardian has no code at ${Guardian.address}.`,
    ]);
  });

  it("when one byte of code differs, compares the hash without immutables", async () => {
    const [line = "", ...others] = await found("SettlementRouter", (code) => flipped(code, 100));
    expect(others).to.deep.equal([]);
    expect(line).to.match(
      /^SettlementRouter has other code at 0x\w{40}: its hash without immutables is 0x\w{64}, not 0x\w{64}\.$/,
    );
  });

  it("when an immutable differs, says its value and the right one", async () => {
    const timelock = expected.code.GridTimelock?.address.slice(2).toLowerCase() ?? "";
    const lines = await found("Guardian", (code) => code.replaceAll(timelock, STRANGER.slice(2)));
    expect(lines).not.to.deep.equal([]);
    for (const line of lines)
      expect(line).to.match(
        new RegExp(`^Guardian has immutable ${STRANGER} at byte \\d+, not 0x${timelock}\\.$`),
      );
  });

  it("when a contract was created at another time, its immutable times must move as much", async () => {
    const { createdAt = 0n } = expected.code.BenefitMine ?? {};
    const [was, is] = [createdAt, createdAt + 500n].map((time) => time.toString(16).padStart(64, "0"));
    const move = (code: string) => code.replaceAll(was ?? "", is ?? "");
    expect(await found("BenefitMine", move, createdAt + 500n)).to.deep.equal([]);
    expect(await found("BenefitMine", move, createdAt + 400n)).not.to.deep.equal([]);
  });

  /** The differences if the code of one contract is changed. */
  async function found(
    name: string,
    change: (code: string) => string,
    createdAt?: bigint,
  ): Promise<string[]> {
    const one = expected.code[name];
    if (!one) throw new Error(`There is no ${name}.`);
    const changed = { ...one, code: change(one.code), createdAt: createdAt ?? one.createdAt };
    expect(changed.code).not.to.equal(one.code);
    return await differences(expected, { ...expected, code: { ...expected.code, [name]: changed } });
  }
});

function flipped(code: string, at: number): string {
  const byte = (Number(dataSlice(code, at, at + 1)) ^ 1).toString(16).padStart(2, "0");
  return code.slice(0, 2 + 2 * at) + byte + code.slice(4 + 2 * at);
}
