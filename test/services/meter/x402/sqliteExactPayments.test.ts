import { type ExactReceived, sqliteExactPayments } from "@benefit-grid/meter";
import { expect } from "chai";

const PAYMENT: ExactReceived = {
  chainId: 31_337n,
  token: `0x${"11".repeat(20)}`,
  from: `0x${"22".repeat(20)}`,
  nonce: `0x${"33".repeat(32)}`,
  recipient: `0x${"44".repeat(20)}`,
  capsuleId: (1n << 64n) - 1n,
  amount: (1n << 128n) - 1n,
  signature: "0x5566",
  validBefore: (1n << 256n) - 1n,
  block: 7,
};
const HASHES = [`0x${"aa".repeat(32)}`, `0x${"bb".repeat(32)}`] as const;
const [SETTLED, PAID] = HASHES;

describe("sqliteExactPayments", () => {
  it("stores an authorization once, with all of its numbers", async () => {
    const store = sqliteExactPayments(":memory:");
    const stored = { ...PAYMENT, state: "received", served: false };
    expect(await store.get(PAYMENT)).to.equal(undefined);
    expect(await store.add(PAYMENT)).to.deep.equal(stored);
    expect(await store.add({ ...PAYMENT, amount: 1n })).to.deep.equal(stored);
    await store.close();
  });

  it("advances in order only, and keeps the first hash", async () => {
    const store = sqliteExactPayments(":memory:");
    await store.add(PAYMENT);
    await store.advance(PAYMENT, "paid", PAID);
    expect((await store.get(PAYMENT))?.state).to.equal("received");
    await store.advance(PAYMENT, "settled", SETTLED);
    await store.advance(PAYMENT, "settled", PAID);
    await store.advance(PAYMENT, "paid", PAID);
    await store.advance(PAYMENT, "settled", SETTLED);
    expect(await store.get(PAYMENT)).to.include({ state: "paid", settled: SETTLED, paid: PAID });
    await store.close();
  });

  it("serves a settled authorization once, until its call failed", async () => {
    const store = sqliteExactPayments(":memory:");
    await store.add(PAYMENT);
    expect(await store.serve(PAYMENT)).to.equal(false);
    await store.advance(PAYMENT, "settled", SETTLED);
    expect([await store.serve(PAYMENT), await store.serve(PAYMENT)]).to.deep.equal([true, false]);
    await store.unserve(PAYMENT);
    expect(await store.serve(PAYMENT)).to.equal(true);
    await store.close();
  });

  it("forgets only what is not settled", async () => {
    const store = sqliteExactPayments(":memory:");
    const other = { ...PAYMENT, nonce: SETTLED };
    for (const payment of [PAYMENT, other]) await store.add(payment);
    await store.advance(PAYMENT, "settled", SETTLED);
    for (const payment of [PAYMENT, other]) await store.remove(payment);
    expect((await store.get(PAYMENT))?.state).to.equal("settled");
    expect(await store.get(other)).to.equal(undefined);
    await store.close();
  });

  it("lists what is open for an account, on its chain and in its token", async () => {
    const store = sqliteExactPayments(":memory:");
    const others = [
      { ...PAYMENT, chainId: 1n },
      { ...PAYMENT, token: PAYMENT.from },
      { ...PAYMENT, nonce: SETTLED, recipient: PAYMENT.from },
    ];
    for (const payment of [PAYMENT, ...others]) await store.add(payment);
    expect((await store.open(PAYMENT)).map(({ nonce }) => nonce)).to.deep.equal([PAYMENT.nonce]);
    await store.advance(PAYMENT, "settled", SETTLED);
    expect(await store.open(PAYMENT)).to.have.length(1);
    await store.advance(PAYMENT, "paid", PAID);
    expect(await store.open(PAYMENT)).to.have.length(0);
    await store.close();
  });
});
