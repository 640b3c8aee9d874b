import {
  getCapsule,
  getCreator,
  getShares,
  getVersion,
  hashContent,
  registerCapsule,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { gridFixture, offerFixture } from "../../grid.ts";
import { expectInvalid, expectRevert, withClients } from "../clients.ts";

const bytes = new TextEncoder().encode("a dataset");

describe("registerCapsule", () => {
  it("when a parameter can never be valid, names it", async () => {
    const { as, creator } = await withClients(gridFixture);
    const client = await as(creator);
    const owner = creator.address;
    const valid = { owner, kind: "data", contentHash: await hashContent(bytes), uri: "" } as const;
    const share = { role: "data", units: 1n } as const;
    // @ts-expect-error: not a kind
    await expectInvalid(registerCapsule(client, { ...valid, kind: "film" }), "kind");
    await expectInvalid(registerCapsule(client, { ...valid, owner: "0x12" }), "owner");
    await expectInvalid(registerCapsule(client, { ...valid, contentHash: "0x12" }), "contentHash");
    await expectInvalid(registerCapsule(client, { ...valid, royaltyBps: -1n }), "royaltyBps");
    const units = [share, { ...share, units: 0n }];
    await expectInvalid(registerCapsule(client, { ...valid, shares: units }), "shares[1].units");
    const both = [{ ...share, account: owner, capsuleId: 1n }];
    await expectInvalid(registerCapsule(client, { ...valid, shares: both }), "shares[0]");
    // @ts-expect-error: the platform has no rows
    const platform = registerCapsule(client, { ...valid, shares: [{ role: "platform", units: 1n }] });
    await expectInvalid(platform, "shares[0].role");
    // @ts-expect-error: numbers are not amounts
    await expectInvalid(registerCapsule(client, { ...valid, royaltyBps: 5 }), "royaltyBps");
  });

  it("when the content hash is zero, reverts", async () => {
    const { as, creator } = await withClients(gridFixture);
    const owner = creator.address;
    const capsule = { owner, kind: "data", contentHash: `0x${"00".repeat(32)}`, uri: "" } as const;
    await expectRevert(registerCapsule(await as(creator), capsule), "ContentHashZero", {});
  });

  it("when it names itself, reverts", async () => {
    const { as, creator } = await withClients(gridFixture);
    const owner = creator.address;
    const shares = [{ role: "data", units: 1n, capsuleId: 1n }] as const;
    const capsule = { owner, kind: "data", contentHash: await hashContent(bytes), uri: "", shares } as const;
    await expectRevert(registerCapsule(await as(creator), capsule), "ShareBeneficiarySelf", { row: 0n });
  });

  it("when valid, everything can be read again", async () => {
    const { as, creator, stranger, dataOwner } = await withClients(offerFixture);
    const client = await as(stranger);
    const owner = creator.address;
    const account = dataOwner.address;
    const shares = [
      { role: "data", units: 3n, account },
      { role: "model", units: 2n, capsuleId: 1n },
    ] as const;
    const contentHash = await hashContent(bytes);
    const registration = {
      kind: "agent",
      contentHash,
      uri: "ipfs://a",
      did: "did:example:a",
      royaltyBps: 9n,
    } as const;
    const { capsuleId } = await registerCapsule(client, { ...registration, owner, shares });
    expect(await getCapsule(client, { capsuleId })).to.deep.equal({
      kind: "agent",
      owner,
      versions: 1n,
      sharesVersion: 1n,
    });
    expect(await getVersion(client, { capsuleId, version: 1n })).to.deep.equal({
      contentHash,
      uri: "ipfs://a",
    });
    expect(await getCreator(client, { capsuleId })).to.deep.equal({ account: owner, did: "did:example:a" });
    expect(await getShares(client, { capsuleId })).to.deep.equal({
      sharesVersion: 1n,
      owner,
      shares: [...shares, { role: "compute", units: 1n }],
    });
  });
});
