import {
  ChainChangedError,
  InsufficientFundsError,
  NodeUnreachableError,
  retireOffer,
  TransactionCanceledError,
  UserRejectedError,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { makeError, type Signer, type TransactionRequest } from "ethers";
import { offerFixture } from "../../grid.ts";
import { rejectionOf, withClients } from "../clients.ts";

/** The signer of a user who replaces each waiting transaction. */
function replacing(signer: Signer, reason: "repriced" | "cancelled"): Signer {
  const sendTransaction = async (transaction: TransactionRequest) => {
    const replacement = await signer.sendTransaction(transaction);
    const receipt = await replacement.wait();
    const { hash } = replacement;
    const cancelled = reason === "cancelled";
    const details = { cancelled, reason, hash, replacement, receipt: receipt as NonNullable<typeof receipt> };
    const error = makeError("replaced", "TRANSACTION_REPLACED", details);
    return { wait: () => Promise.reject(error) };
  };
  return Object.create(signer, { sendTransaction: { value: sendTransaction } });
}

describe("send", () => {
  it("when the user raises the fee, waits for the replacement", async () => {
    const { as, creator, terms } = await withClients(offerFixture);
    const { receipt } = await retireOffer(await as(replacing(creator, "repriced")), { offerId: 1n });
    expect(receipt.status).to.equal(1);
    expect((await terms.offerOf(1n)).retired).to.equal(true);
  });

  it("when the user cancels, throws", async () => {
    const { as, creator } = await withClients(offerFixture);
    const error = await rejectionOf(retireOffer(await as(replacing(creator, "cancelled")), { offerId: 1n }));
    expect(error).to.be.instanceOf(TransactionCanceledError);
    expect(error).to.deep.include({ contract: "TermsRegistry", function: "retireOffer" });
    expect((error as TransactionCanceledError).hash).to.match(/^0x[0-9a-f]{64}$/);
  });

  it("when a later block needs more gas than the estimate, succeeds", async () => {
    const { as, creator, terms } = await withClients(offerFixture);
    const estimateGas = async (transaction: TransactionRequest) =>
      (await creator.estimateGas(transaction)) - 10_000n;
    const sendTransaction = (transaction: TransactionRequest) => creator.sendTransaction(transaction);
    const early = Object.create(creator, {
      estimateGas: { value: estimateGas },
      sendTransaction: { value: sendTransaction },
    });
    await retireOffer(await as(early), { offerId: 1n });
    expect((await terms.offerOf(1n)).retired).to.equal(true);
  });

  const failures = {
    "ethers says that the user refused": [
      makeError("no", "ACTION_REJECTED", { action: "sendTransaction", reason: "rejected" }),
      UserRejectedError,
    ],
    "the wallet says 4001": [{ code: 4001, message: "User rejected the request." }, UserRejectedError],
    "a library wraps 4001": [{ code: "UNKNOWN_ERROR", error: { code: 4001 } }, UserRejectedError],
    "the account cannot pay for gas": [
      makeError("poor", "INSUFFICIENT_FUNDS", { transaction: {} as TransactionRequest }),
      InsufficientFundsError,
    ],
    "Hardhat says so in words": [
      new Error("Sender doesn't have enough funds to send tx. The max upfront cost is: 1"),
      InsufficientFundsError,
    ],
    "the network changed": [
      makeError("network changed", "NETWORK_ERROR", { event: "changed" }),
      ChainChangedError,
    ],
    "the node is gone": [
      Object.assign(new Error("fetch failed"), { cause: { code: "ECONNREFUSED" } }),
      NodeUnreachableError,
    ],
    "the node answers by a status of HTTP": [
      makeError("bad gateway", "SERVER_ERROR", { request: "POST" }),
      NodeUnreachableError,
    ],
  } as const;
  for (const [reason, [thrown, expected]] of Object.entries(failures)) {
    it(`when ${reason}, throws its own error`, async () => {
      const { as, creator } = await withClients(offerFixture);
      const failing = Object.create(creator, { sendTransaction: { value: () => Promise.reject(thrown) } });
      const error = await rejectionOf(retireOffer(await as(failing), { offerId: 1n }));
      expect(error, error.stack).to.be.instanceOf(expected);
      expect(error).to.deep.include({ contract: "TermsRegistry", function: "retireOffer", cause: thrown });
    });
  }

  it("when an error is unknown, throws it unchanged", async () => {
    const { as, creator } = await withClients(offerFixture);
    const thrown = new Error("strange");
    const failing = Object.create(creator, { sendTransaction: { value: () => Promise.reject(thrown) } });
    expect(await rejectionOf(retireOffer(await as(failing), { offerId: 1n }))).to.equal(thrown);
  });
});
