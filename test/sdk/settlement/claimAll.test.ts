import {
  type Address,
  type ClaimBatch,
  claim,
  claimAll,
  getClaimable,
  pay,
  registerCapsule,
  type Share,
  setShares,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { ethers, offerFixture } from "../../grid.ts";
import { expectInvalid, withClients } from "../clients.ts";
import { refuse } from "./tokens.ts";

async function claiming() {
  const given = await withClients(offerFixture);
  const { as, buyer, creator, stranger, dataOwner, token } = given;
  const payer = await as(buyer);
  const owner = await as(creator);
  const payTo = (capsuleId: bigint, amount = 1_000n) => pay(payer, { capsuleId, token, amount });
  const register = async (shares: readonly Share[]) => {
    const content = { kind: "data", contentHash: `0x${"01".repeat(32)}`, uri: "" } as const;
    const { capsuleId } = await registerCapsule(owner, {
      ...content,
      owner: creator.address,
      shares,
    });
    return capsuleId;
  };
  /** Pays 1,000 base units of a new token to capsule 1. */
  const payOther = async () => {
    const other = await ethers.deployContract("PlainToken", [18]);
    await other.mint(buyer, 1_000n);
    await other.connect(buyer).approve(payer.contracts.SettlementRouter, 1_000n);
    const otherToken = (await other.getAddress()) as Address;
    await pay(payer, { capsuleId: 1n, token: otherToken, amount: 1_000n });
    return otherToken;
  };
  const account = dataOwner.address;
  const creatorAddress = creator.address;
  return {
    ...given,
    client: await as(stranger),
    owner,
    payTo,
    payOther,
    register,
    account,
    creatorAddress,
    // The payments of these tests are below the default.
    tokens: [{ token, minAmount: 1n }],
  };
}

function amounts(
  rows: readonly { capsuleId: bigint; sharesVersion: bigint; earner: bigint; amount: bigint }[],
) {
  return rows.map(({ capsuleId, sharesVersion, earner, amount }) => [
    capsuleId,
    sharesVersion,
    earner,
    amount,
  ]);
}

const NOTHING = { paid: [], refused: [], dust: [], left: [], hashes: [] };

describe("claimAll", () => {
  it("when a parameter can never be valid, names it", async () => {
    const { client, account, token, tokens } = await claiming();
    await expectInvalid(claimAll(client, { account, tokens: [] }), "tokens");
    await expectInvalid(claimAll(client, { account, tokens: ["0x1"] }), "tokens[0]");
    await expectInvalid(claimAll(client, { account, tokens: [{ token: "0x1" }] }), "tokens[0].token");
    const none = [...tokens, { token, minAmount: 0n }];
    await expectInvalid(claimAll(client, { account, tokens: none }), "tokens[1].minAmount");
    await expectInvalid(claimAll(client, { account, tokens: [account] }), "tokens[0]");
    await expectInvalid(claimAll(client, { account, tokens, capsuleIds: [] }), "capsuleIds");
    await expectInvalid(claimAll(client, { account, tokens, capsuleIds: [1n, -1n] }), "capsuleIds[1]");
    await expectInvalid(claimAll(client, { account, tokens, maxTransactions: 0 }), "maxTransactions");
    await expectInvalid(claimAll(client, { account: "0x1", tokens }), "account");
    await expectInvalid(claimAll(client, { account, tokens, maxRows: 0 }), "maxRows");
    await expectInvalid(claimAll(client, { account, tokens, hops: -1 }), "hops");
    await expectInvalid(claimAll(client, { account, tokens, blockRange: 0.5 }), "blockRange");
  });

  it("when nothing is due, sends nothing", async () => {
    const { client, account, tokens } = await claiming();
    const claimed = await claimAll(client, { account, tokens });
    expect(claimed).to.deep.equal(NOTHING);
  });

  it("pays an account for its rows in every capsule and shares version", async () => {
    const { client, owner, payTo, register, account, tokens, usd } = await claiming();
    await payTo(1n);
    await setShares(owner, { capsuleId: 1n, shares: [{ role: "model", units: 1n, account }] });
    await payTo(1n);
    await register([
      { role: "data", units: 3n },
      { role: "data", units: 1n, account },
    ]);
    await payTo(2n);
    const { paid, refused, hashes } = await claimAll(client, { account, tokens });
    expect(amounts(paid)).to.deep.equal([
      [1n, 1n, 1n, 400n],
      [1n, 2n, 1n, 300n],
      [2n, 1n, 2n, 100n],
    ]);
    expect(refused).to.deep.equal([]);
    expect(hashes).to.have.lengthOf(1);
    expect(await usd.balanceOf(account)).to.equal(800n);
  });

  it("pays owners for the versions of their time, also after a transfer", async () => {
    const { client, payTo, capsules, creator, stranger, creatorAddress, tokens } = await claiming();
    await payTo(1n);
    await capsules.connect(creator).transferFrom(creator, stranger, 1n);
    await payTo(1n);
    const before = await claimAll(client, { account: creatorAddress, tokens });
    expect(amounts(before.paid)).to.deep.equal([[1n, 1n, 3n, 200n]]);
    const after = await claimAll(client, { account: stranger.address, tokens });
    expect(amounts(after.paid)).to.deep.equal([[1n, 2n, 3n, 200n]]);
  });

  it("pays the Commons the platform's part", async () => {
    const { client, payTo, commons, tokens } = await claiming();
    await payTo(1n);
    const { paid } = await claimAll(client, { account: await commons.getAddress(), tokens });
    expect(amounts(paid)).to.deep.equal([[1n, 1n, 0n, 100n]]);
  });

  it("pays all earners of one capsule, and of no other", async () => {
    const { client, payTo, register, tokens } = await claiming();
    await register([]);
    await payTo(1n);
    await payTo(2n);
    const { paid } = await claimAll(client, { capsuleId: 1n, tokens });
    expect(amounts(paid)).to.deep.equal([
      [1n, 1n, 0n, 100n],
      [1n, 1n, 1n, 400n],
      [1n, 1n, 2n, 300n],
      [1n, 1n, 3n, 200n],
    ]);
  });

  it("passes on waiting revenue over the given number of hops", async () => {
    const { client, payTo, register, account, tokens } = await claiming();
    const source = await register([{ role: "data", units: 1n, account }]);
    const middle = await register([{ role: "data", units: 1n, capsuleId: source }]);
    const top = await register([{ role: "data", units: 1n, capsuleId: middle }]);
    await payTo(top);
    expect((await claimAll(client, { account, tokens, hops: 1 })).paid).to.deep.equal([]);
    const passing = await claimAll(client, { account, tokens, hops: 2, maxTransactions: 2 });
    expect([passing.paid, amounts(passing.left)]).to.deep.equal([[], [[source, 1n, 1n, 400n]]]);
    const { paid } = await claimAll(client, { account, tokens, hops: 2 });
    expect(amounts(paid)).to.deep.equal([[source, 1n, 1n, 400n]]);
  });

  it("when there are more rows than fit a transaction, sends several", async () => {
    const { client, payTo, tokens } = await claiming();
    await payTo(1n);
    const { paid, hashes } = await claimAll(client, { capsuleId: 1n, tokens, maxRows: 3 });
    expect(paid).to.have.lengthOf(4);
    expect(hashes).to.have.lengthOf(2);
  });

  it("when strangers name the account in rows of dust, pays only the others", async () => {
    const { client, payTo, register, account, token, usd } = await claiming();
    const row = { role: "data", units: 1n, account } as const;
    const trap = await register(Array(30).fill(row));
    await payTo(trap, 749_990n);
    await payTo(1n, 25_000n);
    const { paid, dust, left, hashes } = await claimAll(client, { account, tokens: [token], maxRows: 10 });
    expect(amounts(paid)).to.deep.equal([[1n, 1n, 1n, 10_000n]]);
    expect(amounts(dust)).to.deep.equal(
      Array.from({ length: 30 }, (_, i) => [trap, 1n, BigInt(i + 1), 9_999n]),
    );
    expect([left, hashes.length]).to.deep.equal([[], 1]);
    expect(await usd.balanceOf(account)).to.equal(10_000n);
  });

  it("when there are more rows than transactions may hold, pays the largest and lists the others", async () => {
    const { client, payTo, register, account, tokens } = await claiming();
    const row = { role: "data", units: 1n, account } as const;
    for (const amount of [10n, 1_000n, 100n, 10_000n]) await payTo(await register([row]), amount);
    const limits = { maxRows: 1, maxTransactions: 2 };
    const { paid, left, hashes } = await claimAll(client, { account, tokens, ...limits });
    expect(amounts(paid)).to.deep.equal([
      [3n, 1n, 1n, 400n],
      [5n, 1n, 1n, 4_000n],
    ]);
    expect(amounts(left)).to.deep.equal([
      [4n, 1n, 1n, 40n],
      [2n, 1n, 1n, 4n],
    ]);
    expect(hashes).to.have.lengthOf(2);
    expect((await claimAll(client, { account, tokens })).paid).to.have.lengthOf(2);
  });

  it("when tokens differ in worth, compares amounts by their least amounts", async () => {
    const { client, payTo, payOther, token, account } = await claiming();
    const dear = await payOther();
    await payTo(1n, 10_000n);
    const tokens = [
      { token, minAmount: 100n },
      { token: dear, minAmount: 1n },
    ];
    const { paid, left } = await claimAll(client, { account, tokens, maxRows: 1, maxTransactions: 1 });
    expect([paid, left].map((rows) => rows.map((row) => [row.token, row.amount]))).to.deep.equal([
      [[dear, 400n]],
      [[token, 4_000n]],
    ]);
  });

  it("asks before each transaction, with its rows and its cost", async () => {
    const { client, payTo, register, account, tokens, usd } = await claiming();
    const source = await register([{ role: "data", units: 1n, account }]);
    const top = await register([{ role: "data", units: 1n, capsuleId: source }]);
    await payTo(top);
    await payTo(1n);
    const asked: ClaimBatch[] = [];
    const wanted = { account, tokens, hops: 1, maxRows: 1 };
    const confirm = (batch: ClaimBatch) => {
      asked.push(batch);
      return batch.kind === "passOn" || batch.rows[0]?.capsuleId === 1n;
    };
    const { paid, left, hashes } = await claimAll(client, { ...wanted, confirm });
    expect(asked.map(({ kind, rows }) => [kind, ...amounts(rows)])).to.deep.equal([
      ["passOn", [top, 1n, 1n, 400n]],
      ["claim", [1n, 1n, 1n, 400n]],
      ["claim", [source, 1n, 1n, 400n]],
    ]);
    expect([amounts(paid), amounts(left)]).to.deep.equal([[[1n, 1n, 1n, 400n]], [[source, 1n, 1n, 400n]]]);
    for (const [i, hash] of hashes.entries()) {
      const receipt = await ethers.provider.getTransactionReceipt(hash);
      const { gas, fee } = asked[i] as ClaimBatch;
      expect(gas >= (receipt?.gasUsed ?? 0n) && fee >= (receipt?.fee ?? 0n)).to.equal(true);
    }
    expect(hashes).to.have.lengthOf(2);
    await claimAll(client, { ...wanted, confirm: async () => true });
    expect(await usd.balanceOf(account)).to.equal(800n);
  });

  it("when capsules are given, claims from no other", async () => {
    const { client, payTo, register, account, tokens } = await claiming();
    const row = { role: "data", units: 1n, account } as const;
    for (const id of [await register([row]), await register([row]), 1n]) await payTo(id);
    for (const hops of [0, 1]) {
      const { paid, left } = await claimAll(client, {
        account,
        tokens,
        hops,
        capsuleIds: [BigInt(hops + 2), 1n],
        confirm: () => hops === 1,
      });
      expect([...paid, ...left].map(({ capsuleId }) => capsuleId)).to.have.members([1n, BigInt(hops + 2)]);
    }
  });

  it("when earners of one token follow those of another, claims both", async () => {
    const { client, payTo, payOther, token } = await claiming();
    const second = await payOther();
    await payTo(1n);
    const range = { capsuleId: 1n, sharesVersion: 1n };
    const claims = [
      { ...range, token, first: 1n, count: 3n },
      { ...range, token: second, first: 0n, count: 1n },
    ];
    await claim(client, { claims });
    const tokens = [token, second].map((token) => ({ token, minAmount: 1n }));
    const { paid } = await claimAll(client, { capsuleId: 1n, tokens });
    expect(paid.map(({ token, earner, amount }) => [token, earner, amount])).to.deep.equal([
      [token, 0n, 100n],
      [second, 1n, 400n],
      [second, 2n, 300n],
      [second, 3n, 200n],
    ]);
  });

  it("when a node answers for few blocks at once, finds the same", async () => {
    const { client, owner, payTo, account, tokens } = await claiming();
    for (let i = 0; i < 3; i++) await setShares(owner, { capsuleId: 1n, shares: [] });
    await setShares(owner, { capsuleId: 1n, shares: [{ role: "data", units: 1n, account }] });
    await payTo(1n);
    const { paid } = await claimAll(client, { account, tokens, blockRange: 2 });
    expect(amounts(paid)).to.deep.equal([[1n, 5n, 1n, 400n]]);
  });

  it("when the token refuses a beneficiary, pays the others", async () => {
    const { client, payTo, account, token, tokens, usd, modelOwner } = await claiming();
    await payTo(1n);
    await refuse(token, account);
    const { paid, refused } = await claimAll(client, { capsuleId: 1n, tokens });
    expect(amounts(paid).map(([, , earner]) => earner)).to.deep.equal([0n, 2n, 3n]);
    expect(amounts(refused)).to.deep.equal([[1n, 1n, 1n, 400n]]);
    expect(await usd.balanceOf(modelOwner)).to.equal(300n);
    const again = await claimAll(client, { account, tokens });
    expect(again).to.deep.equal({ ...NOTHING, refused });
    const range = { capsuleId: 1n, sharesVersion: 1n, token, first: 1n, count: 1n };
    expect((await getClaimable(client, range))[0]?.amount).to.equal(400n);
  });
});
