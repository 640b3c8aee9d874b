import { expect } from "chai";
import {
  DAY,
  ethers,
  licenseFixture,
  mintParams,
  networkHelpers,
  offerParams,
  registration,
  terms,
} from "../grid.ts";
import { Access, addOffer, expiryOf, mineAt } from "./support.ts";

/** A service for the users of capsule 1, and license 2 of the same user for capsule 2. */
async function gateFixture() {
  const grid = await networkHelpers.loadFixture(licenseFixture);
  const service = await ethers.deployContract("GatedService", [grid.licenses, grid.terms, 1n]);
  await grid.terms.connect(grid.stranger).publish(registration(), terms(), await offerParams(grid));
  await grid.licenses.connect(grid.buyer).mint(mintParams(2n, grid.buyer, 10n), "0x");
  return { ...grid, service: service.connect(grid.buyer) };
}

describe("LicenseGated", () => {
  it("when it is deployed, names licenses, terms and capsule", async () => {
    const { service, licenses, terms } = await networkHelpers.loadFixture(gateFixture);
    expect(await service.LICENSES()).to.equal(await licenses.getAddress());
    expect(await service.TERMS()).to.equal(await terms.getAddress());
    expect(await service.CAPSULE_ID()).to.equal(1n);
  });

  it("when the license does not exist, reverts", async () => {
    const { service, buyer } = await networkHelpers.loadFixture(gateFixture);
    await expect(service.serve(3n, 1n))
      .to.be.revertedWithCustomError(service, "LicenseRefused")
      .withArgs(3n, buyer, Access.LicenseNonexistent);
  });

  it("when the license has expired, reverts; a second before, serves", async () => {
    const grid = await networkHelpers.loadFixture(gateFixture);
    const { service, buyer } = grid;
    const expiry = await expiryOf(grid);
    await networkHelpers.time.setNextBlockTimestamp(expiry - 1n);
    await service.serve(1n, 1n);
    await mineAt(expiry);
    await expect(service.serve(1n, 1n))
      .to.be.revertedWithCustomError(service, "LicenseRefused")
      .withArgs(1n, buyer, Access.LicenseExpired);
  });

  it("when a context is not in the terms, reverts", async () => {
    const { service, buyer } = await networkHelpers.loadFixture(gateFixture);
    await expect(service.serve(1n, 8n))
      .to.be.revertedWithCustomError(service, "LicenseRefused")
      .withArgs(1n, buyer, Access.ContextNotAllowed);
  });

  it("when somebody else calls, reverts", async () => {
    const { service, stranger } = await networkHelpers.loadFixture(gateFixture);
    await expect(service.connect(stranger).serve(1n, 1n))
      .to.be.revertedWithCustomError(service, "LicenseRefused")
      .withArgs(1n, stranger, Access.UserNotSigner);
  });

  it("when the license is of another capsule, reverts", async () => {
    const { service } = await networkHelpers.loadFixture(gateFixture);
    await expect(service.serve(2n, 1n))
      .to.be.revertedWithCustomError(service, "LicenseOfOtherCapsule")
      .withArgs(2n, 2n);
  });

  it("when the license is of any offer of the capsule, serves its signer", async () => {
    const grid = await networkHelpers.loadFixture(gateFixture);
    const offerId = await addOffer(grid, { duration: DAY });
    await grid.licenses.connect(grid.buyer).mint(mintParams(offerId, grid.buyer, 10n), "0x");
    await grid.service.serve(1n, 7n);
    await grid.service.serve(3n, 0n);
    expect(await grid.service.calls()).to.equal(2n);
  });

  it("when the license is rented out, serves the user once the change is over, and not the holder", async () => {
    const { service, licenses, buyer, stranger } = await networkHelpers.loadFixture(gateFixture);
    const now = BigInt(await networkHelpers.time.latest());
    await licenses.connect(buyer).setUser(1n, stranger, now + 10n * DAY);
    await expect(service.serve(1n, 1n))
      .to.be.revertedWithCustomError(service, "LicenseRefused")
      .withArgs(1n, buyer, Access.SignerChanging);
    await mineAt(now + 4n * DAY);
    await expect(service.serve(1n, 1n))
      .to.be.revertedWithCustomError(service, "LicenseRefused")
      .withArgs(1n, buyer, Access.UserNotSigner);
    await service.connect(stranger).serve(1n, 1n);
    expect(await service.calls()).to.equal(1n);
  });
});
