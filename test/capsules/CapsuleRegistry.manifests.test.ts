import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import { ethers, gridFixture, networkHelpers, registration } from "../grid.ts";

const ENCODING = ["string", "bytes32", "uint64", "uint64", "uint32"];
const ROWS: [string, string, bigint, bigint, bigint][] = ["", "a", "b", "ü/ß", "x".repeat(33)].map(
  (path, i) => [path, ethers.id(path), BigInt(i), BigInt(i % 2), BigInt(i % 2)],
);
const TREE = StandardMerkleTree.of(ROWS, ENCODING);
const URI = "ipfs://manifest";

type Row = (typeof ROWS)[number];

function pieceOf([path, contentHash, size, capsuleId, version]: Row) {
  return { path, contentHash, size, capsuleId, version };
}

async function capsuleFixture() {
  const grid = await networkHelpers.loadFixture(gridFixture);
  await grid.capsules.register(grid.creator, registration());
  return { ...grid, asCreator: grid.capsules.connect(grid.creator) };
}

async function manifestFixture() {
  const grid = await networkHelpers.loadFixture(capsuleFixture);
  await grid.asCreator.publishManifest(1n, 1n, TREE.root, URI);
  return grid;
}

describe("CapsuleRegistry: manifests", () => {
  describe("publishManifest", () => {
    it("when the caller is not the owner, reverts", async () => {
      const { capsules, stranger } = await networkHelpers.loadFixture(capsuleFixture);
      await expect(capsules.connect(stranger).publishManifest(1n, 1n, TREE.root, URI))
        .to.be.revertedWithCustomError(capsules, "CallerNotCapsuleOwner")
        .withArgs(1n, stranger.address);
    });

    it("when the version does not exist, reverts", async () => {
      const { capsules, asCreator } = await networkHelpers.loadFixture(capsuleFixture);
      await expect(asCreator.publishManifest(1n, 2n, TREE.root, URI))
        .to.be.revertedWithCustomError(capsules, "VersionNonexistent")
        .withArgs(1n, 2n);
    });

    it("when the root is zero, reverts", async () => {
      const { capsules, asCreator } = await networkHelpers.loadFixture(capsuleFixture);
      await expect(asCreator.publishManifest(1n, 1n, ethers.ZeroHash, URI)).to.be.revertedWithCustomError(
        capsules,
        "ManifestRootZero",
      );
    });

    it("when the version has a manifest, reverts, also for a later owner", async () => {
      const { capsules, asCreator, creator, payee } = await networkHelpers.loadFixture(manifestFixture);
      await asCreator.transferFrom(creator, payee, 1n);
      await expect(capsules.connect(payee).publishManifest(1n, 1n, ethers.id("another"), URI))
        .to.be.revertedWithCustomError(capsules, "ManifestExists")
        .withArgs(1n, 1n);
      expect(await capsules.manifestOf(1n, 1n)).to.equal(TREE.root);
    });

    it("when the owner calls, stores the root and tells it, for each version", async () => {
      const { capsules, asCreator, creator } = await networkHelpers.loadFixture(manifestFixture);
      await asCreator.publishVersion(1n, ethers.id("2"), "");
      const root = ethers.id("root of version 2");
      await expect(asCreator.publishManifest(1n, 2n, root, ""))
        .to.emit(capsules, "ManifestPublished")
        .withArgs(1n, 2n, creator.address, root, "");
      expect(await capsules.manifestOf(1n, 1n)).to.equal(TREE.root);
      expect(await capsules.manifestOf(1n, 2n)).to.equal(root);
    });
  });

  describe("manifestOf", () => {
    it("when there is none, reverts", async () => {
      const { capsules } = await networkHelpers.loadFixture(capsuleFixture);
      await expect(capsules.manifestOf(1n, 1n))
        .to.be.revertedWithCustomError(capsules, "ManifestNonexistent")
        .withArgs(1n, 1n);
    });
  });

  describe("inManifest", () => {
    it("when there is no manifest, reverts", async () => {
      const { capsules } = await networkHelpers.loadFixture(capsuleFixture);
      await expect(capsules.inManifest(1n, 1n, pieceOf(ROWS[0] as Row), []))
        .to.be.revertedWithCustomError(capsules, "ManifestNonexistent")
        .withArgs(1n, 1n);
    });

    it("is true for each piece of a standard tree with its proof", async () => {
      const { capsules } = await networkHelpers.loadFixture(manifestFixture);
      for (const [i, row] of TREE.entries()) {
        expect(await capsules.inManifest(1n, 1n, pieceOf(row), TREE.getProof(i))).to.equal(true);
      }
    });

    it("is false for a changed piece or another proof", async () => {
      const { capsules } = await networkHelpers.loadFixture(manifestFixture);
      const piece = pieceOf(ROWS[1] as Row);
      const proof = TREE.getProof(1);
      const changes = [
        { path: "A" },
        { contentHash: ethers.id("A") },
        { size: 9n },
        { capsuleId: 9n },
        { version: 9n },
      ];
      for (const change of changes)
        expect(await capsules.inManifest(1n, 1n, { ...piece, ...change }, proof)).to.equal(false);
      for (const other of [[], proof.slice(1), [...proof, ethers.ZeroHash], TREE.getProof(2)])
        expect(await capsules.inManifest(1n, 1n, piece, other)).to.equal(false);
    });
  });
});
