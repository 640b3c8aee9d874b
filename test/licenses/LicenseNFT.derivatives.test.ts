import { expect } from "chai";
import { networkHelpers } from "../grid.ts";
import { expiryOf, licenseUnder, mineAt } from "./support.ts";

const permitting = () => licenseUnder({ derivatives: true, derivativeShareBps: 1_250n });
const withoutDerivatives = () => licenseUnder({ duration: 5n });

describe("LicenseNFT derivatives", () => {
  describe("derivationOf", () => {
    it("when the license does not exist, reverts", async () => {
      const { licenses } = await networkHelpers.loadFixture(permitting);
      await expect(licenses.derivationOf(2n))
        .to.be.revertedWithCustomError(licenses, "ERC721NonexistentToken")
        .withArgs(2n);
    });

    it("when the holder requested to close, reverts", async () => {
      const { licenses, buyer } = await networkHelpers.loadFixture(permitting);
      await licenses.connect(buyer).requestClose(1n);
      await expect(licenses.derivationOf(1n))
        .to.be.revertedWithCustomError(licenses, "LicenseEnded")
        .withArgs(1n);
    });

    it("when it is revoked and service goes on, reverts", async () => {
      const { licenses, creator } = await networkHelpers.loadFixture(permitting);
      await licenses.connect(creator).revoke(1n);
      await expect(licenses.derivationOf(1n))
        .to.be.revertedWithCustomError(licenses, "LicenseEnded")
        .withArgs(1n);
    });

    it("when the terms permit no derivatives, reverts", async () => {
      const { licenses } = await networkHelpers.loadFixture(withoutDerivatives);
      await expect(licenses.derivationOf(1n))
        .to.be.revertedWithCustomError(licenses, "LicenseDerivativesNotPermitted")
        .withArgs(1n);
    });

    it("when the term goes on, names holder, capsule and share; from its end on, reverts", async () => {
      const fixture = await networkHelpers.loadFixture(permitting);
      const { licenses, buyer } = fixture;
      const expiry = await expiryOf(fixture);
      await mineAt(expiry - 1n);
      expect(await licenses.derivationOf(1n)).to.deep.equal([buyer.address, 1n, 1_250n]);
      await mineAt(expiry);
      await expect(licenses.derivationOf(1n))
        .to.be.revertedWithCustomError(licenses, "LicenseEnded")
        .withArgs(1n);
    });

    it("when the offer is retired and the capsule sold, stays as at minting", async () => {
      const { licenses, terms, capsules, creator, buyer, payee, offerId } =
        await networkHelpers.loadFixture(permitting);
      await terms.connect(creator).retireOffer(offerId);
      await capsules.connect(creator).transferFrom(creator, payee, 1n);
      expect(await licenses.derivationOf(1n)).to.deep.equal([buyer.address, 1n, 1_250n]);
    });
  });
});
