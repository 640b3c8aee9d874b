import { expect } from "chai";
import { DAY, ethers, licenseFixture, networkHelpers, waitHalfTerm } from "../grid.ts";
import { expiryOf, mineAt, nextAt } from "./support.ts";

/** The interface's id: its functions' selectors, each bit odd times. */
function interfaceId(signatures: string[]) {
  const ids = signatures.map((signature) => BigInt(ethers.id(signature).slice(0, 10)));
  return ethers.toBeHex(
    ids.reduce((id, one) => id ^ one, 0n),
    4,
  );
}

describe("LicenseNFT standards", () => {
  describe("ERC-2981", () => {
    it("when the license does not exist, reverts", async () => {
      const { licenses } = await networkHelpers.loadFixture(licenseFixture);
      await expect(licenses.royaltyInfo(2n, 1n))
        .to.be.revertedWithCustomError(licenses, "ERC721NonexistentToken")
        .withArgs(2n);
    });

    it("when asked, names the capsule's creator and royalty, also after the capsule was sold", async () => {
      const { licenses, capsules, creator, payee } = await networkHelpers.loadFixture(licenseFixture);
      expect(await licenses.royaltyInfo(1n, 10_000n)).to.deep.equal([creator.address, 250n]);
      await capsules.connect(creator).transferFrom(creator, payee, 1n);
      expect(await licenses.royaltyInfo(1n, 10_000n)).to.deep.equal([creator.address, 250n]);
      expect(await licenses.royaltyInfo(1n, 39n)).to.deep.equal([creator.address, 0n]);
    });
  });

  describe("ERC-4907", () => {
    it("when asked for its id, supports the standard's", async () => {
      const { licenses } = await networkHelpers.loadFixture(licenseFixture);
      const id = interfaceId(["setUser(uint256,address,uint64)", "userOf(uint256)", "userExpires(uint256)"]);
      expect(id).to.equal("0xad092b5c");
      expect(await licenses.supportsInterface(id)).to.equal(true);
    });

    it("when the license does not exist, there is no user", async () => {
      const { licenses } = await networkHelpers.loadFixture(licenseFixture);
      expect(await licenses.userOf(2n)).to.equal(ethers.ZeroAddress);
      expect(await licenses.userExpires(2n)).to.equal(0n);
    });
  });

  describe("ERC-4906", () => {
    it("when units or expiry change, tells that the metadata changed", async () => {
      const { licenses, buyer, creator } = await networkHelpers.loadFixture(licenseFixture);
      const changes = [
        () => licenses.connect(buyer).topUp(1n, 1n, 25n, "0x"),
        () => licenses.connect(buyer).renew(1n, 1n, 25n, "0x"),
        async () => {
          await licenses.connect(buyer).subscribe(1n, 1n, 25n);
          await waitHalfTerm();
          return await licenses.renewSubscription(1n);
        },
        () => licenses.connect(creator).revoke(1n),
        () => licenses.connect(buyer).requestClose(1n),
      ];
      await waitHalfTerm();
      for (const change of changes) {
        const before = await licenses.tokenURI(1n);
        await expect(change()).to.emit(licenses, "MetadataUpdate").withArgs(1n);
        expect(await licenses.tokenURI(1n)).not.to.equal(before);
      }
    });
  });

  describe("ERC-7858", () => {
    it("when asked for its id, supports the standard's", async () => {
      const { licenses } = await networkHelpers.loadFixture(licenseFixture);
      const id = interfaceId([
        "expiryType()",
        "isTokenExpired(uint256)",
        "startTime(uint256)",
        "endTime(uint256)",
      ]);
      expect(id).to.equal("0x3ebdfa31");
      expect(await licenses.supportsInterface(id)).to.equal(true);
    });

    it("when the license does not exist, reverts", async () => {
      const { licenses } = await networkHelpers.loadFixture(licenseFixture);
      for (const read of [licenses.isTokenExpired, licenses.startTime, licenses.endTime]) {
        await expect(read(2n)).to.be.revertedWithCustomError(licenses, "ERC721NonexistentToken").withArgs(2n);
      }
    });

    it("when the license expires, says so from this second on, in seconds", async () => {
      const grid = await networkHelpers.loadFixture(licenseFixture);
      const { licenses } = grid;
      const expiry = await expiryOf(grid);
      expect(await licenses.expiryType()).to.equal(1n);
      expect(await licenses.startTime(1n)).to.equal(0n);
      expect(await licenses.endTime(1n)).to.equal(expiry);
      await mineAt(expiry - 1n);
      expect(await licenses.isTokenExpired(1n)).to.equal(false);
      await mineAt(expiry);
      expect(await licenses.isTokenExpired(1n)).to.equal(true);
    });

    it("when the end changes, tells it", async () => {
      const grid = await networkHelpers.loadFixture(licenseFixture);
      const { licenses, buyer, creator } = grid;
      await waitHalfTerm();
      await expect(licenses.connect(buyer).renew(1n, 1n, 25n, "0x"))
        .to.emit(licenses, "TokenExpiryUpdated")
        .withArgs(1n, 0n, (end: bigint) => end > 0n);
      const now = BigInt(await networkHelpers.time.latest()) + 10n;
      await nextAt(now);
      await expect(licenses.connect(creator).revoke(1n))
        .to.emit(licenses, "TokenExpiryUpdated")
        .withArgs(1n, 0n, now + DAY);
      await nextAt(now + 10n);
      await expect(licenses.connect(buyer).requestClose(1n))
        .to.emit(licenses, "TokenExpiryUpdated")
        .withArgs(1n, 0n, now + 10n);
      expect(await licenses.endTime(1n)).to.equal(now + 10n);
    });
  });
});
