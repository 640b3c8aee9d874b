import { expect } from "chai";
import { DAY, licenseFixture, networkHelpers, UNIT_PRICE } from "../grid.ts";
import { Access, expiryOf, FOREVER, licenseUnder, mineAt, nextAt } from "./support.ts";

const withoutNotice = () => licenseUnder({ revocationNotice: 0n });
const irrevocable = () => licenseUnder({ revocationNotice: FOREVER });
const longestNotice = () => licenseUnder({ revocationNotice: FOREVER - 1n });

describe("LicenseNFT ending", () => {
  describe("requestClose", () => {
    it("when the license does not exist, reverts", async () => {
      const { licenses } = await networkHelpers.loadFixture(licenseFixture);
      await expect(licenses.requestClose(2n))
        .to.be.revertedWithCustomError(licenses, "ERC721NonexistentToken")
        .withArgs(2n);
    });

    it("when somebody else calls, even an operator or the capsule's owner, reverts", async () => {
      const { licenses, buyer, stranger, creator } = await networkHelpers.loadFixture(licenseFixture);
      await licenses.connect(buyer).setApprovalForAll(stranger, true);
      for (const caller of [stranger, creator]) {
        await expect(licenses.connect(caller).requestClose(1n))
          .to.be.revertedWithCustomError(licenses, "CallerNotLicenseHolder")
          .withArgs(1n, caller.address);
      }
    });

    it("when the term is over, reverts", async () => {
      const fixture = await networkHelpers.loadFixture(licenseFixture);
      const { licenses, buyer } = fixture;
      await nextAt(await expiryOf(fixture));
      await expect(licenses.connect(buyer).requestClose(1n))
        .to.be.revertedWithCustomError(licenses, "LicenseEnded")
        .withArgs(1n);
    });

    it("when the holder asked before, reverts", async () => {
      const { licenses, buyer } = await networkHelpers.loadFixture(licenseFixture);
      await licenses.connect(buyer).requestClose(1n);
      await expect(licenses.connect(buyer).requestClose(1n))
        .to.be.revertedWithCustomError(licenses, "LicenseEnded")
        .withArgs(1n);
    });

    it("when the holder calls, even in the last second, ends service at once", async () => {
      const fixture = await networkHelpers.loadFixture(licenseFixture);
      const { licenses, buyer } = fixture;
      const now = (await expiryOf(fixture)) - 1n;
      await nextAt(now);
      await expect(licenses.connect(buyer).requestClose(1n))
        .to.emit(licenses, "CloseRequested")
        .withArgs(1n, now);
      const { expiry, closing, prepaid } = await licenses.licenseOf(1n);
      expect([expiry, closing, prepaid]).to.deep.equal([now, true, 1_000n]);
      expect(await licenses.authorize(1n, buyer, 1n)).to.equal(Access.LicenseExpired);
    });

    it("when the license is revoked and service goes on, ends it now", async () => {
      const fixture = await networkHelpers.loadFixture(licenseFixture);
      const { licenses, buyer, creator } = fixture;
      await licenses.connect(creator).revoke(1n);
      const now = (await expiryOf(fixture)) - 1n;
      await nextAt(now);
      await expect(licenses.connect(buyer).requestClose(1n))
        .to.emit(licenses, "CloseRequested")
        .withArgs(1n, now);
      expect(await expiryOf(fixture)).to.equal(now);
    });
  });

  describe("revoke", () => {
    it("when the license does not exist, reverts", async () => {
      const { licenses, creator } = await networkHelpers.loadFixture(licenseFixture);
      await expect(licenses.connect(creator).revoke(2n))
        .to.be.revertedWithCustomError(licenses, "ERC721NonexistentToken")
        .withArgs(2n);
    });

    it("when somebody else calls, even the holder or the owner's operator, reverts", async () => {
      const { licenses, capsules, buyer, stranger, creator } =
        await networkHelpers.loadFixture(licenseFixture);
      await capsules.connect(creator).setApprovalForAll(stranger, true);
      for (const caller of [buyer, stranger]) {
        await expect(licenses.connect(caller).revoke(1n))
          .to.be.revertedWithCustomError(licenses, "CallerNotLicensor")
          .withArgs(1n, caller.address);
      }
    });

    it("when the terms are irrevocable, reverts", async () => {
      const { licenses, creator } = await networkHelpers.loadFixture(irrevocable);
      await expect(licenses.connect(creator).revoke(1n))
        .to.be.revertedWithCustomError(licenses, "LicenseIrrevocable")
        .withArgs(1n);
    });

    it("when the license is revoked or closing, reverts", async () => {
      const { licenses, creator, buyer, offerId } = await networkHelpers.loadFixture(licenseFixture);
      await licenses
        .connect(buyer)
        .mint({ offerId, to: buyer, signer: buyer, units: 1n, maxPrice: UNIT_PRICE }, "0x");
      await licenses.connect(creator).revoke(1n);
      await licenses.connect(buyer).requestClose(2n);
      for (const id of [1n, 2n]) {
        await expect(licenses.connect(creator).revoke(id))
          .to.be.revertedWithCustomError(licenses, "LicenseEnded")
          .withArgs(id);
      }
    });

    it("when the capsule's owner calls, ends service after the notice", async () => {
      const fixture = await networkHelpers.loadFixture(licenseFixture);
      const { licenses, creator, buyer } = fixture;
      const now = BigInt(await networkHelpers.time.latest()) + 10n;
      await nextAt(now);
      await expect(licenses.connect(creator).revoke(1n))
        .to.emit(licenses, "LicenseRevoked")
        .withArgs(1n, now + DAY);
      const { expiry, closing } = await licenses.licenseOf(1n);
      expect([expiry, closing]).to.deep.equal([now + DAY, true]);
      await mineAt(now + DAY - 1n);
      expect(await licenses.authorize(1n, buyer, 1n)).to.equal(Access.Allowed);
      await mineAt(now + DAY);
      expect(await licenses.authorize(1n, buyer, 1n)).to.equal(Access.LicenseExpired);
    });

    it("when there is no notice, ends service at once", async () => {
      const { licenses, creator, buyer } = await networkHelpers.loadFixture(withoutNotice);
      const now = BigInt(await networkHelpers.time.latest()) + 10n;
      await nextAt(now);
      await expect(licenses.connect(creator).revoke(1n))
        .to.emit(licenses, "LicenseRevoked")
        .withArgs(1n, now);
      expect(await licenses.authorize(1n, buyer, 1n)).to.equal(Access.LicenseExpired);
    });

    it("when the notice outlasts the term, even the longest, leaves the expiry", async () => {
      const fixture = await networkHelpers.loadFixture(longestNotice);
      const { licenses, creator } = fixture;
      const expiry = await expiryOf(fixture);
      await expect(licenses.connect(creator).revoke(1n))
        .to.emit(licenses, "LicenseRevoked")
        .withArgs(1n, expiry);
      const { closing } = await licenses.licenseOf(1n);
      expect([await expiryOf(fixture), closing]).to.deep.equal([expiry, true]);
    });

    it("when the term is over, keeps the expiry, and with it the window", async () => {
      const fixture = await networkHelpers.loadFixture(licenseFixture);
      const { licenses, creator } = fixture;
      const expiry = await expiryOf(fixture);
      await nextAt(expiry + 1n);
      await licenses.connect(creator).revoke(1n);
      expect(await expiryOf(fixture)).to.equal(expiry);
    });

    it("when the capsule changed hands, the new owner alone may revoke", async () => {
      const { licenses, capsules, creator, payee } = await networkHelpers.loadFixture(licenseFixture);
      await capsules.connect(creator).transferFrom(creator, payee, 1n);
      await expect(licenses.connect(creator).revoke(1n))
        .to.be.revertedWithCustomError(licenses, "CallerNotLicensor")
        .withArgs(1n, creator.address);
      await expect(licenses.connect(payee).revoke(1n)).to.emit(licenses, "LicenseRevoked");
    });
  });
});
