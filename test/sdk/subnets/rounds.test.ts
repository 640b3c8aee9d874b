import { commitAnswer, commitTestSet, getSubnetRound, revealAnswer, revealTestSet } from "@benefit-grid/sdk";
import { expect } from "chai";
import { contentHash as contractsHash, Phase } from "../../subnets/support.ts";
import { expectInvalid, expectRevert, rejectionOf } from "../clients.ts";
import { EVIDENCE, SALT, seats } from "./support.ts";

const CONTENT = { subnetId: 1n, contentHash: EVIDENCE, salt: SALT };
const REVEALED = { ...CONTENT, uri: "ipfs://content" };

async function fixture() {
  const given = await seats();
  const [[validator], [miner]] = [given.validators, given.miners];
  return { ...given, validator, miner, validating: await given.as(validator), mining: await given.as(miner) };
}

describe("a round", () => {
  it("takes test sets and answers by the contract's hash, and shows them", async () => {
    const { validating, mining, validator, miner, client, hub, goTo } = await fixture();
    const testSet = await commitTestSet(validating, { ...CONTENT, capsuleId: 5n, version: 2n });
    expect(testSet).to.include({ epoch: 2n, commitment: await contractsHash(hub, validator, 2n, EVIDENCE) });
    await goTo(2n, Phase.Answer);
    const answer = await commitAnswer(mining, CONTENT);
    expect(answer).to.include({ epoch: 2n, commitment: await contractsHash(hub, miner, 2n, EVIDENCE) });
    expect(answer.hash).to.equal(answer.receipt.hash);
    await goTo(2n, Phase.Score);
    expect(await revealTestSet(validating, REVEALED)).to.include({ epoch: 2n });
    expect(await revealAnswer(mining, REVEALED)).to.include({ epoch: 2n });
    const shown = { contentHash: EVIDENCE, uri: REVEALED.uri };
    expect(await getSubnetRound(client, { subnetId: 1n, epoch: 2n })).to.deep.equal({
      testSets: [{ account: validator.address, ...shown }],
      answers: [{ account: miner.address, ...shown }],
    });
    expect(await getSubnetRound(client, { subnetId: 1n, epoch: 3n })).to.deep.equal({
      testSets: [],
      answers: [],
    });
  });

  it("when another content is revealed, or the epoch is another, refuses it", async () => {
    const { validating, mining, goTo } = await fixture();
    await commitTestSet(validating, { ...CONTENT, epoch: 3n });
    await goTo(2n, Phase.Answer);
    await commitAnswer(mining, CONTENT);
    await goTo(2n, Phase.Score);
    const wrong = await rejectionOf(revealAnswer(mining, { ...REVEALED, contentHash: SALT }));
    expect(wrong.name).to.equal("AnswerMismatch");
    expect((await rejectionOf(revealTestSet(validating, REVEALED))).name).to.equal("TestSetMismatch");
  });

  it("when called by somebody else or with malformed values, says so", async () => {
    const { client, validating, mining, stranger } = await fixture();
    const place = { subnetId: 1n, account: stranger.address };
    await expectRevert(commitTestSet(client, CONTENT), "ValidatorNotRegistered", place);
    const early = { subnetId: 1n, expected: 1n, actual: 0n };
    await expectRevert(commitAnswer(mining, CONTENT), "SubnetPhaseMismatch", early);
    await expectInvalid(commitTestSet(validating, { ...CONTENT, salt: "0x" }), "salt");
    await expectInvalid(commitTestSet(validating, { ...CONTENT, version: 2n ** 32n }), "version");
    await expectInvalid(revealAnswer(mining, { ...REVEALED, contentHash: "0x" }), "contentHash");
  });
});
