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
import { Access, mineAt } from "../licenses/support.ts";

/**
 * A gate for capsule 1 beside two careless ones. The attacker holds license 2, of an own capsule for which nobody pays.
 */
async function gatesFixture() {
  const grid = await networkHelpers.loadFixture(licenseFixture);
  const { licenses, stranger: attacker } = grid;
  const service = await ethers.deployContract("GatedService", [licenses, grid.terms, 1n]);
  const careless = await ethers.deployContract("CarelessGate", [licenses]);
  const ofHolder = await ethers.deployContract("HolderGate", [licenses]);
  const offer = { ...(await offerParams(grid)), pricePerMillion: 0n };
  await grid.terms.connect(attacker).publish(registration(), terms(), offer);
  await licenses.connect(attacker).mint(mintParams(2n, attacker, 1n, 0n), "0x");
  return { ...grid, attacker, service, careless, ofHolder };
}

describe("attack: a license of the attacker's own capsule", () => {
  it("when a gate asks for a license alone, opens it for nothing", async () => {
    const { careless, attacker } = await networkHelpers.loadFixture(gatesFixture);
    await careless.connect(attacker).serve(2n, 1n);
    expect(await careless.calls()).to.equal(1n);
  });

  it("with LicenseGated, is refused", async () => {
    const { service, attacker } = await networkHelpers.loadFixture(gatesFixture);
    await expect(service.connect(attacker).serve(2n, 1n))
      .to.be.revertedWithCustomError(service, "LicenseOfOtherCapsule")
      .withArgs(2n, 2n);
  });
});

describe("attack: use by the holder of a rented license", () => {
  async function rentedFixture() {
    const grid = await networkHelpers.loadFixture(gatesFixture);
    const now = BigInt(await networkHelpers.time.latest());
    await grid.licenses.connect(grid.buyer).setUser(1n, grid.creator, now + 10n * DAY);
    await mineAt(now + 4n * DAY);
    return grid;
  }

  it("when a gate asks for the holder, serves who rented it out", async () => {
    const { ofHolder, buyer } = await networkHelpers.loadFixture(rentedFixture);
    await ofHolder.connect(buyer).serve(1n, 1n);
    expect(await ofHolder.calls()).to.equal(1n);
  });

  it("with LicenseGated, serves the user alone", async () => {
    const { service, buyer, creator } = await networkHelpers.loadFixture(rentedFixture);
    await expect(service.connect(buyer).serve(1n, 1n))
      .to.be.revertedWithCustomError(service, "LicenseRefused")
      .withArgs(1n, buyer, Access.UserNotSigner);
    await service.connect(creator).serve(1n, 1n);
    expect(await service.calls()).to.equal(1n);
  });
});

describe("attack: a contract that calls a gate with a user's license", () => {
  it("with LicenseGated, is refused", async () => {
    const { service, licenses, buyer } = await networkHelpers.loadFixture(gatesFixture);
    const wallet = await ethers.deployContract("KeylessWallet");
    const call = service.interface.encodeFunctionData("serve", [1n, 1n]);
    await expect(wallet.connect(buyer).execute(service, call))
      .to.be.revertedWithCustomError(service, "LicenseRefused")
      .withArgs(1n, wallet, Access.UserNotSigner);
    expect(await licenses.authorize(1n, buyer, 1n)).to.equal(Access.Allowed);
  });
});

describe("attack: entering a gate again after passing the license on", () => {
  it("with LicenseGated, is refused, and the first call too", async () => {
    const { service, licenses, buyer, creator } = await networkHelpers.loadFixture(gatesFixture);
    const code = await ethers.deployContract("PassingUser", [licenses, creator]);
    await networkHelpers.setCode(buyer.address, ethers.concat(["0xef0100", await code.getAddress()]));
    await expect(service.connect(buyer).serveAndCall(1n, 1n))
      .to.be.revertedWithCustomError(service, "LicenseRefused")
      .withArgs(1n, buyer, Access.SignerChanging);
    expect(await service.calls()).to.equal(0n);
  });
});
