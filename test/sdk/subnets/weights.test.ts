import { commitWeights, listWeights, revealWeights } from "@benefit-grid/sdk";
import { expect } from "chai";
import { ethers } from "../../grid.ts";
import { Phase } from "../../subnets/support.ts";
import { expectInvalid, expectRevert, rejectionOf } from "../clients.ts";
import { row, scored, seats } from "./support.ts";

const WEIGHTS = [65_535n, 1n, 0n];

async function fixture() {
  const given = await seats();
  const [validator] = given.validators;
  return { ...given, validator, own: await given.as(validator) };
}

describe("commitWeights", () => {
  it("commits the hash that the contract compares", async () => {
    const { own, validator, hub } = await fixture();
    const { epoch, commitment } = await commitWeights(own, row(WEIGHTS));
    expect(epoch).to.equal(2n);
    const { chainId } = await ethers.provider.getNetwork();
    const expected = ethers.keccak256(
      ethers.AbiCoder.defaultAbiCoder().encode(
        ["uint256", "address", "uint32", "uint32", "address", "bytes32", "bytes32", "bytes32", "bytes32"],
        [
          chainId,
          await hub.getAddress(),
          1n,
          2n,
          validator.address,
          ethers.keccak256("0xffff00010000"),
          row(WEIGHTS).evidenceHash,
          ethers.id(row(WEIGHTS).uri),
          row(WEIGHTS).salt,
        ],
      ),
    );
    expect(commitment).to.equal(expected);
    expect(await hub.commitmentOf(1n, validator)).to.equal(expected);
  });

  it("when called with another epoch, commits weights that cannot be revealed now", async () => {
    const { own, validator, hub, goTo } = await fixture();
    await commitWeights(own, { ...row(WEIGHTS), epoch: 3n });
    await goTo(2n, Phase.Reveal);
    const error = await rejectionOf(revealWeights(own, row(WEIGHTS)));
    expect(error.name).to.equal("WeightsCommitmentMismatch");
    expect((error as unknown as { args: object }).args).to.include({
      committed: await hub.commitmentOf(1n, validator),
    });
  });

  it("when called by somebody else or too late, tells the contract's reason", async () => {
    const { own, client, stranger, goTo } = await fixture();
    const refused = { subnetId: 1n, account: stranger.address };
    await expectRevert(commitWeights(client, row(WEIGHTS)), "ValidatorNotRegistered", refused);
    await goTo(2n, Phase.Reveal);
    await expectRevert(commitWeights(own, row(WEIGHTS)), "WeightsCommitLate", { subnetId: 1n, epoch: 2n });
  });

  it("when called with malformed values, names them", async () => {
    const { own } = await fixture();
    await expectInvalid(commitWeights(own, row([65_536n])), "weights[0]");
    await expectInvalid(commitWeights(own, { ...row(WEIGHTS), salt: "0x12" }), "salt");
    await expectInvalid(commitWeights(own, { ...row(WEIGHTS), evidenceHash: "0x" }), "evidenceHash");
    await expectInvalid(commitWeights(own, { ...row(WEIGHTS), epoch: 0n }), "epoch");
  });
});

describe("revealWeights", () => {
  it("reveals what was committed, and the contract accepts it", async () => {
    const { hub, validators, ...given } = await fixture();
    await scored({ validators, ...given }, 2n, [WEIGHTS]);
    const [event] = await hub.queryFilter(hub.filters.WeightsRevealed());
    expect(event?.args.slice(3)).to.deep.equal([
      0n,
      "0xffff00010000",
      row(WEIGHTS).evidenceHash,
      row(WEIGHTS).uri,
    ]);
  });

  it("when called before its phase or with other weights, tells the contract's reason", async () => {
    const { own, validator, hub, goTo } = await fixture();
    await commitWeights(own, row(WEIGHTS));
    const early = { subnetId: 1n, expected: 3n, actual: 0n };
    await expectRevert(revealWeights(own, row(WEIGHTS)), "SubnetPhaseMismatch", early);
    await goTo(2n, Phase.Reveal);
    const error = await rejectionOf(revealWeights(own, row([1n])));
    expect(error.name).to.equal("WeightsCommitmentMismatch");
    const committed = await hub.commitmentOf(1n, validator);
    expect((error as unknown as { args: object }).args).to.include({
      validator: validator.address,
      committed,
    });
    await revealWeights(own, row(WEIGHTS));
  });
});

describe("listWeights", () => {
  it("lists who revealed which weights with which evidence", async () => {
    const given = await seats();
    const { client, validators } = given;
    expect(await listWeights(client, { subnetId: 1n, epoch: 2n })).to.deep.equal([]);
    await scored(given, 2n, [WEIGHTS, undefined, [7n]]);
    const { evidenceHash, uri } = row(WEIGHTS);
    expect(await listWeights(client, { subnetId: 1n, epoch: 2n })).to.deep.equal([
      { validator: validators[0].address, slot: 0n, weights: WEIGHTS, evidenceHash, uri },
      { validator: validators[2].address, slot: 2n, weights: [7n], evidenceHash, uri },
    ]);
    expect(await listWeights(client, { subnetId: 1n, epoch: 3n })).to.deep.equal([]);
    expect(await listWeights(client, { subnetId: 2n, epoch: 2n })).to.deep.equal([]);
  });

  it("when called with malformed numbers, names them", async () => {
    const { client } = await seats();
    await expectInvalid(listWeights(client, { subnetId: -1n, epoch: 2n }), "subnetId");
    await expectInvalid(listWeights(client, { subnetId: 1n, epoch: 2n ** 32n }), "epoch");
  });
});
