import {
  claimAll,
  getParents,
  getShares,
  hashContent,
  pay,
  registerDerivative,
  setShares,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { parentsFixture } from "../../capsules/support.ts";
import { expectInvalid, expectRevert, withClients } from "../clients.ts";

async function derivativeOf({ buyer }: { buyer: { address: string } }) {
  const contentHash = await hashContent(new Uint8Array([7]));
  return { owner: buyer.address, licenseIds: [1n, 2n], kind: "model", contentHash, uri: "ipfs://d" } as const;
}

describe("registerDerivative", () => {
  it("when a parameter is invalid, names it", async () => {
    const given = await withClients(parentsFixture);
    const client = await given.as(given.buyer);
    const derivative = await derivativeOf(given);
    const refused = (change: object, parameter: string) =>
      expectInvalid(registerDerivative(client, { ...derivative, ...change }), parameter);
    await refused({ owner: "0x" }, "owner");
    await refused({ licenseIds: [] }, "licenseIds");
    await refused({ licenseIds: [1n, 0n] }, "licenseIds[1]");
    await refused({ uri: "", contentHash: "0x" }, "contentHash");
  });

  it("when somebody else sends it, reverts", async () => {
    const given = await withClients(parentsFixture);
    const registering = registerDerivative(await given.as(given.stranger), await derivativeOf(given));
    await expectRevert(registering, "DerivativeCallerNotOwner", {
      owner: given.buyer.address,
      caller: given.stranger.address,
    });
  });

  it("when the licenses permit it, registers a capsule whose parents earn", async () => {
    const given = await withClients(parentsFixture);
    const client = await given.as(given.buyer);
    const { capsuleId } = await registerDerivative(client, await derivativeOf(given));
    expect(capsuleId).to.equal(3n);
    expect(await getParents(client, { capsuleId })).to.deep.equal([
      { capsuleId: 1n, licenseId: 1n, shareBps: 2_000n },
      { capsuleId: 2n, licenseId: 2n, shareBps: 500n },
    ]);
    const { shares } = await getShares(client, { capsuleId });
    expect(shares.slice(0, 5)).to.deep.equal([
      { role: "data", units: 2_000n, capsuleId: 1n },
      { role: "data", units: 500n, capsuleId: 2n },
      { role: "model", units: 2_000n, capsuleId: 1n },
      { role: "model", units: 500n, capsuleId: 2n },
      { role: "data", units: 7_500n },
    ]);
  });

  it("when it earns, the parents' owner claims everything due from all shares versions", async () => {
    const given = await withClients(parentsFixture);
    const { usd, creator, token } = given;
    const client = await given.as(given.buyer);
    const { capsuleId } = await registerDerivative(client, await derivativeOf(given));
    for (const units of [3n, 5n]) {
      await pay(client, { capsuleId, token, amount: 10_000n });
      await setShares(client, { capsuleId, shares: [{ role: "data", units }] });
    }
    await pay(client, { capsuleId, token, amount: 10_000n });
    const tokens = [{ token, minAmount: 1n }];
    await claimAll(await given.as(given.stranger), { account: creator.address, tokens, hops: 1 });
    expect(await usd.balanceOf(creator)).to.equal(3n * (800n + 200n + 600n + 150n));
  });
});

describe("getParents", () => {
  it("when the capsule does not exist, reverts; when it was not derived, returns none", async () => {
    const given = await withClients(parentsFixture);
    const client = await given.as(given.stranger);
    await expectRevert(getParents(client, { capsuleId: 9n }), "ERC721NonexistentToken", { tokenId: 9n });
    expect(await getParents(client, { capsuleId: 1n })).to.deep.equal([]);
  });
});
