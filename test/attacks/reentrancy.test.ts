import { expect } from "chai";
import { ethers, mintParams, networkHelpers, voucher, waitHalfTerm } from "../grid.ts";
import { addOffer, earners, payFixture } from "../settlement/support.ts";

/**
 * A token with hooks and every kind of debt: capsule 1 was paid 1,000; license 1 of offer 2 used 40 of its 80
 * units, at 25 each; license 2 of 40 units can be closed; the payee can withdraw 200.
 */
async function hookFixture() {
  const grid = await networkHelpers.loadFixture(payFixture);
  const { router, licenses, ledger, buyer, meter, payee } = grid;
  const token = await ethers.deployContract("HookToken");
  await token.mint(buyer, 100_000n);
  await token.connect(buyer).approve(router, 100_000n);
  await router.connect(buyer).pay(1n, token, 1_000n, "0x");
  const offerId = await addOffer(grid, { currency: await token.getAddress() });
  const buy = (units: bigint) => licenses.connect(buyer).mint(mintParams(offerId, buyer, units), "0x");
  await buy(80n);
  await buy(40n);
  await licenses.connect(buyer).requestClose(2n);
  await waitHalfTerm();
  const rows = [await voucher(grid, buyer, { licenseId: 1n, units: 40n })];
  await ledger.connect(meter).settleOpen(1n, [{ offerId, rows }]);
  const range = await earners(token, [0n, 4n]);
  const outer = {
    pay: () => router.connect(buyer).pay(1n, token, 100n, "0x"),
    claim: () => router.claim([range]),
    withdraw: () => router.withdraw(payee, token),
    mint: () => buy(4n),
    topUp: () => licenses.connect(buyer).topUp(1n, 4n, 100n, "0x"),
    renew: () => licenses.connect(buyer).renew(1n, 4n, 100n, "0x"),
  };
  const order = {
    offerId,
    units: 1n,
    token: await token.getAddress(),
    amount: 1n,
    caller: buyer.address,
    purpose: ethers.ZeroHash,
  };
  const encode = router.interface;
  const params = mintParams(offerId, buyer, 4n);
  const inner = {
    pay: [router, encode.encodeFunctionData("pay", [1n, await token.getAddress(), 1n, "0x"])],
    claim: [router, encode.encodeFunctionData("claim", [[range]])],
    passOn: [router, encode.encodeFunctionData("passOn", [[range]])],
    withdraw: [router, encode.encodeFunctionData("withdraw", [payee.address, await token.getAddress()])],
    sweep: [router, encode.encodeFunctionData("sweep", [offerId])],
    deposit: [router, encode.encodeFunctionData("deposit", [order, "0x"])],
    release: [router, encode.encodeFunctionData("release", [offerId, 1n, payee.address])],
    refund: [router, encode.encodeFunctionData("refund", [offerId, payee.address, 1n, 1n])],
    mint: [licenses, licenses.interface.encodeFunctionData("mint", [params, "0x"])],
    topUp: [licenses, licenses.interface.encodeFunctionData("topUp", [1n, 1n, 25n, "0x"])],
    close: [ledger, ledger.interface.encodeFunctionData("close", [2n])],
  } as const;
  return { ...grid, token, offerId, range, outer, inner };
}

type Outer = keyof Awaited<ReturnType<typeof hookFixture>>["outer"];

const OUTER: Outer[] = ["pay", "claim", "withdraw", "mint", "topUp", "renew"];

/** The router's debt in the token: escrow, unclaimed and withdrawable. */
async function owed({ router, token, offerId, range, ...grid }: Awaited<ReturnType<typeof hookFixture>>) {
  const { balance } = await router.escrowOf(offerId);
  const { amounts } = await router.claimable(range);
  let total = balance;
  for (const amount of amounts) total += amount;
  for (const account of [grid.payee, grid.application, grid.buyer]) {
    total += await router.withdrawable(account, token);
  }
  return total;
}

describe("attack: reentrancy through a token's hook", () => {
  describe("given an unguarded vault with payment before effects", () => {
    it("when the hook withdraws again, the vault pays twice, with another's money", async () => {
      const { token, buyer, stranger } = await networkHelpers.loadFixture(hookFixture);
      const twin = await ethers.deployContract("UnguardedVault");
      await token.connect(buyer).approve(twin, 100n);
      await token.mint(stranger, 100n);
      await token.connect(stranger).approve(twin, 100n);
      await twin.connect(buyer).credit(buyer, token, 100n);
      await twin.connect(stranger).credit(stranger, token, 100n);
      const again = twin.interface.encodeFunctionData("withdraw", [
        stranger.address,
        await token.getAddress(),
      ]);
      await token.arm(twin, again, true);
      await twin.withdraw(stranger, token);
      expect(await token.balanceOf(stranger)).to.equal(200n);
      expect(await token.balanceOf(twin)).to.equal(0n);
      expect(await twin.withdrawable(buyer, token)).to.equal(100n);
    });
  });

  for (const name of OUTER) {
    describe(`given the router during ${name}`, () => {
      it("when the hook reenters any function, the whole call reverts", async () => {
        const { router, token, outer, inner } = await networkHelpers.loadFixture(hookFixture);
        for (const [door, [target, data]] of Object.entries(inner)) {
          await token.arm(target, data, true);
          await expect(outer[name](), door).to.be.revertedWithCustomError(
            router,
            "ReentrancyGuardReentrantCall",
          );
        }
      });

      it("when the hook catches the revert, the call works as without a hook", async () => {
        const grid = await networkHelpers.loadFixture(hookFixture);
        const { router, token, outer, inner } = grid;
        const refusal = router.interface.getError("ReentrancyGuardReentrantCall")?.selector;
        for (const [door, [target, data]] of Object.entries(inner)) {
          const snapshot = await networkHelpers.takeSnapshot();
          await outer[name]();
          const expected = [await owed(grid), await token.balanceOf(router)];
          await snapshot.restore();
          await token.arm(target, data, false);
          await outer[name]();
          expect(await token.called(), door).to.equal(true);
          expect(await token.result(), door).to.equal(refusal);
          expect([await owed(grid), await token.balanceOf(router)], door).to.deep.equal(expected);
          expect(expected[0], door).to.equal(expected[1]);
          await snapshot.restore();
        }
      });
    });
  }

  describe("given a license transferred during a payment", () => {
    it("when the hook transfers it during its renewal, the new holder has the new term", async () => {
      const { licenses, token, buyer, stranger, outer } = await networkHelpers.loadFixture(hookFixture);
      await licenses.connect(buyer).approve(token, 1n);
      const move = licenses.interface.encodeFunctionData("transferFrom", [
        buyer.address,
        stranger.address,
        1n,
      ]);
      await token.arm(licenses, move, true);
      await outer.renew();
      const [renewed] = await licenses.queryFilter(licenses.filters.LicenseRenewed(1n));
      expect(await licenses.ownerOf(1n)).to.equal(stranger.address);
      expect((await licenses.licenseOf(1n)).expiry).to.equal(renewed?.args.expiry);
    });

    it("when the hook transfers it during a top-up, the new holder has the units", async () => {
      const { licenses, router, token, offerId, buyer, stranger, outer } =
        await networkHelpers.loadFixture(hookFixture);
      await licenses.connect(buyer).approve(token, 1n);
      const move = licenses.interface.encodeFunctionData("transferFrom", [
        buyer.address,
        stranger.address,
        1n,
      ]);
      await token.arm(licenses, move, true);
      const { balance } = await router.escrowOf(offerId);
      await outer.topUp();
      expect(await licenses.ownerOf(1n)).to.equal(stranger.address);
      expect((await licenses.licenseOf(1n)).prepaid).to.equal(84n);
      expect((await router.escrowOf(offerId)).balance).to.equal(balance + 100n);
    });
  });

  describe("given shares changed during a payment", () => {
    it("when the hook ends the shares version, the payment stays with that version", async () => {
      const { router, capsules, token, creator, stranger, outer } =
        await networkHelpers.loadFixture(hookFixture);
      await capsules.connect(creator).approve(token, 1n);
      const move = capsules.interface.encodeFunctionData("transferFrom", [
        creator.address,
        stranger.address,
        1n,
      ]);
      await token.arm(capsules, move, true);
      const before = await router.revenueOf(1n, 1n, token);
      await outer.pay();
      expect(await capsules.currentSharesVersion(1n)).to.equal(2n);
      expect((await router.revenueOf(1n, 1n, token)).total).to.equal(before.total + 100n);
      expect((await router.revenueOf(1n, 2n, token)).total).to.equal(0n);
    });
  });
});
