import { expect } from "chai";
import { ethers, gridFixture, Kind, networkHelpers, Role, registration, share } from "../grid.ts";

const HASH_2 = ethers.sha256("0x02");
const MAX_URI = 2_048;
const MAX_DID = 512;

/** Capsule 1 has one data row and one model row. The deployer registered it for `creator`. */
async function capsuleFixture() {
  const grid = await networkHelpers.loadFixture(gridFixture);
  const rows = [share(Role.Data, 3n, grid.dataOwner), share(Role.Model, 5n, grid.modelOwner)];
  await grid.capsules.register(grid.creator, registration(rows));
  return { ...grid, capsuleId: 1n };
}

/** Exactly `length` bytes of UTF-8, with as few characters as possible. */
function text(length: number) {
  return "€".repeat(length / 3) + "x".repeat(length % 3);
}

describe("CapsuleRegistry", () => {
  describe("register", () => {
    it("when the royalty is above 10 %, reverts", async () => {
      const { capsules, creator } = await networkHelpers.loadFixture(gridFixture);
      await expect(capsules.register(creator, { ...registration(), royaltyBps: 1_001n }))
        .to.be.revertedWithCustomError(capsules, "RoyaltyTooHigh")
        .withArgs(1_001n, 1_000n);
    });

    it("when the content hash is zero, reverts", async () => {
      const { capsules, creator } = await networkHelpers.loadFixture(gridFixture);
      await expect(
        capsules.register(creator, { ...registration(), contentHash: ethers.ZeroHash }),
      ).to.be.revertedWithCustomError(capsules, "ContentHashZero");
    });

    it("when the URI is a byte too long, reverts, even with few characters", async () => {
      const { capsules, creator } = await networkHelpers.loadFixture(gridFixture);
      for (const uri of ["x".repeat(MAX_URI + 1), text(MAX_URI + 1)]) {
        await expect(capsules.register(creator, { ...registration(), uri }))
          .to.be.revertedWithCustomError(capsules, "TextTooLong")
          .withArgs(MAX_URI + 1, MAX_URI);
      }
    });

    it("when the DID is a byte too long, reverts, even with few characters", async () => {
      const { capsules, creator } = await networkHelpers.loadFixture(gridFixture);
      for (const did of ["x".repeat(MAX_DID + 1), text(MAX_DID + 1)]) {
        await expect(capsules.register(creator, { ...registration(), did }))
          .to.be.revertedWithCustomError(capsules, "TextTooLong")
          .withArgs(MAX_DID + 1, MAX_DID);
      }
    });

    it("when the owner is zero, reverts and counts no capsule", async () => {
      const { capsules } = await networkHelpers.loadFixture(gridFixture);
      await expect(capsules.register(ethers.ZeroAddress, registration()))
        .to.be.revertedWithCustomError(capsules, "ERC721InvalidReceiver")
        .withArgs(ethers.ZeroAddress);
      expect(await capsules.lastCapsuleId()).to.equal(0n);
    });

    it("when the kind does not exist, reverts", async () => {
      const { capsules, creator } = await networkHelpers.loadFixture(gridFixture);
      await expect(capsules.register(creator, { ...registration(), kind: 5n })).to.be.revertedWithoutReason(
        ethers,
      );
    });

    it("when somebody registers for an owner, mints to the owner and names the registrant", async () => {
      const { capsules, creator, stranger } = await networkHelpers.loadFixture(gridFixture);
      const { contentHash, uri, did } = registration();
      const registering = capsules.connect(stranger).register(creator, registration());
      await expect(registering)
        .to.emit(capsules, "CapsuleRegistered")
        .withArgs(1n, creator.address, Kind.Data, stranger.address, 250n, did);
      await expect(registering).to.emit(capsules, "VersionPublished").withArgs(1n, 1n, contentHash, uri);
      await expect(registering)
        .to.emit(capsules, "Transfer")
        .withArgs(ethers.ZeroAddress, creator.address, 1n);
      expect(await capsules.ownerOf(1n)).to.equal(creator.address);
      expect(await capsules.balanceOf(creator)).to.equal(1n);
      expect(await capsules.balanceOf(stranger)).to.equal(0n);
      expect(await capsules.creatorOf(1n)).to.deep.equal([creator.address, did]);
    });

    it("when capsules are registered in turn, numbers them and stores their kinds", async () => {
      const { capsules, creator } = await networkHelpers.loadFixture(gridFixture);
      for (const kind of Object.values(Kind)) {
        const id = await capsules.register.staticCall(creator, { ...registration(), kind });
        await capsules.register(creator, { ...registration(), kind });
        expect(id).to.equal(kind + 1n);
        expect(await capsules.lastCapsuleId()).to.equal(id);
        const { kind: stored, versions, sharesVersion } = await capsules.capsuleOf(id);
        expect([stored, versions, sharesVersion]).to.deep.equal([kind, 1n, 1n]);
      }
      expect(await capsules.balanceOf(creator)).to.equal(5n);
    });

    it("when the owner is a contract without the callback, mints without calling it", async () => {
      const { capsules, usd } = await networkHelpers.loadFixture(gridFixture);
      await capsules.register(usd, registration());
      expect(await capsules.ownerOf(1n)).to.equal(await usd.getAddress());
    });

    it("when texts, royalty and rows are at their limits, stores them exactly", async () => {
      const { capsules, creator, payee } = await networkHelpers.loadFixture(gridFixture);
      const shares = Array.from({ length: 500 }, () => share(Role.Data, 2n ** 64n - 1n, payee));
      const most = { royaltyBps: 1_000n, uri: text(MAX_URI), did: text(MAX_DID), shares };
      await capsules.register(creator, { ...registration(), ...most });
      expect(await capsules.tokenURI(1n)).to.equal(most.uri);
      expect(await capsules.creatorOf(1n)).to.deep.equal([creator.address, most.did]);
      expect(await capsules.royaltyInfo(1n, 10_000n)).to.deep.equal([creator.address, 1_000n]);
      expect(await capsules.sharesOf(1n, 1n)).to.have.lengthOf(502);
    });
  });

  describe("publishVersion", () => {
    it("when the capsule does not exist, reverts", async () => {
      const { capsules } = await networkHelpers.loadFixture(capsuleFixture);
      await expect(capsules.publishVersion(2n, HASH_2, ""))
        .to.be.revertedWithCustomError(capsules, "ERC721NonexistentToken")
        .withArgs(2n);
    });

    it("when the caller is not the owner, but an operator or the former owner, reverts", async () => {
      const { capsules, creator, stranger, payee } = await networkHelpers.loadFixture(capsuleFixture);
      await capsules.connect(creator).transferFrom(creator, payee, 1n);
      await capsules.connect(payee).setApprovalForAll(stranger, true);
      for (const caller of [creator, stranger]) {
        await expect(capsules.connect(caller).publishVersion(1n, HASH_2, ""))
          .to.be.revertedWithCustomError(capsules, "CallerNotCapsuleOwner")
          .withArgs(1n, caller.address);
      }
    });

    it("when the content hash is zero, reverts", async () => {
      const { capsules, creator } = await networkHelpers.loadFixture(capsuleFixture);
      await expect(
        capsules.connect(creator).publishVersion(1n, ethers.ZeroHash, ""),
      ).to.be.revertedWithCustomError(capsules, "ContentHashZero");
    });

    it("when the URI is a byte too long, reverts", async () => {
      const { capsules, creator } = await networkHelpers.loadFixture(capsuleFixture);
      await expect(capsules.connect(creator).publishVersion(1n, HASH_2, text(MAX_URI + 1)))
        .to.be.revertedWithCustomError(capsules, "TextTooLong")
        .withArgs(MAX_URI + 1, MAX_URI);
    });

    it("when the owner calls, appends a version and emits MetadataUpdate", async () => {
      const { capsules, creator } = await networkHelpers.loadFixture(capsuleFixture);
      const uri = text(MAX_URI);
      const publishing = capsules.connect(creator).publishVersion(1n, HASH_2, uri);
      await expect(publishing).to.emit(capsules, "VersionPublished").withArgs(1n, 2n, HASH_2, uri);
      await expect(publishing).to.emit(capsules, "MetadataUpdate").withArgs(1n);
      const { versions, sharesVersion } = await capsules.capsuleOf(1n);
      expect([versions, sharesVersion]).to.deep.equal([2n, 1n]);
      expect(await capsules.versionOf(1n, 2n)).to.deep.equal([HASH_2, uri]);
    });
  });

  describe("capsuleOf", () => {
    it("when the capsule does not exist, reverts", async () => {
      const { capsules } = await networkHelpers.loadFixture(capsuleFixture);
      for (const id of [0n, 2n]) {
        await expect(capsules.capsuleOf(id))
          .to.be.revertedWithCustomError(capsules, "ERC721NonexistentToken")
          .withArgs(id);
      }
    });

    it("when shares change, returns the contract of the new rows", async () => {
      const { capsules, creator, dataOwner, payee } = await networkHelpers.loadFixture(capsuleFixture);
      const before = (await capsules.capsuleOf(1n)).sharesBlob;
      await capsules.connect(creator).setShares(1n, [share(Role.Data, 1n, payee)]);
      const after = (await capsules.capsuleOf(1n)).sharesBlob;
      expect(await ethers.provider.getCode(before)).to.include(dataOwner.address.slice(2).toLowerCase());
      expect(await ethers.provider.getCode(after)).to.include(payee.address.slice(2).toLowerCase());
    });
  });

  describe("creatorOf", () => {
    it("when the capsule does not exist, reverts", async () => {
      const { capsules } = await networkHelpers.loadFixture(capsuleFixture);
      await expect(capsules.creatorOf(2n))
        .to.be.revertedWithCustomError(capsules, "ERC721NonexistentToken")
        .withArgs(2n);
    });

    it("when versions, shares and owner change, stays the same", async () => {
      const { capsules, creator, payee } = await networkHelpers.loadFixture(capsuleFixture);
      await capsules.connect(creator).publishVersion(1n, HASH_2, "ipfs://2");
      await capsules.connect(creator).setShares(1n, []);
      await capsules.connect(creator).transferFrom(creator, payee, 1n);
      expect(await capsules.creatorOf(1n)).to.deep.equal([creator.address, registration().did]);
    });

    it("when there is no DID, returns the account and an empty DID", async () => {
      const { capsules, creator } = await networkHelpers.loadFixture(gridFixture);
      await capsules.register(creator, { ...registration(), did: "" });
      await capsules.register(creator, { ...registration(), did: "", uri: "" });
      expect(await capsules.creatorOf(1n)).to.deep.equal([creator.address, ""]);
      expect(await capsules.creatorOf(2n)).to.deep.equal([creator.address, ""]);
    });
  });

  describe("versionOf", () => {
    it("when the version does not exist, reverts", async () => {
      const { capsules } = await networkHelpers.loadFixture(capsuleFixture);
      for (const [id, version] of [
        [1n, 0n],
        [1n, 2n],
        [2n, 1n],
      ] as const) {
        await expect(capsules.versionOf(id, version))
          .to.be.revertedWithCustomError(capsules, "VersionNonexistent")
          .withArgs(id, version);
      }
    });

    it("when there are several versions, returns each one", async () => {
      const { capsules, creator } = await networkHelpers.loadFixture(capsuleFixture);
      const versions = [
        [registration().contentHash, registration().uri],
        [HASH_2, ""],
        [ethers.sha256("0x03"), "ipfs://3/ü"],
        [HASH_2, "ipfs://4"],
      ] as const;
      for (const [hash, uri] of versions.slice(1)) {
        await capsules.connect(creator).publishVersion(1n, hash, uri);
      }
      for (const [i, version] of versions.entries()) {
        expect(await capsules.versionOf(1n, i + 1)).to.deep.equal(version);
      }
    });
  });

  describe("tokenURI", () => {
    it("when the capsule does not exist, reverts, even for ids above 64 bits", async () => {
      const { capsules } = await networkHelpers.loadFixture(capsuleFixture);
      for (const id of [2n, 2n ** 64n + 1n]) {
        await expect(capsules.tokenURI(id))
          .to.be.revertedWithCustomError(capsules, "ERC721NonexistentToken")
          .withArgs(id);
      }
    });

    it("when a version is published, returns its URI", async () => {
      const { capsules, creator } = await networkHelpers.loadFixture(capsuleFixture);
      expect(await capsules.tokenURI(1n)).to.equal(registration().uri);
      await capsules.connect(creator).publishVersion(1n, HASH_2, "ipfs://2");
      expect(await capsules.tokenURI(1n)).to.equal("ipfs://2");
      await capsules.connect(creator).publishVersion(1n, registration().contentHash, "");
      expect(await capsules.tokenURI(1n)).to.equal("");
    });
  });

  describe("royaltyInfo", () => {
    it("when the capsule does not exist, reverts, even for ids above 64 bits", async () => {
      const { capsules } = await networkHelpers.loadFixture(capsuleFixture);
      for (const id of [2n, 2n ** 64n + 1n]) {
        await expect(capsules.royaltyInfo(id, 1n))
          .to.be.revertedWithCustomError(capsules, "ERC721NonexistentToken")
          .withArgs(id);
      }
    });

    it("when the royalty is not a whole number, rounds down", async () => {
      const { capsules, creator } = await networkHelpers.loadFixture(capsuleFixture);
      for (const [price, royalty] of [
        [0n, 0n],
        [39n, 0n],
        [40n, 1n],
        [79n, 1n],
        [80n, 2n],
      ] as const) {
        expect(await capsules.royaltyInfo(1n, price)).to.deep.equal([creator.address, royalty]);
      }
    });

    it("when the price is type(uint256).max, does not overflow", async () => {
      const { capsules, creator } = await networkHelpers.loadFixture(capsuleFixture);
      const royalty = (ethers.MaxUint256 * 250n) / 10_000n;
      expect(await capsules.royaltyInfo(1n, ethers.MaxUint256)).to.deep.equal([creator.address, royalty]);
    });

    it("when the capsule was sold, still pays its creator", async () => {
      const { capsules, creator, payee } = await networkHelpers.loadFixture(capsuleFixture);
      await capsules.connect(creator).transferFrom(creator, payee, 1n);
      expect(await capsules.royaltyInfo(1n, 10_000n)).to.deep.equal([creator.address, 250n]);
    });

    it("when the creator set no royalty, is zero", async () => {
      const { capsules, creator } = await networkHelpers.loadFixture(gridFixture);
      await capsules.register(creator, { ...registration(), royaltyBps: 0n });
      expect(await capsules.royaltyInfo(1n, ethers.MaxUint256)).to.deep.equal([creator.address, 0n]);
    });
  });
});
