import { retireOffer } from "@benefit-grid/sdk";
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
    expect(error).to.have.property("code", "TRANSACTION_REPLACED");
  });
});
