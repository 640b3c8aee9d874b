import { expect } from "chai";
import {
  capsuleShare,
  ethers,
  impersonate,
  mintParams,
  networkHelpers,
  offerParams,
  Role,
  registration,
  share,
  terms,
} from "../grid.ts";
import { addCapsule, Earner, earners, legsOf, payFixture, type Shares } from "./support.ts";

/** Capsule 2: all roles name capsule 1, with an account beside it in the data role. */
async function nestedFixture() {
  const grid = await networkHelpers.loadFixture(payFixture);
  const rows = [
    capsuleShare(Role.Data, 3n, 1n),
    share(Role.Data, 1n, grid.stranger),
    capsuleShare(Role.Model, 1n, 1n),
    capsuleShare(Role.Compute, 1n, 1n),
  ];
  const outer = await addCapsule(grid, rows);
  const range = (capsuleId: bigint, first: bigint, count: bigint) =>
    earners(grid.usd, [first, count], { capsuleId });
  const amountsOf = async (capsuleId: bigint, rowCount: bigint) => [
    ...(await grid.router.claimable(await range(capsuleId, 0n, rowCount + 1n))).amounts,
  ];
  return { ...grid, outer, range, amountsOf };
}

/** Capsules in a cycle: each passes a role's whole leg on to the next one, the last to the first. */
async function cycleOf(grid: Awaited<ReturnType<typeof payFixture>>, length: number, closing: Shares) {
  const first = await addCapsule(grid, []);
  let last = first;
  for (let i = 1; i < length; i += 1) last = await addCapsule(grid, [capsuleShare(Role.Data, 1n, last)]);
  await grid.capsules.connect(grid.creator).setShares(first, [capsuleShare(Role.Data, 1n, last), ...closing]);
  return Array.from({ length }, (_, i) => first + BigInt(i));
}

describe("SettlementRouter: nested capsules", () => {
  describe("passOn", () => {
    it("when the shares version does not exist, reverts", async () => {
      const { router, capsules, usd } = await networkHelpers.loadFixture(nestedFixture);
      const range = await earners(usd, [0n, 1n], { sharesVersion: 2n });
      await expect(router.passOn([range]))
        .to.be.revertedWithCustomError(capsules, "SharesVersionNonexistent")
        .withArgs(1n, 2n);
    });

    it("when an earner does not exist, reverts", async () => {
      const { router, capsules, range, outer } = await networkHelpers.loadFixture(nestedFixture);
      await expect(router.passOn([await range(outer, 4n, 2n)]))
        .to.be.revertedWithCustomError(capsules, "EarnersNonexistent")
        .withArgs(outer, 1n, 4n, 2n);
    });

    it("when the target's inbound revenue would reach 2^120, reverts", async () => {
      const grid = await networkHelpers.loadFixture(payFixture);
      const { router, usd, buyer, pay } = grid;
      const total = 2n ** 120n - 1n;
      const { data } = legsOf(total);
      await usd.mint(buyer, 3n * total);
      const sources: bigint[] = [];
      for (let i = 0; i < 3; i += 1) {
        sources.push(await addCapsule(grid, [capsuleShare(Role.Data, 1n, 1n)]));
        await pay(total, sources[i]);
      }
      const ranges = await Promise.all(sources.map((capsuleId) => earners(usd, [1n, 1n], { capsuleId })));
      await expect(router.passOn(ranges))
        .to.be.revertedWithCustomError(router, "SafeCastOverflowedUintDowncast")
        .withArgs(120n, 3n * data);
    });

    it("when rows name a capsule, credits its current shares version in the same role", async () => {
      const { router, usd, pay, outer, range, amountsOf, stranger } =
        await networkHelpers.loadFixture(nestedFixture);
      await pay(1_000n, outer);
      const token = await usd.getAddress();
      const passed = router.connect(stranger).passOn([await range(outer, 0n, 5n)]);
      await expect(passed).to.emit(router, "PassedOn").withArgs(outer, token, 1n, 1n, 1n, 1n, 300n);
      await expect(passed).to.emit(router, "PassedOn").withArgs(outer, token, 1n, 1n, 3n, 1n, 300n);
      await expect(passed).to.emit(router, "PassedOn").withArgs(outer, token, 1n, 1n, 4n, 1n, 200n);
      await expect(passed).to.changeTokenBalance(ethers, usd, router, 0n);
      expect(await router.revenueOf(1n, 1n, usd)).to.deep.equal([0n, 200n, true, 300n, 300n]);
      expect(await amountsOf(1n, 3n)).to.deep.equal([0n, 300n, 300n, 200n]);
      expect(await amountsOf(outer, 4n)).to.deep.equal([100n, 0n, 100n, 0n, 0n]);
    });

    it("when the inner capsule also earns itself, its rows get both", async () => {
      const { router, usd, pay, outer, range, dataOwner, modelOwner, creator, commons } =
        await networkHelpers.loadFixture(nestedFixture);
      await pay(1_000n, outer);
      await pay(100n, 1n);
      await router.passOn([await range(outer, 0n, 5n)]);
      await expect(router.claim([await range(1n, 0n, 4n)])).to.changeTokenBalances(
        ethers,
        usd,
        [commons, dataOwner, modelOwner, creator],
        [10n, 340n, 330n, 220n],
      );
    });

    it("when it was passed on before, passes on only new earnings", async () => {
      const { router, usd, pay, outer, range } = await networkHelpers.loadFixture(nestedFixture);
      await pay(1_000n, outer);
      const row = await range(outer, 1n, 1n);
      await router.passOn([row, row]);
      await expect(router.passOn([row])).not.to.emit(router, "PassedOn");
      await pay(100n, outer);
      await expect(router.passOn([row]))
        .to.emit(router, "PassedOn")
        .withArgs(outer, await usd.getAddress(), 1n, 1n, 1n, 1n, 30n);
      expect((await router.revenueOf(1n, 1n, usd)).inboundData).to.equal(330n);
    });

    it("when rows name accounts, skips them", async () => {
      const { router, usd, pay, outer, range, amountsOf } = await networkHelpers.loadFixture(nestedFixture);
      await pay(1_000n, outer);
      await expect(router.passOn([await range(outer, 2n, 1n), await range(outer, 0n, 1n)])).not.to.emit(
        router,
        "PassedOn",
      );
      expect(await amountsOf(outer, 4n)).to.deep.equal([100n, 300n, 100n, 300n, 200n]);
      expect(await router.takenOf(outer, 1n, usd, 2n)).to.equal(0n);
    });

    it("when the target has a new shares version, credits the new one", async () => {
      const { router, capsules, usd, creator, pay, outer, range } =
        await networkHelpers.loadFixture(nestedFixture);
      await pay(1_000n, outer);
      await router.passOn([await range(outer, 1n, 1n)]);
      await pay(100n, outer);
      await capsules.connect(creator).setShares(1n, []);
      await expect(router.passOn([await range(outer, 1n, 1n)]))
        .to.emit(router, "PassedOn")
        .withArgs(outer, await usd.getAddress(), 1n, 1n, 1n, 2n, 30n);
      expect((await router.revenueOf(1n, 1n, usd)).inboundData).to.equal(300n);
      expect((await router.revenueOf(1n, 2n, usd)).inboundData).to.equal(30n);
    });

    it("when the outer capsule has a new shares version, the old one still passes on", async () => {
      const { router, capsules, creator, usd, pay, outer, range } =
        await networkHelpers.loadFixture(nestedFixture);
      await pay(1_000n, outer);
      await capsules.connect(creator).setShares(outer, []);
      await router.passOn([await range(outer, 0n, 5n)]);
      expect(await router.revenueOf(1n, 1n, usd)).to.deep.equal([0n, 200n, true, 300n, 300n]);
    });

    it("when two rows name the same capsule, credits the sum", async () => {
      const grid = await networkHelpers.loadFixture(nestedFixture);
      const { router, usd, pay, range } = grid;
      const twice = [capsuleShare(Role.Data, 1n, 1n), capsuleShare(Role.Data, 3n, 1n)];
      const outer = await addCapsule(grid, twice);
      await pay(1_000n, outer);
      await router.passOn([await range(outer, 1n, 2n)]);
      expect((await router.revenueOf(1n, 1n, usd)).inboundData).to.equal(400n);
    });
  });

  describe("claim", () => {
    it("when rows name a capsule, skips them and leaves them to passOn", async () => {
      const { router, usd, pay, outer, range, amountsOf, stranger } =
        await networkHelpers.loadFixture(nestedFixture);
      await pay(1_000n, outer);
      const claimed = router.claim([await range(outer, 0n, 5n)]);
      await expect(claimed)
        .to.emit(router, "Claimed")
        .withArgs(outer, 1n, await usd.getAddress(), 0n, [100n, 0n, 100n, 0n, 0n]);
      await expect(claimed).to.changeTokenBalances(ethers, usd, [router, stranger], [-200n, 100n]);
      expect(await amountsOf(outer, 4n)).to.deep.equal([0n, 300n, 0n, 300n, 200n]);
    });

    it("when claim and passOn alternate over shared words, neither disturbs the other", async () => {
      const { router, usd, pay, outer, range, stranger } = await networkHelpers.loadFixture(nestedFixture);
      for (const [first, count] of [
        [1n, 2n],
        [2n, 3n],
        [0n, 5n],
      ] as const) {
        await pay(1_000n, outer);
        await router.claim([await range(outer, first, count)]);
        await router.passOn([await range(outer, first, count)]);
      }
      expect(await usd.balanceOf(stranger)).to.equal(300n);
      expect(await router.revenueOf(1n, 1n, usd)).to.deep.equal([0n, 600n, true, 900n, 900n]);
      const taken = await Promise.all([0n, 1n, 2n, 3n, 4n].map((i) => router.takenOf(outer, 1n, usd, i)));
      expect(taken).to.deep.equal([300n, 900n, 300n, 900n, 600n]);
    });
  });

  describe("claimable", () => {
    it("when rows name a capsule, names it instead of an account", async () => {
      const { router, pay, outer, range, commons, stranger } =
        await networkHelpers.loadFixture(nestedFixture);
      await pay(1_000n, outer);
      const zero = ethers.ZeroAddress;
      expect(await router.claimable(await range(outer, 0n, 5n))).to.deep.equal([
        [100n, 300n, 100n, 300n, 200n],
        [await commons.getAddress(), zero, stranger.address, zero, zero],
        [0n, 1n, 0n, 1n, 1n],
      ]);
    });
  });

  describe("release", () => {
    it("when compute rows name a capsule, the meter's payee still gets the leg", async () => {
      const grid = await networkHelpers.loadFixture(nestedFixture);
      const { router, terms: offers, licenses, ledger, creator, buyer, payee, usd } = grid;
      const rows = [capsuleShare(Role.Compute, 1n, 1n), capsuleShare(Role.Data, 1n, 1n)];
      const params = await offerParams(grid);
      await offers.connect(creator).publish(registration(rows), terms(), params);
      const [capsuleId, offerId] = [await grid.capsules.lastCapsuleId(), await offers.lastOfferId()];
      await licenses.connect(buyer).mint(mintParams(offerId, buyer, 40n), "0x");
      await router.connect(await impersonate(ledger)).release(offerId, 40n, payee);
      await router.passOn([await grid.range(capsuleId, 1n, 2n)]);
      expect(await router.withdrawable(payee, usd)).to.equal(200n);
      expect(await router.revenueOf(1n, 1n, usd)).to.deep.equal([0n, 0n, true, 400n, 0n]);
    });
  });

  describe("given a chain of eight", () => {
    it("when each passes on, the innermost account gets the whole leg and the platform took once", async () => {
      const grid = await networkHelpers.loadFixture(payFixture);
      const { router, usd, pay, dataOwner, commons } = grid;
      let capsuleId = 1n;
      for (let i = 0; i < 7; i += 1) {
        capsuleId = await addCapsule(grid, [capsuleShare(Role.Data, 1n, capsuleId)]);
      }
      expect(capsuleId).to.equal(8n);
      await pay(1_000n, 8n);
      for (let hop = 8n; hop > 1n; hop -= 1n) {
        await router.passOn([await earners(usd, [1n, 1n], { capsuleId: hop })]);
      }
      const all = [8n, 7n, 6n, 5n, 4n, 3n, 2n, 1n];
      const claims = all.map((id) => earners(usd, [0n, 4n], { capsuleId: id }));
      await expect(router.claim(await Promise.all(claims))).to.changeTokenBalances(
        ethers,
        usd,
        [dataOwner, commons, router],
        [400n, 100n, -1_000n],
      );
    });

    it("when one call names all hops in order, the money arrives in it", async () => {
      const grid = await networkHelpers.loadFixture(nestedFixture);
      const { router, usd, pay, outer, dataOwner } = grid;
      const top = await addCapsule(grid, [capsuleShare(Role.Data, 1n, outer)]);
      await pay(1_000n, top);
      await router.passOn([await grid.range(top, 1n, 1n), await grid.range(outer, 1n, 1n)]);
      const claimed = router.claim([await grid.range(1n, Earner.Data, 1n)]);
      await expect(claimed).to.changeTokenBalance(ethers, usd, dataOwner, 300n);
    });
  });

  for (const length of [2, 3]) {
    describe(`given a cycle of ${length}`, () => {
      it("when it is closed, turns without end, pays nobody and costs nobody else", async () => {
        const grid = await networkHelpers.loadFixture(payFixture);
        const { router, usd, pay, commons, creator, dataOwner } = grid;
        const ids = await cycleOf(grid, length, []);
        const [first] = ids as [bigint];
        await pay(1_000n, 1n);
        await pay(1_000n, first);
        const version = (id: bigint) => (id === first ? 2n : 1n);
        const ranges = (bounds: readonly [bigint, bigint]) =>
          Promise.all(ids.map((id) => earners(usd, bounds, { capsuleId: id, sharesVersion: version(id) })));
        const hops = await ranges([1n, 1n]);
        for (let i = 0; i < 50; i += 1) await router.passOn(hops);
        expect(await usd.balanceOf(router)).to.equal(2_000n);
        const claimed = router.claim([...(await ranges([0n, 4n])), await earners(usd, [0n, 4n])]);
        await expect(claimed).to.changeTokenBalances(
          ethers,
          usd,
          [router, commons, creator, dataOwner],
          [-1_600n, 200n, 700n, 400n],
        );
        const held = await Promise.all((await ranges([1n, 1n])).map((hop) => router.claimable(hop)));
        expect(held.reduce((total, { amounts }) => total + (amounts[0] ?? 0n), 0n)).to.equal(400n);
      });

      it("when it leaks, pays out all it received, less dust, and never more", async () => {
        const grid = await networkHelpers.loadFixture(payFixture);
        const { router, usd, pay, stranger } = grid;
        const ids = await cycleOf(grid, length, [share(Role.Data, 1n, stranger)]);
        const [first] = ids as [bigint];
        await pay(1_000_000n, first);
        const hops = await Promise.all(
          ids.map((id) => earners(usd, [1n, 1n], { capsuleId: id, sharesVersion: id === first ? 2n : 1n })),
        );
        const leak = await earners(usd, [2n, 1n], { capsuleId: first, sharesVersion: 2n });
        for (let i = 0; i < 50; i += 1) {
          await router.passOn(hops);
          await router.claim([leak]);
        }
        const received = await usd.balanceOf(stranger);
        expect(received <= 400_000n && received >= 400_000n - 2n).to.equal(true);
        expect(await usd.balanceOf(router)).to.equal(1_000_000n - received);
      });
    });
  }
});
