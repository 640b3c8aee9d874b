import {
  type Address,
  claim,
  claimAll,
  claimable,
  createClient,
  formatAmount,
  getClaimable,
  InsufficientBalanceError,
  NotFoundError,
  NotTokenError,
  parseAmount,
  pay,
  payable,
  payFromWallet,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { ethers, offerFixture } from "../../grid.ts";
import {
  expectInvalid,
  expectRevert,
  injectedWallet,
  rejectionOf,
  withBatches,
  withClients,
} from "../clients.ts";

/** A payer with money, without any allowance. */
async function fixture() {
  const grid = await withClients(offerFixture);
  await grid.usd.connect(grid.buyer).approve(grid.router, 0n);
  const payment = { capsuleId: 1n, token: grid.token, amount: 1_000n };
  return { ...grid, payment, client: await grid.as(grid.buyer) };
}

describe("payFromWallet", () => {
  it("pays by what the token offers", async () => {
    const { client, payment, buyer } = await fixture();
    const paid = await payFromWallet(client, payment);
    expect(paid).to.include({ method: "authorization", payer: buyer.address, sharesVersion: 1n });
    expect(await payFromWallet(client, { ...payment, method: "permit" })).to.include({ method: "permit" });
  });

  it("when the wallet has batches, approves and pays at once", async () => {
    const { deployment, payment, buyer, usd, router } = await fixture();
    const wallet = injectedWallet([buyer.address]);
    withBatches(wallet);
    const client = await createClient({ provider: wallet.provider, deployment });
    expect(await payFromWallet(client, payment)).to.include({ method: "batch", payer: buyer.address });
    expect(await usd.allowance(buyer, router)).to.equal(0n);
  });

  it("when it could not succeed, signs nothing", async () => {
    const { as, client, stranger, payment, buyer } = await fixture();
    const poor = await rejectionOf(payFromWallet(await as(stranger), payment));
    expect(poor).to.be.instanceOf(InsufficientBalanceError).and.to.include({ balance: 0n, needed: 1_000n });
    const unknown = payFromWallet(client, { ...payment, capsuleId: 9n });
    await expectRevert(unknown, "ERC721NonexistentToken", { tokenId: 9n });
    const other = await rejectionOf(payFromWallet(client, { ...payment, token: buyer.address }));
    expect(other).to.be.instanceOf(NotTokenError);
    await expectInvalid(payFromWallet(client, { ...payment, amount: 0n }), "amount");
  });
});

describe("payable", () => {
  it("when the account can pay, says how", async () => {
    const { client, payment, usd, buyer, router } = await fixture();
    expect(await payable(client, payment)).to.deep.equal({ payable: true, method: "authorization" });
    await usd.connect(buyer).approve(router, 1_000n);
    expect(await payable(client, payment)).to.deep.equal({ payable: true, method: "allowance" });
  });

  it("when it cannot, says why", async () => {
    const { as, client, stranger, payment, buyer } = await fixture();
    const reasonOf = async (...call: Parameters<typeof payable>) => {
      const answer = await payable(...call);
      return answer.payable ? undefined : answer.error;
    };
    expect(await reasonOf(await as(stranger), payment)).to.be.instanceOf(InsufficientBalanceError);
    expect(await reasonOf(client, { ...payment, token: buyer.address })).to.be.instanceOf(NotTokenError);
    const unknown = await reasonOf(client, { ...payment, capsuleId: 9n });
    expect(unknown).to.deep.include({ name: "ERC721NonexistentToken", args: { tokenId: 9n } });
  });

  it("when the token takes a fee, knows by a trial", async () => {
    const { client, payment, buyer, router } = await fixture();
    const fee = await ethers.deployContract("FeeToken");
    await fee.mint(buyer, 1_000n);
    await fee.connect(buyer).approve(router, 1_000n);
    const answer = await payable(client, { ...payment, token: await fee.getAddress() });
    expect(answer.payable ? undefined : answer.error.name).to.equal("TransferAmountMismatch");
  });

  it("when a parameter is malformed, names it", async () => {
    const { client, payment, deployment } = await fixture();
    await expectInvalid(payable(client, { ...payment, amount: 0n }), "amount");
    await expectInvalid(payable(client, { ...payment, token: "0x01" }), "token");
    const reader = await createClient({ runner: ethers.provider, deployment });
    await expectInvalid(payable(reader, payment), "client");
  });
});

describe("parseAmount and formatAmount", () => {
  it("are exact, and each other's inverse", async () => {
    const { client, token } = await fixture();
    const huge = "123456789012345678901234567890.000001";
    const pairs: [string, bigint][] = [
      ["0", 0n],
      ["1", 1_000_000n],
      ["1.25", 1_250_000n],
      ["0.000001", 1n],
      [huge, 123456789012345678901234567890000001n],
    ];
    for (const [text, amount] of pairs) {
      expect(await parseAmount(client, { token, amount: text })).to.equal(amount);
      expect(await formatAmount(client, { token, amount })).to.equal(text);
    }
    expect(await parseAmount(client, { token, amount: "01.500000" })).to.equal(1_500_000n);
  });

  it("when a token has no decimals or 18, count them", async () => {
    const { client } = await fixture();
    for (const [decimals, amount] of [
      [0, 7n],
      [18, 7n * 10n ** 18n],
    ] as const) {
      const token = (await (await ethers.deployContract("PlainToken", [decimals])).getAddress()) as Address;
      expect(await parseAmount(client, { token, amount: "7" })).to.equal(amount);
      expect(await formatAmount(client, { token, amount })).to.equal("7");
      await expectInvalid(parseAmount(client, { token, amount: `7.${"0".repeat(decimals)}1` }), "amount");
    }
  });

  it("when the amount is malformed, name it", async () => {
    const { client, token, buyer } = await fixture();
    for (const amount of [
      "",
      "1.",
      ".5",
      "-1",
      "1e6",
      "1,5",
      " 1",
      "0x10",
      "1.0000001",
      1.5,
      1n,
      undefined,
    ]) {
      await expectInvalid(parseAmount(client, { token, amount: amount as string }), "amount");
    }
    await expectInvalid(parseAmount(client, { token, amount: "1".repeat(80) }), "amount");
    await expectInvalid(formatAmount(client, { token, amount: -1n }), "amount");
    await expectInvalid(formatAmount(client, { token, amount: 1.5 as never }), "amount");
    const error = await rejectionOf(parseAmount(client, { token: buyer.address, amount: "1" }));
    expect(error).to.be.instanceOf(NotTokenError);
  });
});

describe("claimable", () => {
  async function earning() {
    const grid = await fixture();
    const { client, payment, dataOwner, buyer, router } = grid;
    const other = await ethers.deployContract("PlainToken", [18]);
    await other.mint(buyer, 10_000n);
    await other.connect(buyer).approve(router, 10_000n);
    const second = (await other.getAddress()) as Address;
    await payFromWallet(client, payment);
    await pay(client, { ...payment, token: second, amount: 10_000n });
    return { ...grid, second, account: dataOwner.address };
  }

  it("sums an account's rows by token", async () => {
    const { client, account, token, second } = await earning();
    const found = await claimable(client, { account, tokens: [token, second] });
    expect(found).to.deep.equal([
      { token, amount: 400n, rows: 1 },
      { token: second, amount: 4_000n, rows: 1 },
    ]);
    expect(await claimable(client, { account, tokens: [token], capsuleIds: [1n] })).to.deep.equal([found[0]]);
  });

  it("is what claimAll pays", async () => {
    const { client, account, token, creator } = await earning();
    const own = { account: creator.address, tokens: [token] };
    const [before] = await claimable(client, own);
    const tokens = [{ token, minAmount: 1n }];
    const { paid } = await claimAll(client, { account: creator.address, tokens });
    expect(paid.reduce((sum, { amount }) => sum + amount, 0n)).to.equal(before?.amount);
    expect(await claimable(client, own)).to.deep.equal([{ token, amount: 0n, rows: 0 }]);
    const range = { capsuleId: 1n, sharesVersion: 1n, token, first: 1n, count: 1n };
    expect((await getClaimable(client, range))[0]).to.include({ account, amount: 400n });
    await claim(client, { claims: [range] });
    expect(await claimable(client, { account, tokens: [token] })).to.deep.equal([
      { token, amount: 0n, rows: 0 },
    ]);
  });

  it("when a parameter is malformed or a capsule unknown, says so", async () => {
    const { client, account, token } = await earning();
    await expectInvalid(claimable(client, { account, tokens: [] }), "tokens");
    await expectInvalid(claimable(client, { account, tokens: ["0x01"] }), "tokens[0]");
    await expectInvalid(claimable(client, { account: "0x01", tokens: [token] }), "account");
    await expectInvalid(claimable(client, { account, tokens: [token], capsuleIds: [] }), "capsuleIds");
    await expectInvalid(claimable(client, { account, tokens: [token], blockRange: 0 }), "blockRange");
    const error = await rejectionOf(claimable(client, { account, tokens: [token], capsuleIds: [9n] }));
    expect(error).to.be.instanceOf(NotFoundError);
  });
});
