import { expect } from "chai";
import { ethers, impersonate, licenseFixture, mintParams, networkHelpers } from "../grid.ts";
import { addOffer } from "../settlement/support.ts";

/** Governance admitted a greedy second ledger with its own offer. A twin of the router admits it too. */
async function ledgersFixture() {
  const grid = await networkHelpers.loadFixture(licenseFixture);
  const { terms, timelock, licenses, buyer } = grid;
  const greedy = await ethers.deployContract("GreedyLedger");
  const twin = await ethers.deployContract("SharedEscrow");
  await terms.connect(await impersonate(timelock)).admitLedger(greedy);
  const own = await addOffer(grid, { ledger: await greedy.getAddress() });
  await licenses.connect(buyer).mint(mintParams(own, buyer, 40n), "0x");
  return { ...grid, greedy, own, twin };
}

describe("attack: draining the escrow of another ledger", () => {
  it("when any admitted ledger may release, a greedy one takes another's escrow", async () => {
    const { twin, greedy, stranger } = await networkHelpers.loadFixture(ledgersFixture);
    await twin.admit(greedy);
    await twin.deposit(1n, 25_000n);
    await greedy.release(twin, 1n, 25_000n, stranger);
    expect(await twin.escrow(1n)).to.equal(0n);
    expect(await twin.withdrawable(stranger)).to.equal(25_000n);
  });

  it("with the router, a release for another ledger's offer reverts", async () => {
    const { router, greedy, stranger } = await networkHelpers.loadFixture(ledgersFixture);
    await expect(greedy.release(router, 1n, 1n, stranger))
      .to.be.revertedWithCustomError(router, "CallerNotOfferLedger")
      .withArgs(1n, await greedy.getAddress());
    await expect(greedy.release(router, 1n, 0n, stranger))
      .to.be.revertedWithCustomError(router, "CallerNotOfferLedger")
      .withArgs(1n, await greedy.getAddress());
  });

  it("when it releases for its own offer, it gets at most this offer's escrow", async () => {
    const { router, usd, greedy, own, stranger } = await networkHelpers.loadFixture(ledgersFixture);
    await expect(greedy.release(router, own, 41n, stranger))
      .to.be.revertedWithCustomError(router, "EscrowInsufficientBalance")
      .withArgs(own, 1_000n, 1_025n);
    await greedy.release(router, own, 40n, stranger);
    expect(await router.withdrawable(stranger, usd)).to.equal(200n);
    await expect(greedy.release(router, own, 1n, stranger))
      .to.be.revertedWithCustomError(router, "EscrowInsufficientBalance")
      .withArgs(own, 0n, 25n);
    expect(await router.escrowOf(1n)).to.deep.equal([25_000n, 0n, 1_000n]);
  });

  it("when a ledger was never admitted, offers with it revert", async () => {
    const grid = await networkHelpers.loadFixture(ledgersFixture);
    const other = await ethers.deployContract("GreedyLedger");
    await expect(addOffer(grid, { ledger: await other.getAddress() }))
      .to.be.revertedWithCustomError(grid.terms, "OfferLedgerNotAdmitted")
      .withArgs(await other.getAddress());
  });

  it("when its offer's licenses close, only it can refund them, from its own escrow", async () => {
    const { router, licenses, ledger, greedy, own, stranger } =
      await networkHelpers.loadFixture(ledgersFixture);
    await greedy.release(router, own, 40n, stranger);
    await networkHelpers.time.increase(34n * 86_400n);
    await expect(ledger.close(2n))
      .to.be.revertedWithCustomError(licenses, "CallerNotLicenseLedger")
      .withArgs(2n, await ledger.getAddress());
    const asGreedy = licenses.connect(await impersonate(greedy));
    await expect(asGreedy.close(2n, 0n))
      .to.be.revertedWithCustomError(router, "EscrowInsufficientBalance")
      .withArgs(own, 0n, 1_000n);
    await asGreedy.close(2n, 40n);
    expect(await router.escrowOf(1n)).to.deep.equal([25_000n, 0n, 1_000n]);
  });
});
