import { expect } from "chai";
import { CONDITIONS, DAY, ethers, networkHelpers, voucher } from "../grid.ts";
import { Access, expiryOf, mineAt, nextAt } from "../licenses/support.ts";
import { ledgerFixture, usageOf } from "../metering/support.ts";

/** The buyer rents license 1 to `user` for ten days, and the meter serves the user. */
async function rentedFixture() {
  const grid = await networkHelpers.loadFixture(ledgerFixture);
  const { licenses, ledger, meter, buyer, creator: user } = grid;
  const expires = BigInt(await networkHelpers.time.latest()) + 10n * DAY;
  await licenses.connect(buyer).setUser(1n, user, expires);
  const { changes } = await licenses.keysOf(1n);
  await ledger.connect(meter).confirmSigners(1n, [{ licenseId: 1n, change: changes }]);
  return { ...grid, user, expires };
}

async function twinFixture() {
  const [holder, user, accomplice] = await ethers.getSigners();
  if (!holder || !user || !accomplice) throw new Error("There are no accounts.");
  const expires = BigInt(await networkHelpers.time.latest()) + 10n * DAY;
  const abrupt = await ethers.deployContract("AbruptRentals");
  await abrupt.setUser(user, expires);
  const lingering = await ethers.deployContract("LingeringRentals");
  await lingering.setUser(user, expires);
  return { holder, user, accomplice, expires, abrupt, lingering };
}

describe("attack: use of a rented license that nobody can settle", () => {
  it("when the signer changes at once, the user's last vouchers are lost with the rental's end", async () => {
    const { abrupt, user, expires } = await networkHelpers.loadFixture(twinFixture);
    await nextAt(expires);
    await expect(abrupt.settle(user, 10n))
      .to.be.revertedWithCustomError(abrupt, "SignerWrong")
      .withArgs(user.address);
  });

  it("when the signer changes at once, a holder swaps the user before the meter settles", async () => {
    const { abrupt, user, accomplice, expires } = await networkHelpers.loadFixture(twinFixture);
    await abrupt.setUser(accomplice, expires);
    await expect(abrupt.settle(user, 10n))
      .to.be.revertedWithCustomError(abrupt, "SignerWrong")
      .withArgs(user.address);
  });

  it("with LicenseNFT, vouchers of the last second settle after the rental's end", async () => {
    const grid = await networkHelpers.loadFixture(rentedFixture);
    const { ledger, user, expires } = grid;
    await nextAt(expires + DAY);
    await grid.settle([await voucher(grid, user, { licenseId: 1n, units: 10n })]);
    expect(await ledger.usageOf(1n)).to.equal(usageOf(10n));
  });

  it("with LicenseNFT, swapping user, signer and holder leaves the user's vouchers to settle", async () => {
    const grid = await networkHelpers.loadFixture(rentedFixture);
    const { licenses, ledger, buyer, stranger, dataOwner, user, expires } = grid;
    await licenses.connect(buyer).setUser(1n, stranger, expires);
    await licenses.connect(stranger).setSigner(1n, dataOwner);
    await licenses.connect(buyer).setUser(1n, ethers.ZeroAddress, 0n);
    await licenses.connect(buyer).setSigner(1n, dataOwner);
    await licenses.connect(buyer).transferFrom(buyer, stranger, 1n);
    await grid.settle([await voucher(grid, user, { licenseId: 1n, units: 10n })]);
    expect(await ledger.usageOf(1n)).to.equal(usageOf(10n));
  });
});

describe("attack: use after a rental", () => {
  it("when nobody ends the rental, an expired user's key is still served", async () => {
    const { lingering, user, expires } = await networkHelpers.loadFixture(twinFixture);
    await mineAt(expires + 1n);
    expect(await lingering.authorize(user)).to.equal(true);
  });

  it("when the user named a session key before, this key is still served", async () => {
    const { lingering, user, accomplice, expires } = await networkHelpers.loadFixture(twinFixture);
    await lingering.connect(user).setSigner(accomplice);
    await nextAt(expires);
    await expect(lingering.connect(user).setSigner(user))
      .to.be.revertedWithCustomError(lingering, "UserExpired")
      .withArgs(user.address);
    expect(await lingering.authorize(accomplice)).to.equal(true);
  });

  it("with LicenseNFT, user and session key are refused from the rental's end on", async () => {
    const grid = await networkHelpers.loadFixture(rentedFixture);
    const { licenses, ledger, meter, user, dataOwner: session, expires } = grid;
    await licenses.connect(user).setSigner(1n, session);
    const { changes } = await licenses.keysOf(1n);
    await ledger.connect(meter).confirmSigners(1n, [{ licenseId: 1n, change: changes }]);
    await mineAt(expires - 1n);
    expect(await licenses.authorize(1n, session, 1n)).to.equal(Access.Allowed);
    await mineAt(expires);
    for (const key of [user, session])
      expect(await licenses.authorize(1n, key, 1n)).to.equal(Access.SignerChanging);
  });

  it("with LicenseNFT, a confirmation of the start that arrives late does not end the user's settlement", async () => {
    const grid = await networkHelpers.loadFixture(rentedFixture);
    const { licenses, ledger, meter, user, expires } = grid;
    const { changes } = await licenses.keysOf(1n);
    await nextAt(expires);
    await ledger.connect(meter).confirmSigners(1n, [{ licenseId: 1n, change: changes }]);
    await grid.settle([await voucher(grid, user, { licenseId: 1n, units: 10n })]);
    expect(await ledger.usageOf(1n)).to.equal(usageOf(10n));
  });
});

describe("attack: renewing a subscription early", () => {
  const HALF = CONDITIONS.duration / 2n;

  it("when a term begins with the call, a keeper makes the holder pay twice for each term", async () => {
    const twin = await ethers.deployContract("EagerSubscriptions");
    const expiry = await twin.expiry();
    for (const half of [1n, 2n, 3n, 4n]) {
      await networkHelpers.time.increaseTo(expiry - 2n * HALF + half * (HALF + 1n));
      await twin.renewSubscription();
    }
    // Three terms, for five payments.
    expect(await twin.termsPaid()).to.equal(5n);
    expect(await twin.expiry()).to.be.lessThan(expiry + 2n * CONDITIONS.duration + DAY);
  });

  it("with LicenseNFT, each payment buys a whole term", async () => {
    const grid = await networkHelpers.loadFixture(ledgerFixture);
    const { licenses, buyer, stranger } = grid;
    const expiry = await expiryOf(grid);
    await licenses.connect(buyer).subscribe(1n, 1n, 25n);
    await nextAt(expiry - HALF);
    await licenses.connect(stranger).renewSubscription(1n);
    expect(await expiryOf(grid)).to.equal(expiry + CONDITIONS.duration);
    await expect(licenses.connect(stranger).renewSubscription(1n))
      .to.be.revertedWithCustomError(licenses, "LicenseRenewalEarly")
      .withArgs(1n, expiry + HALF);
  });
});
