import {
  AbortedError,
  approvePayment,
  createClient,
  getOffer,
  retireOffer,
  signVoucher,
  TimeoutError,
  WalletResponseError,
  withOptions,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import type { TransactionRequest } from "ethers";
import { connection, ethers, offerFixture } from "../../grid.ts";
import { expectInvalid, injectedWallet, rejectionOf, withClients } from "../clients.ts";

const never = () => new Promise<never>(() => {});

/** A wallet of the first account. */
async function walletFixture() {
  const grid = await withClients(offerFixture);
  const { deployment, deployer, token } = grid;
  const wallet = injectedWallet([deployer.address]);
  const connect = (timeout?: number) =>
    createClient({ provider: wallet.provider, deployment, ...(timeout !== undefined && { timeout }) });
  return { ...grid, ...wallet, connect, approve: { token, amount: 1n } };
}

describe("withOptions", () => {
  it("when node and wallet answer in time, changes nothing", async () => {
    const { connect, approve } = await walletFixture();
    const client = withOptions(await connect(), { timeout: 5_000, signal: new AbortController().signal });
    expect(await getOffer(client, { offerId: 1n })).to.include({ capsuleId: 1n });
    expect((await approvePayment(client, approve)).receipt.status).to.equal(1);
    expect(await client.contracts.UsageLedger.lastMeterId()).to.equal(1n);
    expect(client).to.be.frozen;
  });

  it("when the client has no limits, its runner is the caller's own", async () => {
    const { as, buyer } = await withClients(offerFixture);
    const client = await as(buyer);
    expect(client.runner).to.equal(buyer);
    expect(withOptions(withOptions(client, { timeout: 10 }), {})).to.include({ timeout: 10 });
    const { signal } = new AbortController();
    const limited = withOptions(withOptions(client, { timeout: 10, signal }), { timeout: 20 });
    expect(limited).to.include({ timeout: 20, signal });
  });

  it("when timeout or signal is malformed, names it", async () => {
    const { as, buyer, deployment } = await withClients(offerFixture);
    const client = await as(buyer);
    for (const timeout of [0, -1, 1.5, "1" as never]) {
      await expectInvalid(() => withOptions(client, { timeout }), "timeout");
      await expectInvalid(createClient({ runner: buyer, deployment, timeout }), "timeout");
    }
    await expectInvalid(() => withOptions(client, { signal: {} as never }), "signal");
  });

  it("when the node does not answer a read, ends at the timeout", async () => {
    const { answers, connect } = await walletFixture();
    const client = await connect(50);
    answers.set("eth_call", never);
    const error = await rejectionOf(getOffer(client, { offerId: 1n }));
    expect(error).to.be.instanceOf(TimeoutError);
    expect(error).to.include({
      request: "call",
      timeout: 50,
      contract: "TermsRegistry",
      function: "offerOf",
    });
    expect(error).to.include({ code: "TIMEOUT", shortMessage: "`call` took longer than 50 ms." });
  });

  it("when the node does not answer at all, no client is made", async () => {
    const { answers, connect } = await walletFixture();
    answers.set("eth_chainId", never);
    answers.set("eth_accounts", never);
    expect(await rejectionOf(connect(50))).to.be.instanceOf(TimeoutError);
  });

  it("when the signal aborts during a read, ends with its reason", async () => {
    const { answers, connect } = await walletFixture();
    const controller = new AbortController();
    const client = withOptions(await connect(), { signal: controller.signal });
    answers.set("eth_call", never);
    const reading = rejectionOf(getOffer(client, { offerId: 1n }));
    controller.abort("page closed");
    const error = await reading;
    expect(error).to.be.instanceOf(AbortedError);
    expect(error).to.include({ cause: "page closed", contract: "TermsRegistry", function: "offerOf" });
  });

  it("when it aborts before the wallet was asked, the wallet is not asked", async () => {
    const { answers, asked, connect, approve } = await walletFixture();
    const controller = new AbortController();
    const client = withOptions(await connect(), { signal: controller.signal });
    answers.set("eth_accounts", async () => {
      controller.abort();
      return await connection.provider.request({ method: "eth_accounts" });
    });
    expect(await rejectionOf(approvePayment(client, approve))).to.be.instanceOf(AbortedError);
    expect(asked).not.to.include("eth_sendTransaction");
  });

  it("when it aborts while the node estimates gas, the wallet is not asked", async () => {
    const { answers, asked, connect, approve } = await walletFixture();
    const controller = new AbortController();
    const client = withOptions(await connect(), { signal: controller.signal });
    answers.set("eth_estimateGas", () => {
      controller.abort();
      return "0x10000";
    });
    expect(await rejectionOf(approvePayment(client, approve))).to.be.instanceOf(AbortedError);
    expect(asked).not.to.include("eth_sendTransaction");
  });

  it("when it aborts while a key's transaction is completed, nothing is sent", async () => {
    const { as, creator, terms } = await withClients(offerFixture);
    const controller = new AbortController();
    const populateTransaction = async (transaction: TransactionRequest) => {
      controller.abort();
      return await creator.populateTransaction(transaction);
    };
    const slow = Object.create(creator, { populateTransaction: { value: populateTransaction } });
    const client = withOptions(await as(slow), { signal: controller.signal });
    expect(await rejectionOf(retireOffer(client, { offerId: 1n }))).to.be.instanceOf(AbortedError);
    expect((await terms.offerOf(1n)).retired).to.equal(false);
  });

  it("when the wallet never answers, ends", async () => {
    const { answers, connect, approve } = await walletFixture();
    const client = await connect(200);
    answers.set("eth_sendTransaction", never);
    const error = await rejectionOf(approvePayment(client, approve));
    expect(error).to.be.instanceOf(TimeoutError);
    expect(error).to.include({ request: "sendUncheckedTransaction", function: "approve" });
  });

  for (const response of [null, undefined, "", "0x", "0x1234", 7, {}]) {
    it(`when the wallet answers ${JSON.stringify(response)} for a hash, says so`, async () => {
      const { answers, connect, approve } = await walletFixture();
      const client = await connect();
      answers.set("eth_sendTransaction", async () => response);
      const error = await rejectionOf(approvePayment(client, approve));
      expect(error, error.stack).to.be.instanceOf(WalletResponseError);
      expect(error).to.include({ code: "WALLET_RESPONSE", method: "eth_sendTransaction", response });
    });
  }

  it("when no node knows the wallet's hash, ends", async () => {
    const { answers, connect, approve } = await walletFixture();
    const client = await connect(300);
    answers.set("eth_sendTransaction", async () => `0x${"ab".repeat(32)}`);
    const error = await rejectionOf(approvePayment(client, approve));
    expect(error).to.be.instanceOf(TimeoutError).and.to.include({ request: "receipt" });
  });

  it("when the transaction is not mined, ends", async () => {
    const { as, creator } = await withClients(offerFixture);
    const client = withOptions(await as(creator), { timeout: 200 });
    await ethers.provider.send("evm_setAutomine", [false]);
    try {
      const error = await rejectionOf(retireOffer(client, { offerId: 1n }));
      expect(error).to.be.instanceOf(TimeoutError).and.to.include({ request: "receipt" });
    } finally {
      await ethers.provider.send("evm_setAutomine", [true]);
    }
  });

  it("when a signer returns no transaction, says so", async () => {
    const { as, creator } = await withClients(offerFixture);
    const silent = Object.create(creator, { sendTransaction: { value: async () => undefined } });
    const error = await rejectionOf(retireOffer(await as(silent), { offerId: 1n }));
    expect(error).to.be.instanceOf(WalletResponseError).and.to.include({ method: "sendTransaction" });
  });

  it("when a session key never signs, ends", async () => {
    const { as, buyer, stranger } = await withClients(offerFixture);
    const client = withOptions(await as(buyer), { timeout: 50 });
    const signer = Object.create(stranger, { signTypedData: { value: never } });
    const signing = signVoucher(client, { licenseId: 1n, units: 1n, contexts: 1n, signer });
    expect(await rejectionOf(signing)).to.include({ code: "TIMEOUT", request: "signTypedData" });
  });
});
