import { ContractRevertError, createClient, getOffer, publishVersion, retireOffer } from "@benefit-grid/sdk";
import { expect } from "chai";
import type { Signer, TransactionRequest } from "ethers";
import { ethers, networkHelpers, offerFixture } from "../../grid.ts";
import { expectInvalid, expectRevert, rejectionOf, withClients } from "../clients.ts";

const CONTENT = { capsuleId: 1n, contentHash: ethers.sha256("0x02") as `0x${string}`, uri: "ipfs://2" };

/** Like wallets with a fixed gas limit: the revert is mined. */
function sendingBlindly(signer: Signer): Signer {
  const sendTransaction = async (transaction: TransactionRequest) => {
    await ethers.provider.send("evm_setAutomine", [false]);
    const response = await signer.sendTransaction({ ...transaction, gasLimit: 1_000_000n });
    await networkHelpers.mine();
    await ethers.provider.send("evm_setAutomine", [true]);
    return response;
  };
  return Object.create(signer, { sendTransaction: { value: sendTransaction } });
}

describe("a write action", () => {
  it("when simulated, returns the function's values and changes nothing", async () => {
    const { as, creator, capsules } = await withClients(offerFixture);
    expect(await publishVersion.simulate(await as(creator), CONTENT)).to.deep.equal({ version: 2n });
    expect((await capsules.capsuleOf(1n)).versions).to.equal(1n);
  });

  it("when estimated, returns an upper bound of its gas", async () => {
    const { as, creator } = await withClients(offerFixture);
    const gas = await publishVersion.estimateGas(await as(creator), CONTENT);
    const { receipt } = await publishVersion(await as(creator), CONTENT);
    expect(receipt.gasUsed <= gas).to.equal(true);
  });

  it("when prepared, is a transaction for another wallet to send", async () => {
    const { as, creator, capsules } = await withClients(offerFixture);
    const transaction = await publishVersion.prepare(await as(creator), CONTENT);
    expect(transaction).to.deep.equal({
      to: capsules.target,
      data: capsules.interface.encodeFunctionData("publishVersion", [1n, CONTENT.contentHash, CONTENT.uri]),
      value: 0n,
      chainId: 31337n,
      from: creator.address,
    });
    const receipt = await creator.sendTransaction(transaction).then((sent) => sent.wait());
    expect((await capsules.capsuleOf(1n)).versions).to.equal(2n);
    const logs = { logs: receipt?.logs ?? [] };
    expect(publishVersion.decode(await as(creator), logs, CONTENT)).to.deep.equal({ version: 2n });
  });

  it("when prepared without a signer, has no sender", async () => {
    const { deployment } = await withClients(offerFixture);
    const reader = await createClient({ runner: ethers.provider, deployment });
    expect(await publishVersion.prepare(reader, CONTENT)).not.to.have.property("from");
  });

  it("when sent without a signer, is refused", async () => {
    const { deployment } = await withClients(offerFixture);
    const reader = await createClient({ runner: ethers.provider, deployment });
    await expectInvalid(publishVersion(reader, CONTENT), "client");
  });

  it("when sent, returns hash, receipt and the result of its events", async () => {
    const { as, creator } = await withClients(offerFixture);
    const { hash, receipt, version } = await publishVersion(await as(creator), CONTENT);
    expect(receipt).to.include({ hash, status: 1 });
    expect(version).to.equal(2n);
  });

  it("when it reverts, is decoded alike however it is used", async () => {
    const { as, stranger } = await withClients(offerFixture);
    const client = await as(stranger);
    const args = { capsuleId: 1n, caller: stranger.address };
    await expectRevert(publishVersion(client, CONTENT), "CallerNotCapsuleOwner", args);
    await expectRevert(publishVersion.simulate(client, CONTENT), "CallerNotCapsuleOwner", args);
    await expectRevert(publishVersion.estimateGas(client, CONTENT), "CallerNotCapsuleOwner", args);
  });

  it("when it reverts in a block, is replayed and decoded", async () => {
    const { as, creator } = await withClients(offerFixture);
    const client = await as(sendingBlindly(creator));
    await retireOffer(client, { offerId: 1n });
    await expectRevert(retireOffer(client, { offerId: 1n }), "OfferAlreadyRetired", { offerId: 1n });
  });

  it("when it fails for another reason than a revert, throws the signer's error", async () => {
    const { as, creator } = await withClients(offerFixture);
    const rejected = new Error("The user said no.");
    const client = await as(
      Object.create(creator, { sendTransaction: { value: () => Promise.reject(rejected) } }),
    );
    expect(await rejectionOf(retireOffer(client, { offerId: 1n }))).to.equal(rejected);
    expect(await getOffer(client, { offerId: 1n })).to.include({ retired: false });
  });

  it("when it reverts, the message is a sentence with name and arguments", async () => {
    const { as, creator } = await withClients(offerFixture);
    await retireOffer(await as(creator), { offerId: 1n });
    const error = await rejectionOf(retireOffer(await as(creator), { offerId: 1n }));
    expect(error.message).to.equal("The contract reverted with OfferAlreadyRetired(offerId: 1).");
    expect(error).to.be.instanceOf(ContractRevertError).and.to.have.property("cause");
  });
});
