import { createClient, NonceUsedError, pay, retireOffer, withOptions } from "@benefit-grid/sdk";
import { expect } from "chai";
import { BrowserProvider, makeError, NonceManager, type Signer, type TransactionRequest } from "ethers";
import { connection, ethers, networkHelpers, offerFixture } from "../../grid.ts";
import { expectRevert, rejectionOf, withClients } from "../clients.ts";

const PAYMENT = { capsuleId: 1n, amount: 10n };

/** A key with money and an allowance for the router. */
async function walletFixture() {
  const grid = await withClients(offerFixture);
  const { usd, router, deployment, token } = grid;
  const wallet = ethers.Wallet.createRandom(ethers.provider);
  await networkHelpers.setBalance(wallet.address, 10n ** 18n);
  await usd.mint(wallet, 1_000n);
  await usd.connect(wallet).approve(router, 1_000n);
  const payWith = async (signer: Signer) => {
    const client = await createClient({ runner: signer, deployment });
    return (amount = PAYMENT.amount) => pay(client, { ...PAYMENT, token, amount });
  };
  return { ...grid, wallet, payWith };
}

/** Mines only after a while: all transactions wait together. */
async function mineLater<T>(work: Promise<T>): Promise<T> {
  await new Promise((resolve) => setTimeout(resolve, 500));
  await networkHelpers.mine();
  return await work;
}

describe("parallel writes of one signer", () => {
  afterEach(async () => {
    await ethers.provider.send("evm_setAutomine", [true]);
  });

  it("when a key signs, all are mined", async () => {
    const { wallet, payWith } = await walletFixture();
    const send = await payWith(wallet);
    const before = await wallet.getNonce();
    const sent = await Promise.all([send(), send(), send()]);
    expect(sent.map(({ receipt }) => receipt.status)).to.deep.equal([1, 1, 1]);
    expect(await wallet.getNonce()).to.equal(before + 3);
  });

  it("when ethers repeats the node's earlier answer, have different numbers", async () => {
    const { wallet, payWith } = await walletFixture();
    const caching = new BrowserProvider(connection.provider, undefined, { cacheTimeout: 2_000 });
    const send = await payWith(wallet.connect(caching));
    for (const amount of [10n, 20n, 30n]) expect((await send(amount)).receipt.status).to.equal(1);
  });

  it("when they wait in one block, have different numbers", async () => {
    const { wallet, payWith } = await walletFixture();
    const send = await payWith(wallet);
    await ethers.provider.send("evm_setAutomine", [false]);
    const sent = await mineLater(Promise.all([send(), send(), send()]));
    expect(new Set(sent.map(({ receipt }) => receipt.blockNumber)).size).to.equal(1);
  });

  it("when the node does not count waiting transactions, still have different numbers", async () => {
    const { wallet, payWith } = await walletFixture();
    const behind = Object.create(wallet, {
      getNonce: { value: () => wallet.getNonce("latest") },
      sendTransaction: { value: (transaction: TransactionRequest) => wallet.sendTransaction(transaction) },
    });
    const send = await payWith(behind);
    await ethers.provider.send("evm_setAutomine", [false]);
    const sent = await mineLater(Promise.all([send(), send(), send()]));
    expect(sent.map(({ receipt }) => receipt.status)).to.deep.equal([1, 1, 1]);
  });

  it("when the same signer has two clients, share its numbers", async () => {
    const { wallet, payWith, as, token } = await walletFixture();
    const limited = withOptions(await as(wallet), { timeout: 5_000 });
    const send = await payWith(wallet);
    await ethers.provider.send("evm_setAutomine", [false]);
    const sent = await mineLater(Promise.all([send(), pay(limited, { ...PAYMENT, token }), send()]));
    expect(sent.map(({ receipt }) => receipt.status)).to.deep.equal([1, 1, 1]);
  });

  it("when one in the middle reverts, the others are mined", async () => {
    const { wallet, payWith, router } = await walletFixture();
    const send = await payWith(wallet);
    const failing = rejectionOf(send(2_000n));
    const [first, , last] = await Promise.all([send(), failing, send()]);
    expect([first.receipt.status, last.receipt.status]).to.deep.equal([1, 1]);
    await expectRevert(send(2_000n), "ERC20InsufficientAllowance", {
      spender: router.target,
      allowance: 980n,
      needed: 2_000n,
    });
    expect((await send()).receipt.status).to.equal(1);
  });

  it("when the signer fails in the middle, the next takes its number", async () => {
    const { wallet, payWith } = await walletFixture();
    let calls = 0;
    const sendTransaction = async (transaction: object) => {
      calls += 1;
      if (calls === 2) throw new Error("device unplugged");
      return await wallet.sendTransaction(transaction);
    };
    const send = await payWith(Object.create(wallet, { sendTransaction: { value: sendTransaction } }));
    const before = await wallet.getNonce();
    const results = await Promise.allSettled([send(), send(), send()]);
    expect(results.map(({ status }) => status)).to.deep.equal(["fulfilled", "rejected", "fulfilled"]);
    expect(await wallet.getNonce()).to.equal(before + 2);
  });

  it("when ethers counts the numbers, recover from a failure", async () => {
    const { wallet, payWith } = await walletFixture();
    const send = await payWith(new NonceManager(wallet));
    const results = await Promise.allSettled([send(), send(2_000n), send()]);
    expect(results.map(({ status }) => status)).to.deep.equal(["fulfilled", "rejected", "fulfilled"]);
  });

  it("when an injected wallet signs, all are mined", async () => {
    const { deployment, deployer, usd, router, token } = await withClients(offerFixture);
    await usd.mint(deployer, 1_000n);
    await usd.connect(deployer).approve(router, 1_000n);
    const client = await createClient({ provider: connection.provider, deployment });
    const send = () => pay(client, { ...PAYMENT, token });
    const sent = await Promise.all([send(), send(), send()]);
    expect(new Set(sent.map(({ hash }) => hash)).size).to.equal(3);
  });

  it("when one waits for a signer that never answers, ends at its own limit", async () => {
    const { wallet, as, token } = await walletFixture();
    const stuck = Object.create(wallet, { sendTransaction: { value: () => new Promise(() => {}) } });
    const client = await as(stuck);
    pay(client, { ...PAYMENT, token }).catch(() => {});
    const error = await rejectionOf(pay(withOptions(client, { timeout: 200 }), { ...PAYMENT, token }));
    expect(error).to.include({ code: "TIMEOUT" });
  });

  it("when another program used the number, says so", async () => {
    const { as, creator } = await withClients(offerFixture);
    for (const code of ["NONCE_EXPIRED", "REPLACEMENT_UNDERPRICED"] as const) {
      const reason = makeError("taken", code, { transaction: {} as never });
      const late = Object.create(creator, { sendTransaction: { value: () => Promise.reject(reason) } });
      const error = await rejectionOf(retireOffer(await as(late), { offerId: 1n }));
      expect(error).to.be.instanceOf(NonceUsedError).and.to.include({ code: "NONCE_USED", cause: reason });
    }
  });
});
