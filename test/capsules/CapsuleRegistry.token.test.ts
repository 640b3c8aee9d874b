import { expect } from "chai";
import { ethers, gridFixture, networkHelpers, registration } from "../grid.ts";

/** Capsule 1 of `creator`. */
async function tokenFixture() {
  const grid = await networkHelpers.loadFixture(gridFixture);
  await grid.capsules.register(grid.creator, registration());
  return grid;
}

describe("CapsuleRegistry token", () => {
  it("when deployed, has name and symbol", async () => {
    const { capsules } = await networkHelpers.loadFixture(tokenFixture);
    expect([await capsules.name(), await capsules.symbol()]).to.deep.equal([
      "Benefit Grid Capsule",
      "CAPSULE",
    ]);
  });

  describe("supportsInterface", () => {
    it("when queried, supports exactly its standards", async () => {
      const { capsules } = await networkHelpers.loadFixture(tokenFixture);
      for (const [id, supported] of [
        ["0x01ffc9a7", true], // ERC-165
        ["0x80ac58cd", true], // ERC-721
        ["0x5b5e139f", true], // ERC-721 metadata
        ["0x2a55205a", true], // ERC-2981
        ["0x49064906", true], // ERC-4906
        ["0x7965db0b", true], // OpenZeppelin's IAccessControl
        ["0x780e9d63", false], // ERC-721 enumerable
        ["0xffffffff", false],
      ] as const) {
        expect(await capsules.supportsInterface(id), id).to.equal(supported);
      }
    });
  });

  describe("ownerOf and balanceOf", () => {
    it("when the token does not exist or the account is zero, revert", async () => {
      const { capsules } = await networkHelpers.loadFixture(tokenFixture);
      await expect(capsules.ownerOf(2n))
        .to.be.revertedWithCustomError(capsules, "ERC721NonexistentToken")
        .withArgs(2n);
      await expect(capsules.balanceOf(ethers.ZeroAddress))
        .to.be.revertedWithCustomError(capsules, "ERC721InvalidOwner")
        .withArgs(ethers.ZeroAddress);
    });
  });

  describe("approve", () => {
    it("when neither the owner nor its operator calls, reverts", async () => {
      const { capsules, creator, payee, stranger } = await networkHelpers.loadFixture(tokenFixture);
      await capsules.connect(creator).approve(payee, 1n);
      for (const caller of [payee, stranger]) {
        await expect(capsules.connect(caller).approve(stranger, 1n))
          .to.be.revertedWithCustomError(capsules, "ERC721InvalidApprover")
          .withArgs(caller.address);
      }
    });

    it("when the owner calls, approves until the next transfer", async () => {
      const { capsules, creator, payee } = await networkHelpers.loadFixture(tokenFixture);
      await expect(capsules.connect(creator).approve(payee, 1n))
        .to.emit(capsules, "Approval")
        .withArgs(creator.address, payee.address, 1n);
      expect(await capsules.getApproved(1n)).to.equal(payee.address);
      await capsules.connect(creator).transferFrom(creator, payee, 1n);
      expect(await capsules.getApproved(1n)).to.equal(ethers.ZeroAddress);
    });
  });

  describe("setApprovalForAll", () => {
    it("when the operator is zero, reverts", async () => {
      const { capsules, creator } = await networkHelpers.loadFixture(tokenFixture);
      await expect(capsules.connect(creator).setApprovalForAll(ethers.ZeroAddress, true))
        .to.be.revertedWithCustomError(capsules, "ERC721InvalidOperator")
        .withArgs(ethers.ZeroAddress);
    });

    it("when the owner calls, approves the operator until it is revoked", async () => {
      const { capsules, creator, payee } = await networkHelpers.loadFixture(tokenFixture);
      for (const approved of [true, false]) {
        await expect(capsules.connect(creator).setApprovalForAll(payee, approved))
          .to.emit(capsules, "ApprovalForAll")
          .withArgs(creator.address, payee.address, approved);
        expect(await capsules.isApprovedForAll(creator, payee)).to.equal(approved);
      }
    });
  });

  describe("transferFrom", () => {
    it("when the receiver is zero, reverts: capsules are never burned", async () => {
      const { capsules, creator } = await networkHelpers.loadFixture(tokenFixture);
      await expect(capsules.connect(creator).transferFrom(creator, ethers.ZeroAddress, 1n))
        .to.be.revertedWithCustomError(capsules, "ERC721InvalidReceiver")
        .withArgs(ethers.ZeroAddress);
    });

    it("when the caller is not approved, reverts", async () => {
      const { capsules, creator, stranger } = await networkHelpers.loadFixture(tokenFixture);
      await expect(capsules.connect(stranger).transferFrom(creator, stranger, 1n))
        .to.be.revertedWithCustomError(capsules, "ERC721InsufficientApproval")
        .withArgs(stranger.address, 1n);
    });

    it("when `from` is not the owner, reverts and starts no shares version", async () => {
      const { capsules, creator, stranger } = await networkHelpers.loadFixture(tokenFixture);
      await expect(capsules.connect(creator).transferFrom(stranger, creator, 1n))
        .to.be.revertedWithCustomError(capsules, "ERC721IncorrectOwner")
        .withArgs(stranger.address, 1n, creator.address);
      expect(await capsules.currentSharesVersion(1n)).to.equal(1n);
    });

    it("when the owner, an operator or an approved account calls, starts a shares version", async () => {
      const { capsules, creator, payee, stranger } = await networkHelpers.loadFixture(tokenFixture);
      const rows = await capsules.sharesOf(1n, 1n);
      await capsules.connect(creator).setApprovalForAll(stranger, true);
      await capsules.connect(payee).setApprovalForAll(creator, true);
      for (const [i, [caller, from, to]] of [
        [creator, creator, payee] as const,
        [creator, payee, creator] as const,
        [stranger, creator, creator] as const,
      ].entries()) {
        const version = BigInt(i + 2);
        const transferring = capsules.connect(caller).transferFrom(from, to, 1n);
        await expect(transferring).to.emit(capsules, "Transfer").withArgs(from.address, to.address, 1n);
        await expect(transferring).to.emit(capsules, "SharesCarriedOver").withArgs(1n, version, to.address);
        expect(await capsules.currentSharesVersion(1n)).to.equal(version);
        expect(await capsules.sharesOf(1n, version)).to.deep.equal(rows);
        expect(await capsules.sharesOwnerOf(1n, version - 1n)).to.equal(from.address);
        expect(await capsules.ownerOf(1n)).to.equal(to.address);
      }
      await capsules.connect(creator).approve(stranger, 1n);
      await expect(capsules.connect(stranger).transferFrom(creator, payee, 1n))
        .to.emit(capsules, "SharesCarriedOver")
        .withArgs(1n, 5n, payee.address);
    });
  });

  describe("safeTransferFrom", () => {
    it("when the receiver is a contract without the callback, reverts", async () => {
      const { capsules, creator, usd } = await networkHelpers.loadFixture(tokenFixture);
      await expect(capsules.connect(creator)["safeTransferFrom(address,address,uint256)"](creator, usd, 1n))
        .to.be.revertedWithCustomError(capsules, "ERC721InvalidReceiver")
        .withArgs(await usd.getAddress());
    });

    it("when the receiver accepts, transfers with and without data and starts a shares version", async () => {
      const { capsules, creator, payee } = await networkHelpers.loadFixture(tokenFixture);
      await expect(capsules.connect(creator)["safeTransferFrom(address,address,uint256)"](creator, payee, 1n))
        .to.emit(capsules, "SharesCarriedOver")
        .withArgs(1n, 2n, payee.address);
      await expect(
        capsules
          .connect(payee)
          ["safeTransferFrom(address,address,uint256,bytes)"](payee, creator, 1n, "0x01"),
      )
        .to.emit(capsules, "SharesCarriedOver")
        .withArgs(1n, 3n, creator.address);
      expect(await capsules.ownerOf(1n)).to.equal(creator.address);
    });
  });
});
