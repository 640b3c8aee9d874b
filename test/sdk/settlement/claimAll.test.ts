import { claimAll, getClaimable, pay, registerCapsule, type Share, setShares } from "@benefit-grid/sdk";
import { expect } from "chai";
import { offerFixture } from "../../grid.ts";
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
  const account = dataOwner.address;
  const creatorAddress = creator.address;
  return {
    ...given,
    client: await as(stranger),
    owner,
    payTo,
    register,
    account,
    creatorAddress,
    tokens: [token],
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

describe("claimAll", () => {
  it("when a parameter can never be valid, names it", async () => {
    const { client, account, tokens } = await claiming();
    await expectInvalid(claimAll(client, { account, tokens: [] }), "tokens");
    await expectInvalid(claimAll(client, { account, tokens: ["0x1"] }), "tokens[0]");
    await expectInvalid(claimAll(client, { account: "0x1", tokens }), "account");
    await expectInvalid(claimAll(client, { account, tokens, maxRows: 0 }), "maxRows");
    await expectInvalid(claimAll(client, { account, tokens, hops: -1 }), "hops");
    await expectInvalid(claimAll(client, { account, tokens, blockRange: 0.5 }), "blockRange");
  });

  it("when nothing is due, sends nothing", async () => {
    const { client, account, tokens } = await claiming();
    const claimed = await claimAll(client, { account, tokens });
    expect(claimed).to.deep.equal({ paid: [], refused: [], hashes: [] });
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
    expect(again).to.deep.equal({ paid: [], refused, hashes: [] });
    const range = { capsuleId: 1n, sharesVersion: 1n, token, first: 1n, count: 1n };
    expect((await getClaimable(client, range))[0]?.amount).to.equal(400n);
  });
});
