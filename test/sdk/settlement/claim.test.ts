import { claim, getClaimable, getRevenue, passOn, pay, setShares } from "@benefit-grid/sdk";
import { expect } from "chai";
import { offerFixture } from "../../grid.ts";
import { expectInvalid, expectRevert, withClients } from "../clients.ts";

/** Capsule 1 with 1,000 units of revenue, and a claim of all its earners. */
async function earning() {
  const given = await withClients(offerFixture);
  const client = await given.as(given.buyer);
  await pay(client, { capsuleId: 1n, token: given.token, amount: 1_000n });
  const range = { capsuleId: 1n, sharesVersion: 1n, token: given.token, first: 0n, count: 4n };
  return { ...given, client, range };
}

describe("getClaimable", () => {
  it("when earners do not exist, reverts", async () => {
    const { client, range } = await earning();
    const args = { capsuleId: 1n, sharesVersion: 1n, first: 1n, count: 4n };
    await expectRevert(getClaimable(client, { ...range, first: 1n }), "EarnersNonexistent", args);
  });

  it("returns each earner's claimable amount", async () => {
    const { client, range, commons, dataOwner, modelOwner, creator } = await earning();
    const accounts = [commons.target, dataOwner.address, modelOwner.address, creator.address];
    const amounts = [100n, 400n, 300n, 200n];
    const expected = amounts.map((amount, i) => ({
      earner: BigInt(i),
      amount,
      account: accounts[i],
      capsuleId: undefined,
    }));
    expect(await getClaimable(client, range)).to.deep.equal(expected);
  });
});

describe("claim", () => {
  it("when a list is empty or a range malformed, names it", async () => {
    const { client, range } = await earning();
    await expectInvalid(claim(client, { claims: [] }), "claims");
    await expectInvalid(claim(client, { claims: [range, { ...range, count: 0n }] }), "claims[1].count");
  });

  it("when the shares version does not exist, reverts", async () => {
    const { client, range } = await earning();
    const claiming = claim(client, { claims: [{ ...range, sharesVersion: 2n }] });
    await expectRevert(claiming, "SharesVersionNonexistent", { capsuleId: 1n, sharesVersion: 2n });
  });

  it("pays all earners once", async () => {
    const { client, range, dataOwner, usd, token } = await earning();
    const { paid } = await claim(client, { claims: [range] });
    const version = { capsuleId: 1n, sharesVersion: 1n, token };
    const amounts = [100n, 400n, 300n, 200n];
    expect(paid).to.deep.equal(amounts.map((amount, i) => ({ ...version, earner: BigInt(i), amount })));
    expect(await usd.balanceOf(dataOwner)).to.equal(400n);
    expect((await claim(client, { claims: [range] })).paid).to.deep.equal([]);
  });
});

describe("passOn", () => {
  it("when earners do not exist, reverts", async () => {
    const { client, range } = await earning();
    const args = { capsuleId: 1n, sharesVersion: 1n, first: 0n, count: 5n };
    await expectRevert(passOn(client, { claims: [{ ...range, count: 5n }] }), "EarnersNonexistent", args);
  });

  it("passes on the earnings of a capsule's row", async () => {
    const { as, client, range, token, capsules, creator } = await earning();
    await capsules.register(creator, { ...REGISTRATION, shares: [] });
    const owner = await as(creator);
    await setShares(owner, { capsuleId: 1n, shares: [{ role: "data", units: 1n, capsuleId: 2n }] });
    await pay(client, { capsuleId: 1n, token, amount: 1_000n });
    const [earner] = await getClaimable(client, { ...range, sharesVersion: 2n, first: 1n, count: 1n });
    expect(earner).to.deep.equal({ earner: 1n, amount: 400n, account: undefined, capsuleId: 2n });
    const { passedOn } = await passOn(client, { claims: [{ ...range, sharesVersion: 2n }] });
    const from = { capsuleId: 1n, sharesVersion: 2n, earner: 1n };
    expect(passedOn).to.deep.equal([{ ...from, token, toCapsuleId: 2n, toSharesVersion: 1n, amount: 400n }]);
    const revenue = await getRevenue(client, { capsuleId: 2n, sharesVersion: 1n, token });
    expect(revenue).to.deep.equal({ total: 0n, computeAccrued: 0n, inboundData: 400n, inboundModel: 0n });
  });
});

const REGISTRATION = { kind: 0n, royaltyBps: 0n, contentHash: `0x${"01".repeat(32)}`, uri: "", did: "" };
