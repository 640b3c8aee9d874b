import { getManifest, isInManifest, publishManifest, registerCapsule } from "@benefit-grid/sdk";
import { buildManifest, proveInclusion } from "@benefit-grid/sdk/manifests";
import { expect } from "chai";
import { gridFixture } from "../../grid.ts";
import { expectInvalid, expectRevert, withClients } from "../clients.ts";

const bytes = new TextEncoder().encode("a face");
const dataset = { capsuleId: 1n, version: 1n };
const manifest = await buildManifest(
  ["faces/1.png", "faces/2.png", "faces/ü.png"].map((path) => ({ path, content: bytes, dataset })),
);
const VERSION = { capsuleId: 1n, version: 1n } as const;
const { root } = manifest;

async function parties() {
  const grid = await withClients(gridFixture);
  const [client, auditor] = await Promise.all([grid.as(grid.creator), grid.as(grid.stranger)]);
  const { contentHash } = manifest.pieces[0] ?? { contentHash: "0x" };
  await registerCapsule(client, { owner: grid.creator.address, kind: "model", contentHash, uri: "" });
  return { ...grid, client, auditor };
}

describe("publishManifest", () => {
  it("when a parameter is malformed, or somebody else calls, says so", async () => {
    const { client, auditor, stranger } = await parties();
    await expectInvalid(publishManifest(client, { ...VERSION, root: "0x12", uri: "" }), "root");
    await expectInvalid(publishManifest(client, { ...VERSION, version: -1n, root, uri: "" }), "version");
    const foreign = publishManifest(auditor, { ...VERSION, root, uri: "" });
    await expectRevert(foreign, "CallerNotCapsuleOwner", { capsuleId: 1n, caller: stranger.address });
  });

  it("when published, everybody proves its pieces on chain, and nobody publishes another", async () => {
    const { client, auditor, creator } = await parties();
    await publishManifest(client, { ...VERSION, root, uri: "ipfs://manifest" });
    expect(await getManifest(auditor, VERSION)).to.deep.equal({
      root,
      uri: "ipfs://manifest",
      publisher: creator.address,
    });
    for (const { path } of manifest.pieces) {
      const proven = await proveInclusion(manifest, { path });
      expect(await isInManifest(auditor, { ...VERSION, ...proven })).to.equal(true);
      const piece = { ...proven.piece, path: "faces/3.png" };
      expect(await isInManifest(auditor, { ...VERSION, ...proven, piece })).to.equal(false);
    }
    const again = publishManifest(client, { ...VERSION, root, uri: "" });
    await expectRevert(again, "ManifestExists", VERSION);
  });

  it("when there is no manifest, or a proof is malformed, says so", async () => {
    const { auditor } = await parties();
    await expectRevert(getManifest(auditor, VERSION), "ManifestNonexistent", VERSION);
    const proven = await proveInclusion(manifest, { path: "faces/1.png" });
    await expectRevert(isInManifest(auditor, { ...VERSION, ...proven }), "ManifestNonexistent", VERSION);
    await expectInvalid(isInManifest(auditor, { ...VERSION, ...proven, proof: ["0x12"] }), "proof[0]");
  });
});
