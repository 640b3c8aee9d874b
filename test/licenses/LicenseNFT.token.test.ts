import { expect } from "chai";
import { ethers, licenseFixture, networkHelpers, WINDOW } from "../grid.ts";

describe("LicenseNFT token", () => {
  it("when asked, says its name and symbol", async () => {
    const { licenses } = await networkHelpers.loadFixture(licenseFixture);
    expect([await licenses.name(), await licenses.symbol()]).to.deep.equal([
      "Benefit Grid License",
      "LICENSE",
    ]);
  });

  describe("supportsInterface", () => {
    it("when asked for interfaces, supports its own only", async () => {
      const { licenses } = await networkHelpers.loadFixture(licenseFixture);
      for (const [id, supported] of [
        ["0x01ffc9a7", true], // ERC-165
        ["0x80ac58cd", true], // ERC-721
        ["0x5b5e139f", true], // ERC-721 metadata
        ["0x2a55205a", true], // ERC-2981
        ["0x49064906", true], // ERC-4906
        ["0xad092b5c", true], // ERC-4907
        ["0x3ebdfa31", true], // ERC-7858
        ["0x780e9d63", false], // ERC-721 enumerable
        ["0xffffffff", false],
      ] as const) {
        expect(await licenses.supportsInterface(id), id).to.equal(supported);
      }
    });
  });

  describe("ownerOf and balanceOf", () => {
    it("when the token or the account is none, revert", async () => {
      const { licenses } = await networkHelpers.loadFixture(licenseFixture);
      await expect(licenses.ownerOf(2n))
        .to.be.revertedWithCustomError(licenses, "ERC721NonexistentToken")
        .withArgs(2n);
      await expect(licenses.balanceOf(ethers.ZeroAddress))
        .to.be.revertedWithCustomError(licenses, "ERC721InvalidOwner")
        .withArgs(ethers.ZeroAddress);
    });
  });

  describe("approve", () => {
    it("when neither the owner nor its operator calls, reverts", async () => {
      const { licenses, buyer, payee, stranger } = await networkHelpers.loadFixture(licenseFixture);
      await licenses.connect(buyer).approve(payee, 1n);
      for (const caller of [payee, stranger]) {
        await expect(licenses.connect(caller).approve(stranger, 1n))
          .to.be.revertedWithCustomError(licenses, "ERC721InvalidApprover")
          .withArgs(caller.address);
      }
    });

    it("when the owner calls, approves until the next transfer", async () => {
      const { licenses, buyer, payee } = await networkHelpers.loadFixture(licenseFixture);
      await expect(licenses.connect(buyer).approve(payee, 1n))
        .to.emit(licenses, "Approval")
        .withArgs(buyer.address, payee.address, 1n);
      expect(await licenses.getApproved(1n)).to.equal(payee.address);
      await licenses.connect(buyer).transferFrom(buyer, payee, 1n);
      expect(await licenses.getApproved(1n)).to.equal(ethers.ZeroAddress);
    });
  });

  describe("setApprovalForAll", () => {
    it("when the operator is zero, reverts", async () => {
      const { licenses, buyer } = await networkHelpers.loadFixture(licenseFixture);
      await expect(licenses.connect(buyer).setApprovalForAll(ethers.ZeroAddress, true))
        .to.be.revertedWithCustomError(licenses, "ERC721InvalidOperator")
        .withArgs(ethers.ZeroAddress);
    });

    it("when the owner calls, the operator is one until the owner revokes it", async () => {
      const { licenses, buyer, payee } = await networkHelpers.loadFixture(licenseFixture);
      for (const approved of [true, false]) {
        await expect(licenses.connect(buyer).setApprovalForAll(payee, approved))
          .to.emit(licenses, "ApprovalForAll")
          .withArgs(buyer.address, payee.address, approved);
        expect(await licenses.isApprovedForAll(buyer, payee)).to.equal(approved);
      }
    });
  });

  describe("transferFrom", () => {
    it("when the receiver is zero, reverts: licenses are never burned", async () => {
      const { licenses, buyer } = await networkHelpers.loadFixture(licenseFixture);
      await expect(licenses.connect(buyer).transferFrom(buyer, ethers.ZeroAddress, 1n))
        .to.be.revertedWithCustomError(licenses, "ERC721InvalidReceiver")
        .withArgs(ethers.ZeroAddress);
    });

    it("when nobody approved the caller, reverts", async () => {
      const { licenses, buyer, stranger } = await networkHelpers.loadFixture(licenseFixture);
      await expect(licenses.connect(stranger).transferFrom(buyer, stranger, 1n))
        .to.be.revertedWithCustomError(licenses, "ERC721InsufficientApproval")
        .withArgs(stranger.address, 1n);
    });

    it("when somebody else owns the token, reverts and changes no signer", async () => {
      const { licenses, buyer, stranger } = await networkHelpers.loadFixture(licenseFixture);
      await expect(licenses.connect(buyer).transferFrom(stranger, buyer, 1n))
        .to.be.revertedWithCustomError(licenses, "ERC721IncorrectOwner")
        .withArgs(stranger.address, 1n, buyer.address);
      expect((await licenses.licenseOf(1n)).keyed).to.equal(false);
    });

    it("when the owner, an operator or an approved account calls, transfers and changes the signer", async () => {
      const { licenses, buyer, payee, stranger } = await networkHelpers.loadFixture(licenseFixture);
      await licenses.connect(buyer).setApprovalForAll(stranger, true);
      let change = 0n;
      for (const [caller, from, to] of [
        [buyer, buyer, payee],
        [payee, payee, buyer],
        [stranger, buyer, buyer],
        [stranger, buyer, payee],
      ] as const) {
        change += 1n;
        const transferring = licenses.connect(caller).transferFrom(from, to, 1n);
        await expect(transferring).to.emit(licenses, "Transfer").withArgs(from.address, to.address, 1n);
        const changeAt = to === buyer ? 0n : BigInt(await networkHelpers.time.latest()) + WINDOW;
        await expect(transferring)
          .to.emit(licenses, "SignerChangeStarted")
          .withArgs(1n, to.address, changeAt, change);
        expect(await licenses.ownerOf(1n)).to.equal(to.address);
        expect((await licenses.keysOf(1n)).pending).to.equal(to.address);
      }
      await licenses.connect(payee).approve(buyer, 1n);
      await licenses.connect(buyer).transferFrom(payee, stranger, 1n);
      expect(await licenses.ownerOf(1n)).to.equal(stranger.address);
    });
  });

  describe("refreshMetadata", () => {
    it("when the license does not exist, reverts", async () => {
      const { licenses, stranger } = await networkHelpers.loadFixture(licenseFixture);
      await expect(licenses.connect(stranger).refreshMetadata(2n))
        .to.be.revertedWithCustomError(licenses, "ERC721NonexistentToken")
        .withArgs(2n);
    });

    it("when the capsule published a version, anyone may tell marketplaces of the new URI", async () => {
      const { licenses, capsules, creator, stranger } = await networkHelpers.loadFixture(licenseFixture);
      const before = await licenses.tokenURI(1n);
      await capsules.connect(creator).publishVersion(1n, ethers.id("two"), "ipfs://capsule/2");
      await expect(licenses.connect(stranger).refreshMetadata(1n))
        .to.emit(licenses, "MetadataUpdate")
        .withArgs(1n);
      expect(await licenses.tokenURI(1n)).not.to.equal(before);
    });
  });

  describe("safeTransferFrom", () => {
    it("when the receiver is a contract without a token receiver, reverts", async () => {
      const { licenses, buyer, usd } = await networkHelpers.loadFixture(licenseFixture);
      await expect(licenses.connect(buyer)["safeTransferFrom(address,address,uint256)"](buyer, usd, 1n))
        .to.be.revertedWithCustomError(licenses, "ERC721InvalidReceiver")
        .withArgs(await usd.getAddress());
    });

    it("when the receiver accepts it, transfers, with and without data, and changes the signer", async () => {
      const { licenses, buyer, payee } = await networkHelpers.loadFixture(licenseFixture);
      await expect(licenses.connect(buyer)["safeTransferFrom(address,address,uint256)"](buyer, payee, 1n))
        .to.emit(licenses, "SignerChangeStarted")
        .withArgs(1n, payee.address, (changeAt: bigint) => changeAt > WINDOW, 1n);
      await expect(
        licenses.connect(payee)["safeTransferFrom(address,address,uint256,bytes)"](payee, buyer, 1n, "0x01"),
      )
        .to.emit(licenses, "SignerChangeStarted")
        .withArgs(1n, buyer.address, 0n, 2n);
      expect(await licenses.ownerOf(1n)).to.equal(buyer.address);
    });
  });
});
