import { expect } from "chai";
import {
  ethers,
  impersonate,
  LAPSE,
  licenseFixture,
  MILLION,
  mintParams,
  networkHelpers,
  UNIT_PRICE,
  WINDOW,
  waitHalfTerm,
} from "../grid.ts";
import { addOffer } from "../settlement/support.ts";

/** A third of a base unit for a metered unit, nearly. */
const THIRD = 333_333n;
const MAX_UNITS = 10_000n;

/** Offer 2 at a third of a base unit, with a license of 300 units. Its ledger is `asLedger`. */
async function thirdFixture() {
  const grid = await networkHelpers.loadFixture(licenseFixture);
  const offerId = await addOffer(grid, { pricePerMillion: THIRD });
  await grid.licenses.connect(grid.buyer).mint(mintParams(offerId, grid.buyer, 300n), "0x");
  const asLedger = grid.router.connect(await impersonate(grid.ledger));
  return { ...grid, offerId, asLedger };
}

describe("attack: settling a few units at a time", () => {
  it("when each release rounds down, small batches use a capsule for nothing", async () => {
    const twin = await ethers.deployContract("RoundedEscrow", [THIRD, false]);
    await twin.deposit(300n);
    for (let i = 0; i < 20; i += 1) await twin.release(2n);
    expect(await twin.released()).to.equal(0n);
  });

  it("when each release rounds up, small batches empty the escrow of other units", async () => {
    const twin = await ethers.deployContract("RoundedEscrow", [THIRD, true]);
    await twin.deposit(30n);
    for (let i = 0; i < 10; i += 1) await twin.release(1n);
    await expect(twin.release(20n)).to.be.revertedWithPanic(0x11);
  });

  it("with the router, small batches release as much as one batch", async () => {
    const { router, asLedger, offerId, payee } = await networkHelpers.loadFixture(thirdFixture);
    for (let i = 0; i < 20; i += 1) await asLedger.release(offerId, 2n, payee);
    expect(await router.escrowOf(offerId)).to.deep.equal([100n - 13n, (40n * THIRD) % MILLION, 300n]);
    await asLedger.release(offerId, 260n, payee);
    expect(await router.escrowOf(offerId)).to.deep.equal([1n, 999_900n, 300n]);
  });
});

describe("attack: holding back the sweep with a license of one unit", () => {
  it("when a sweep waits for the last license, one unit holds back the money of all others", async () => {
    const twin = await ethers.deployContract("CountedEscrow");
    for (const units of [1_000n, 1n]) await twin.mint(units * UNIT_PRICE);
    await twin.lapse();
    await expect(twin.sweep()).to.be.revertedWithoutReason(ethers);
  });

  it("with the router, it holds back its own price, until it lapses too", async () => {
    const { router, licenses, terms, creator, stranger, usd } =
      await networkHelpers.loadFixture(licenseFixture);
    await networkHelpers.time.increase(WINDOW + LAPSE + 29n * 86_400n);
    await usd.mint(stranger, UNIT_PRICE);
    await usd.connect(stranger).approve(router, UNIT_PRICE);
    await licenses.connect(stranger).mint(mintParams(1n, stranger, 1n), "0x");
    await terms.connect(creator).retireOffer(1n);
    await networkHelpers.time.increase(2n * 86_400n);
    await licenses.lapse(1n);
    await expect(router.sweep(1n))
      .to.emit(router, "EscrowSwept")
      .withArgs(1n, 1n, 1n, 1_000n * UNIT_PRICE);
    expect(await router.escrowOf(1n)).to.deep.equal([UNIT_PRICE, 0n, 1n]);
    await networkHelpers.time.increase(WINDOW + LAPSE + 30n * 86_400n);
    await licenses.lapse(2n);
    await expect(router.sweep(1n)).to.emit(router, "EscrowSwept").withArgs(1n, 1n, 1n, UNIT_PRICE);
  });
});

describe("attack: using up the units of another's renewal", () => {
  it("when the terms limit a whole life, a stranger's unit makes the renewal revert", async () => {
    const twin = await ethers.deployContract("LifetimeTerms");
    await twin.topUp(1_000n);
    await twin.topUp(1n);
    await expect(twin.renew(MAX_UNITS - 1_000n)).to.be.revertedWithoutReason(ethers);
  });

  it("with the license contract, a term has all its units, whatever a stranger added before", async () => {
    const { router, licenses, usd, buyer, stranger } = await networkHelpers.loadFixture(licenseFixture);
    await waitHalfTerm();
    await usd.mint(stranger, UNIT_PRICE);
    await usd.connect(stranger).approve(router, UNIT_PRICE);
    await licenses.connect(stranger).topUp(1n, 1n, UNIT_PRICE, "0x");
    await licenses.connect(buyer).renew(1n, MAX_UNITS, MAX_UNITS * UNIT_PRICE, "0x");
    expect((await licenses.licenseOf(1n)).prepaid).to.equal(MAX_UNITS + 1_001n);
  });
});
