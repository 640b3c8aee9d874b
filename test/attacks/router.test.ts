import { expect } from "chai";
import {
  ethers,
  type GridFixture,
  mintParams,
  networkHelpers,
  Role,
  share,
  voucher,
  WINDOW,
} from "../grid.ts";
import { addCapsule, addOffer, earners, payFixture } from "../settlement/support.ts";

/** Capsule 2: the router has half of the data and model rows, and owns the row of compute. */
async function routerFixture() {
  const grid = await networkHelpers.loadFixture(payFixture);
  const router = await grid.router.getAddress();
  const capsuleId = await addCapsule(grid, [
    share(Role.Data, 1n, router),
    share(Role.Data, 1n, grid.dataOwner),
    share(Role.Model, 1n, router),
    share(Role.Model, 1n, grid.modelOwner),
    share(Role.Compute, 1n, router),
  ]);
  return { ...grid, capsuleId, self: router };
}

async function balanceOfRouter({ usd, router }: GridFixture) {
  return await usd.balanceOf(router);
}

describe("attack: money owed to the router", () => {
  it("when rows name it, a claim passes over them and pays their neighbors", async () => {
    const grid = await networkHelpers.loadFixture(routerFixture);
    const { router, usd, pay, capsuleId, commons, dataOwner, modelOwner, self } = grid;
    await pay(1_000n, capsuleId);
    const range = await earners(usd, [0n, 6n], { capsuleId });
    const { amounts, accounts } = await router.claimable(range);
    expect([...amounts]).to.deep.equal([100n, 0n, 200n, 0n, 150n, 0n]);
    expect(accounts[1]).to.equal(self);
    await expect(router.claim([range]))
      .to.emit(router, "Claimed")
      .withArgs(capsuleId, 1n, await usd.getAddress(), 0n, [100n, 0n, 200n, 0n, 150n, 0n]);
    expect(await usd.balanceOf(commons)).to.equal(100n);
    expect(await usd.balanceOf(dataOwner)).to.equal(200n);
    expect(await usd.balanceOf(modelOwner)).to.equal(150n);
    // Its part stays accounted for: earned and not taken.
    expect(await balanceOfRouter(grid)).to.equal(550n);
    for (const earner of [1n, 3n, 5n]) {
      expect(await router.takenOf(capsuleId, 1n, usd, earner), `earner ${earner}`).to.equal(0n);
    }
  });

  it("when a meter names it as payee, is refused", async () => {
    const { ledger, router, meter } = await networkHelpers.loadFixture(routerFixture);
    await expect(ledger.connect(meter).setMeter(1n, meter, router, ""))
      .to.be.revertedWithCustomError(ledger, "MeterPayeeRouter")
      .withArgs(1n);
  });

  it("when an offer names it as application, the Commons gets the whole part", async () => {
    const grid = await networkHelpers.loadFixture(routerFixture);
    const { ledger, licenses, router, usd, buyer, meter, self } = grid;
    const offerId = await addOffer(grid, { application: self });
    await licenses.connect(buyer).mint(mintParams(offerId, buyer, 40n), "0x");
    const rows = [await voucher(grid, buyer, { licenseId: 1n, units: 40n })];
    await ledger.connect(meter).settleOpen(1n, [{ offerId, rows }]);
    expect(await router.withdrawable(self, usd)).to.equal(0n);
    expect(await router.takenOf(1n, 1n, usd, 0n)).to.equal(0n);
  });

  it("when it holds a license, its refund stays on the books", async () => {
    const grid = await networkHelpers.loadFixture(routerFixture);
    const { ledger, licenses, router, usd, buyer, self } = grid;
    await licenses.connect(buyer).mint({ ...mintParams(1n, buyer, 40n), to: self }, "0x");
    const { expiry } = await licenses.licenseOf(1n);
    await networkHelpers.time.increaseTo(expiry + WINDOW + 1n);
    await ledger.close(1n);
    expect(await router.withdraw.staticCall(self, usd)).to.equal(0n);
    await expect(router.withdraw(self, usd)).not.to.emit(router, "Withdrawn");
    expect(await router.withdrawable(self, usd)).to.equal(1_000n);
    await expect(router.withdraw(self, usd)).to.changeTokenBalance(ethers, usd, router, 0n);
  });
});
