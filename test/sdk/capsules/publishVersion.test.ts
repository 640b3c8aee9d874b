import { getVersion, hashContent, publishVersion } from "@benefit-grid/sdk";
import { expect } from "chai";
import { offerFixture } from "../../grid.ts";
import { expectInvalid, expectRevert, withClients } from "../clients.ts";

describe("publishVersion", () => {
  it("when the hash is malformed, names it", async () => {
    const { as, creator } = await withClients(offerFixture);
    const version = { capsuleId: 1n, contentHash: "0xabc", uri: "" } as const;
    await expectInvalid(publishVersion(await as(creator), version), "contentHash");
  });

  it("when somebody else calls, reverts", async () => {
    const { as, stranger } = await withClients(offerFixture);
    const contentHash = await hashContent(new Uint8Array([2]));
    const publishing = publishVersion(await as(stranger), { capsuleId: 1n, contentHash, uri: "" });
    await expectRevert(publishing, "CallerNotCapsuleOwner", { capsuleId: 1n, caller: stranger.address });
  });

  it("when the owner calls, the version can be read", async () => {
    const { as, creator } = await withClients(offerFixture);
    const client = await as(creator);
    const contentHash = await hashContent(new Uint8Array([2]));
    const { version } = await publishVersion(client, { capsuleId: 1n, contentHash, uri: "ipfs://2" });
    expect(await getVersion(client, { capsuleId: 1n, version })).to.deep.equal({
      contentHash,
      uri: "ipfs://2",
    });
  });
});
