import {
  type Address,
  approvePayment,
  approvePermit2,
  BatchFailedError,
  buy,
  type Client,
  createClient,
  createOffer,
  getLicense,
  InsufficientBalanceError,
  OfferNotForSaleError,
  retireOffer,
  UserRejectedError,
  WalletResponseError,
  withOptions,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { ethers, offerFixture, UNIT_PRICE } from "../../grid.ts";
import { deployPermit2 } from "../../permit2.ts";
import {
  expectInvalid,
  expectRevert,
  hideSelector,
  injectedWallet,
  rejectionOf,
  withBatches,
  withClients,
} from "../clients.ts";

const UNITS = 10n;
const PRICE = UNITS * UNIT_PRICE;
const ORDER = { offerId: 1n, units: UNITS };

/** A buyer with money in the test dollar, without any allowance. */
async function fixture() {
  const grid = await withClients(offerFixture);
  const { usd, router, buyer } = grid;
  await usd.connect(buyer).approve(router, 0n);
  return { ...grid, client: await grid.as(buyer) };
}

/** An offer in another token, which the buyer has. */
async function offerIn(name: string, args: readonly unknown[] = []) {
  const grid = await fixture();
  const { as, creator, buyer, terms, ledgerAddress } = grid;
  const other = await ethers.getContractAt(
    "PlainToken",
    await ethers.deployContract(name, [...args]).then((contract) => contract.getAddress()),
  );
  await other.mint(buyer, 1_000n);
  const { termsId } = await terms.offerOf(1n);
  const currency = (await other.getAddress()) as Address;
  const { offerId } = await createOffer(await as(creator), {
    capsuleId: 1n,
    termsId: termsId as Address,
    ledger: ledgerAddress,
    meterId: 1n,
    currency,
    pricePerMillion: UNIT_PRICE * 1_000_000n,
  });
  return { ...grid, other, currency, order: { offerId, units: UNITS } };
}

/** The buyer's wallet in a browser. */
async function walletFixture() {
  const grid = await fixture();
  const { deployment, buyer } = grid;
  const wallet = injectedWallet([buyer.address]);
  return {
    ...grid,
    ...wallet,
    wallet,
    connect: () => createClient({ provider: wallet.provider, deployment }),
  };
}

/** The client's signer fails a test that asks it to sign. */
function silent(client: Client): Client {
  const refuse = () => Promise.reject(new Error("Nothing must be signed."));
  const runner = Object.create(client.runner, {
    signTypedData: { value: refuse },
    sendTransaction: { value: refuse },
  });
  return { ...client, runner };
}

describe("buy", () => {
  describe("before anything is signed", () => {
    it("when the balance is too small, says how much is missing", async () => {
      const { as, stranger, token, usd } = await fixture();
      await usd.mint(stranger, 249n);
      const error = await rejectionOf(buy(silent(await as(stranger)), ORDER));
      expect(error).to.be.instanceOf(InsufficientBalanceError);
      const account = stranger.address;
      expect(error).to.include({ token, account, balance: 249n, needed: PRICE });
      expect(error.message).to.contain("Send 1 more to it.");
    });

    it("when the offer is unknown or retired, is refused", async () => {
      const { as, creator, client } = await fixture();
      const quiet = silent(client);
      await expectRevert(buy(quiet, { ...ORDER, offerId: 9n }), "OfferNonexistent", { offerId: 9n });
      await retireOffer(await as(creator), { offerId: 1n });
      const error = await rejectionOf(buy(quiet, ORDER));
      expect(error).to.be.instanceOf(OfferNotForSaleError).and.to.include({ offerId: 1n });
    });

    it("when a parameter can never be valid, names it", async () => {
      const { client, router } = await fixture();
      const quiet = silent(client);
      await expectInvalid(buy(quiet, { ...ORDER, units: 0n }), "units");
      await expectInvalid(buy(quiet, { ...ORDER, units: 10_001n }), "units");
      await expectInvalid(buy(quiet, { ...ORDER, offerId: -1n }), "offerId");
      await expectInvalid(buy(quiet, { ...ORDER, method: "cash" as never }), "method");
      const contract = await router.getAddress();
      await expectInvalid(buy(quiet, { ...ORDER, to: contract }), "to");
      await expectInvalid(buy(quiet, { ...ORDER, signer: contract }), "signer");
      await expectInvalid(buy(client, { ...ORDER, method: "batch" }), "method");
    });

    it("when the client cannot sign, is refused", async () => {
      const { deployment } = await fixture();
      await expectInvalid(buy(await createClient({ runner: ethers.provider, deployment }), ORDER), "client");
    });
  });

  it("when an allowance is enough, pays by it", async () => {
    const { client, token, buyer } = await fixture();
    await approvePayment(client, { token, amount: PRICE });
    const { licenseId, price, method, receipt } = await buy(client, ORDER);
    expect({ licenseId, price, method }).to.deep.equal({ licenseId: 1n, price: PRICE, method: "allowance" });
    expect(receipt.status).to.equal(1);
    expect(await getLicense(client, { licenseId })).to.include({ holder: buyer.address, prepaid: UNITS });
  });

  it("when the token has ERC-3009, needs one signature and one transaction", async () => {
    const { client, usd, router, buyer } = await fixture();
    const before = await buyer.getNonce();
    expect(await buy(client, ORDER)).to.include({ price: PRICE, method: "authorization" });
    expect(await buyer.getNonce()).to.equal(before + 1);
    expect(await usd.allowance(buyer, router)).to.equal(0n);
  });

  it("when the token has ERC-2612 only, signs a permit of the price", async () => {
    const { client, usd, router, buyer, token } = await fixture();
    await hideSelector(token, usd.interface.getFunction("authorizationState").selector);
    expect(await buy(client, ORDER)).to.include({ price: PRICE, method: "permit" });
    expect(await usd.allowance(buyer, router)).to.equal(0n);
  });

  it("when the token shows no domain to compare, signs nothing of it", async () => {
    const { client, usd, token } = await fixture();
    await hideSelector(token, usd.interface.getFunction("DOMAIN_SEPARATOR").selector);
    expect(await buy(client, ORDER)).to.include({ method: "approval" });
  });

  it("when Permit2 has an allowance, signs for it", async () => {
    const { client, currency, order } = await offerIn("PlainToken", [18]);
    await deployPermit2();
    await approvePermit2(client, { token: currency, amount: PRICE });
    expect(await buy(client, order)).to.include({ price: PRICE, method: "permit2" });
  });

  it("when the token has none of these, approves the price first", async () => {
    const { client, other, router, buyer, order } = await offerIn("PlainToken", [18]);
    expect(await buy(client, order)).to.include({ price: PRICE, method: "approval" });
    expect(await other.allowance(buyer, router)).to.equal(0n);
    expect(await other.balanceOf(buyer)).to.equal(1_000n - PRICE);
  });

  it("when the token has a permit of another form, approves", async () => {
    const { client, order } = await offerIn("OtherPermitToken");
    expect(await buy(client, order)).to.include({ method: "approval" });
  });

  it("when the token answers every call, approves", async () => {
    const { client, order } = await offerIn("MuteToken");
    expect(await buy(client, order)).to.include({ method: "approval" });
  });

  for (const name of ["CautiousToken", "NoZeroApprovalToken"]) {
    it(`when an earlier allowance is too small, changes it as the ${name} wants`, async () => {
      const { client, other, router, buyer, order } = await offerIn(name);
      await other.connect(buyer).approve(router, 1n);
      expect(await buy(client, order)).to.include({ price: PRICE, method: "approval" });
    });
  }

  it("when units are free, pays nothing", async () => {
    const { as, stranger, creator, terms, token, ledgerAddress } = await fixture();
    const { termsId } = await terms.offerOf(1n);
    const free = { ledger: ledgerAddress, meterId: 1n, currency: token, pricePerMillion: 0n };
    const offer = { capsuleId: 1n, termsId: termsId as Address, ...free };
    const { offerId } = await createOffer(await as(creator), offer);
    const bought = await buy(await as(stranger), { offerId, units: UNITS });
    expect(bought).to.include({ price: 0n, method: "free" });
  });

  it("when a method is named, pays by it", async () => {
    const { client } = await fixture();
    expect(await buy(client, { ...ORDER, method: "permit" })).to.include({ method: "permit" });
    expect(await buy(client, { ...ORDER, method: "approval" })).to.include({ method: "approval" });
    const paying = buy(client, { ...ORDER, method: "allowance" });
    expect((await rejectionOf(paying)).name).to.equal("ERC20InsufficientAllowance");
  });

  it("when holder and signer are others, buys for them", async () => {
    const { client, router, stranger } = await fixture();
    const to = await router.getAddress();
    const { licenseId } = await buy(client, { ...ORDER, to, signer: stranger.address });
    expect(await getLicense(client, { licenseId })).to.include({ holder: to, signer: stranger.address });
  });

  describe("given a wallet with batches (EIP-5792)", () => {
    it("approves and buys at once", async () => {
      const { wallet, asked, connect, usd, router, buyer } = await walletFixture();
      withBatches(wallet);
      const { licenseId, price, method, receipt } = await buy(await connect(), ORDER);
      expect({ licenseId, price, method }).to.deep.equal({ licenseId: 1n, price: PRICE, method: "batch" });
      expect(receipt.status).to.equal(1);
      expect(asked).not.to.include("eth_signTypedData_v4");
      expect(await usd.allowance(buyer, router)).to.equal(0n);
    });

    it("when an earlier allowance must go to 0 first, has three calls", async () => {
      const { other, router, buyer, order, deployment } = await offerIn("CautiousToken");
      await other.connect(buyer).approve(router, 1n);
      const wallet = injectedWallet([buyer.address]);
      withBatches(wallet);
      const client = await createClient({ provider: wallet.provider, deployment });
      expect(await buy(client, order)).to.include({ price: PRICE, method: "batch" });
      expect(wallet.asked.filter((method) => method === "eth_sendTransaction")).to.have.length(3);
    });

    it("when the user refuses to upgrade the account, pays in another way", async () => {
      const { wallet, answers, connect } = await walletFixture();
      withBatches(wallet);
      answers.set("wallet_sendCalls", () => Promise.reject({ code: 5750, message: "no upgrade" }));
      const client = await connect();
      expect(await buy(client, ORDER)).to.include({ method: "authorization" });
      expect(await rejectionOf(buy(client, { ...ORDER, method: "batch" }))).to.include({ code: 5750 });
    });

    it("when the user refuses, says so", async () => {
      const { wallet, answers, connect } = await walletFixture();
      withBatches(wallet);
      answers.set("wallet_sendCalls", () => Promise.reject({ code: 4001, message: "no" }));
      expect(await rejectionOf(buy(await connect(), ORDER))).to.be.instanceOf(UserRejectedError);
    });

    it("when the batch fails, says so", async () => {
      const { wallet, answers, connect } = await walletFixture();
      withBatches(wallet);
      for (const status of [400, 500, 600]) {
        answers.set("wallet_getCallsStatus", () => ({ status }));
        const error = await rejectionOf(buy(await connect(), { ...ORDER, method: "batch" }));
        expect(error).to.be.instanceOf(BatchFailedError).and.to.include({ id: "0xba7c", status });
      }
    });

    it("when the wallet answers with something else, says so", async () => {
      const { wallet, answers, connect } = await walletFixture();
      withBatches(wallet);
      const buying = async () => await rejectionOf(buy(await connect(), { ...ORDER, method: "batch" }));
      answers.set("wallet_getCallsStatus", () => ({ status: 200, receipts: [] }));
      expect(await buying()).to.be.instanceOf(WalletResponseError);
      for (const answer of [null, undefined, {}, "0x01"]) {
        answers.set("wallet_sendCalls", () => answer);
        const error = await buying();
        expect(error).to.be.instanceOf(WalletResponseError).and.to.include({ method: "wallet_sendCalls" });
      }
    });

    it("when the batch is never mined, ends at the timeout", async () => {
      const { wallet, answers, connect } = await walletFixture();
      withBatches(wallet);
      answers.set("wallet_getCallsStatus", () => ({ status: 100 }));
      const client = withOptions(await connect(), { timeout: 700 });
      const error = await rejectionOf(buy(client, { ...ORDER, method: "batch" }));
      expect(error).to.include({ code: "TIMEOUT", request: "receipt" });
    });

    it("when the wallet has none on this chain, signs", async () => {
      const { answers, connect } = await walletFixture();
      for (const capabilities of [null, {}, { "0x1": { atomic: { status: "supported" } } }]) {
        answers.set("wallet_getCapabilities", () => capabilities);
        expect(await buy(await connect(), ORDER)).to.include({ method: "authorization" });
      }
    });
  });
});
