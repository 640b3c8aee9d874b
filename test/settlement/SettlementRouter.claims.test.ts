import { expect } from "chai";
import { ethers, networkHelpers, Role, share } from "../grid.ts";
import { accounts, addCapsule, Earner, earners, legsOf, payFixture, randomOf, sum } from "./support.ts";

const WEIGHTS = [1n, 2n, 3n, 5n, 7n, 11n, 13n];
const WEIGHT = sum(WEIGHTS);

/** Capsule 2: earners 1 to 7 are data rows, 8 the owner's model row and 9 the owner's compute row. */
async function crowdFixture() {
  const grid = await networkHelpers.loadFixture(payFixture);
  const crowd = accounts(WEIGHTS.length);
  const capsuleId = await addCapsule(
    grid,
    WEIGHTS.map((units, i) => share(Role.Data, units, crowd[i] as string)),
  );
  const range = (first: bigint, count: bigint) => earners(grid.usd, [first, count], { capsuleId });
  const balances = async () => await Promise.all(crowd.map((account) => grid.usd.balanceOf(account)));
  return { ...grid, crowd, capsuleId, range, balances };
}

/** The earnings of the crowd from `total`, each rounded down. */
function crowdEarns(total: bigint) {
  return WEIGHTS.map((units) => (legsOf(total).data * units) / WEIGHT);
}

describe("SettlementRouter: claims", () => {
  describe("claim and claimable", () => {
    it("when the shares version does not exist, revert", async () => {
      const { router, capsules, usd } = await networkHelpers.loadFixture(payFixture);
      for (const [capsuleId, sharesVersion] of [
        [1n, 2n],
        [1n, 0n],
        [5n, 1n],
      ] as const) {
        const range = await earners(usd, [0n, 1n], { capsuleId, sharesVersion });
        for (const call of [() => router.claim([range]), () => router.claimable(range)]) {
          await expect(call())
            .to.be.revertedWithCustomError(capsules, "SharesVersionNonexistent")
            .withArgs(capsuleId, sharesVersion);
        }
      }
    });

    it("when an earner does not exist, revert", async () => {
      const { router, capsules, usd } = await networkHelpers.loadFixture(payFixture);
      for (const bounds of [
        [0n, 5n],
        [4n, 1n],
        [5n, 0n],
        [2n ** 256n - 1n, 2n],
        [1n, 2n ** 256n - 1n],
      ] as const) {
        const range = await earners(usd, bounds);
        for (const call of [() => router.claim([range]), () => router.claimable(range)]) {
          await expect(call())
            .to.be.revertedWithCustomError(capsules, "EarnersNonexistent")
            .withArgs(1n, 1n, ...bounds);
        }
      }
    });
  });

  describe("claimable", () => {
    it("when it is asked, names amounts and accounts, the Commons for the platform", async () => {
      const { router, usd, pay, commons, dataOwner, modelOwner, creator } =
        await networkHelpers.loadFixture(payFixture);
      await pay(1_000n);
      expect(await router.claimable(await earners(usd, [0n, 4n]))).to.deep.equal([
        [100n, 400n, 300n, 200n],
        [await commons.getAddress(), dataOwner.address, modelOwner.address, creator.address],
        [0n, 0n, 0n, 0n],
      ]);
      expect(await router.claimable(await earners(usd, [2n, 1n]))).to.deep.equal([
        [300n],
        [modelOwner.address],
        [0n],
      ]);
    });

    it("when nobody is asked for, names nobody", async () => {
      const { router, usd, pay } = await networkHelpers.loadFixture(payFixture);
      await pay(1_000n);
      for (const first of [0n, 3n]) {
        expect(await router.claimable(await earners(usd, [first, 0n]))).to.deep.equal([[], [], []]);
      }
    });
  });

  describe("claim", () => {
    it("when a stranger asks, pays the beneficiaries", async () => {
      const { router, usd, pay, stranger, commons, dataOwner, modelOwner, creator } =
        await networkHelpers.loadFixture(payFixture);
      await pay(1_000n);
      const claimed = router.connect(stranger).claim([await earners(usd, [0n, 4n])]);
      await expect(claimed)
        .to.emit(router, "Claimed")
        .withArgs(1n, 1n, await usd.getAddress(), 0n, [100n, 400n, 300n, 200n]);
      await expect(claimed).to.changeTokenBalances(
        ethers,
        usd,
        [router, commons, dataOwner, modelOwner, creator, stranger],
        [-1_000n, 100n, 400n, 300n, 200n, 0n],
      );
      expect(await router.takenOf(1n, 1n, usd, Earner.Platform)).to.equal(100n);
      expect(await router.takenOf(1n, 1n, usd, Earner.Data)).to.equal(400n);
      expect(await router.takenOf(1n, 1n, usd, Earner.Model)).to.equal(300n);
      expect(await router.takenOf(1n, 1n, usd, Earner.Compute)).to.equal(200n);
    });

    it("when it was claimed before, pays nothing more", async () => {
      const { router, usd, pay } = await networkHelpers.loadFixture(payFixture);
      await pay(1_000n);
      const range = await earners(usd, [0n, 4n]);
      await router.claim([range]);
      const again = router.claim([range]);
      await expect(again)
        .to.emit(router, "Claimed")
        .withArgs(1n, 1n, await usd.getAddress(), 0n, [0n, 0n, 0n, 0n]);
      await expect(again).to.changeTokenBalance(ethers, usd, router, 0n);
    });

    it("when the same range is named twice in a call, pays once", async () => {
      const { router, usd, pay, dataOwner } = await networkHelpers.loadFixture(payFixture);
      await pay(1_000n);
      const [pair, one] = [await earners(usd, [1n, 2n]), await earners(usd, [1n, 1n])];
      await expect(router.claim([pair, one, pair])).to.changeTokenBalances(
        ethers,
        usd,
        [router, dataOwner],
        [-700n, 400n],
      );
    });

    it("when claims come late, pay the same as claims in between", async () => {
      const { router, pay, range, balances, capsuleId } = await networkHelpers.loadFixture(crowdFixture);
      let total = 0n;
      for (const amount of [7n, 101n, 1n, 999n]) {
        await pay(amount, capsuleId);
        total += amount;
        await router.claim([await range(2n, 3n)]);
      }
      await router.claim([await range(0n, 10n)]);
      expect(await balances()).to.deep.equal(crowdEarns(total));
    });

    it("when neighbors in one storage word are claimed alone, they leave each other unchanged", async () => {
      const { router, usd, pay, range, capsuleId } = await networkHelpers.loadFixture(crowdFixture);
      await pay(10_000n, capsuleId);
      const earned = crowdEarns(10_000n);
      for (const earner of [3n, 2n, 5n, 4n]) {
        const others = [2n, 3n, 4n, 5n].filter((other) => other !== earner);
        const before = await Promise.all(others.map((other) => router.takenOf(capsuleId, 1n, usd, other)));
        await router.claim([await range(earner, 1n)]);
        expect(await router.takenOf(capsuleId, 1n, usd, earner)).to.equal(earned[Number(earner) - 1]);
        const after = await Promise.all(others.map((other) => router.takenOf(capsuleId, 1n, usd, other)));
        expect(after).to.deep.equal(before);
      }
    });

    it("when ranges start and end anywhere, in any order, each earner gets its part once", async () => {
      const { router, usd, pay, range, balances, capsuleId } = await networkHelpers.loadFixture(crowdFixture);
      const random = randomOf(500);
      let total = 0n;
      for (let round = 0; round < 25; round += 1) {
        const amount = BigInt(1 + random(100_000));
        await pay(amount, capsuleId);
        total += amount;
        const ranges = await Promise.all(
          Array.from({ length: 1 + random(3) }, async () => {
            const first = random(10);
            return await range(BigInt(first), BigInt(random(11 - first)));
          }),
        );
        await router.claim(ranges);
      }
      await router.claim([await range(0n, 10n)]);
      const legs = legsOf(total);
      const earned = crowdEarns(total);
      expect(await balances()).to.deep.equal(earned);
      const dust = legs.data - sum(earned);
      expect(await usd.balanceOf(router)).to.equal(dust);
      expect(dust < BigInt(WEIGHTS.length)).to.equal(true);
    });

    it("when amounts are claimable, pays exactly these, and nothing is claimable afterwards", async () => {
      const { router, pay, range, capsuleId } = await networkHelpers.loadFixture(crowdFixture);
      await pay(777n, capsuleId);
      await router.claim([await range(3n, 2n)]);
      await pay(1_234n, capsuleId);
      const all = await range(0n, 10n);
      const { amounts } = await router.claimable(all);
      await expect(router.claim([all]))
        .to.emit(router, "Claimed")
        .withArgs(capsuleId, 1n, all.token, 0n, [...amounts]);
      expect([...(await router.claimable(all)).amounts]).to.deep.equal(Array(10).fill(0n));
    });

    it("when a role's rows leave a remainder, the next revenue pays it", async () => {
      const { router, usd, pay, range, balances, capsuleId } = await networkHelpers.loadFixture(crowdFixture);
      await pay(10n, capsuleId);
      await router.claim([await range(1n, 7n)]);
      expect(await balances()).to.deep.equal([0n, 0n, 0n, 0n, 0n, 1n, 1n]);
      await pay(94n, capsuleId);
      await router.claim([await range(1n, 7n)]);
      expect(legsOf(104n).data).to.equal(WEIGHT);
      expect(await balances()).to.deep.equal(WEIGHTS);
      expect(await usd.balanceOf(router)).to.equal(104n - WEIGHT);
    });

    it("when many claims travel together, pays each of its version and token", async () => {
      const { router, usd, pay, range, buyer, capsuleId, crowd, dataOwner } =
        await networkHelpers.loadFixture(crowdFixture);
      const other = await ethers.deployContract("PlainToken", [18]);
      await other.mint(buyer, 100n);
      await other.connect(buyer).approve(router, 100n);
      await router.connect(buyer).pay(1n, other, 100n, "0x");
      await pay(1_000n, 1n);
      await pay(105n, capsuleId);
      const claimed = router.claim([
        await earners(other, [1n, 1n]),
        await range(7n, 1n),
        await earners(usd, [1n, 1n]),
      ]);
      await expect(claimed).to.changeTokenBalance(ethers, other, dataOwner, 40n);
      await expect(claimed).to.changeTokenBalances(ethers, usd, [dataOwner, crowd[6] as string], [400n, 13n]);
    });
  });

  describe("claim, given several shares versions", () => {
    it("when the capsule was transferred, the old version's owner row pays the old owner", async () => {
      const { router, capsules, usd, pay, creator, stranger } = await networkHelpers.loadFixture(payFixture);
      await pay(1_000n);
      await capsules.connect(creator).transferFrom(creator, stranger, 1n);
      await pay(500n);
      const old = await earners(usd, [Earner.Compute, 1n]);
      const current = { ...old, sharesVersion: 2n };
      expect((await router.claimable(old)).accounts[0]).to.equal(creator.address);
      await expect(router.claim([old, current])).to.changeTokenBalances(
        ethers,
        usd,
        [creator, stranger],
        [200n, 100n],
      );
    });

    it("when the capsule came back to its first owner, each version pays its own owner", async () => {
      const { router, capsules, usd, pay, creator, stranger } = await networkHelpers.loadFixture(payFixture);
      await capsules.connect(creator).transferFrom(creator, stranger, 1n);
      await pay(1_000n);
      await capsules.connect(stranger).transferFrom(stranger, creator, 1n);
      await pay(100n);
      const range = await earners(usd, [Earner.Compute, 1n]);
      const claimed = router.claim([1n, 2n, 3n].map((sharesVersion) => ({ ...range, sharesVersion })));
      await expect(claimed).to.changeTokenBalances(ethers, usd, [stranger, creator], [200n, 20n]);
    });

    it("when shares changed, earlier revenue stays with the old rows", async () => {
      const { router, capsules, usd, pay, creator, dataOwner, stranger } =
        await networkHelpers.loadFixture(payFixture);
      await pay(1_000n);
      await capsules.connect(creator).setShares(1n, [share(Role.Data, 1n, stranger)]);
      await pay(500n);
      const old = await earners(usd, [0n, 4n]);
      const claimed = router.claim([{ ...old, sharesVersion: 2n }, old]);
      await expect(claimed).to.changeTokenBalances(
        ethers,
        usd,
        [dataOwner, stranger, router],
        [400n, 200n, -1_500n],
      );
    });

    it("when a new version begins, its legs begin anew", async () => {
      const { router, capsules, usd, pay, creator } = await networkHelpers.loadFixture(payFixture);
      for (let i = 0; i < 9; i += 1) await pay(1n);
      await capsules.connect(creator).setShares(1n, []);
      await pay(1n);
      const legs = legsOf(1n);
      const range = await earners(usd, [0n, 4n], { sharesVersion: 2n });
      expect([...(await router.claimable(range)).amounts]).to.deep.equal([
        legs.platform,
        legs.data,
        legs.model,
        legs.compute,
      ]);
    });
  });

  describe("claim, given 500 rows", () => {
    const ROWS = 500;
    const units = (row: number) => BigInt((row * 7_919) % 1_000) + 1n;

    async function hugeFixture() {
      const grid = await networkHelpers.loadFixture(payFixture);
      const crowd = accounts(ROWS, "row");
      const rows = crowd.map((account, row) => share(Role.Data, units(row), account));
      return { ...grid, crowd, capsuleId: await addCapsule(grid, rows) };
    }

    it("when they are claimed in ranges, each gets its part and less than a unit a row remains", async () => {
      const { router, usd, pay, crowd, capsuleId } = await networkHelpers.loadFixture(hugeFixture);
      await pay(1_000_003n, capsuleId);
      for (let first = 1; first <= ROWS; first += 125) {
        await router.claim([await earners(usd, [BigInt(first), 125n], { capsuleId })]);
      }
      const { data } = legsOf(1_000_003n);
      const all = sum(crowd.map((_, row) => units(row)));
      const balances = await Promise.all(crowd.map((account) => usd.balanceOf(account)));
      expect(balances).to.deep.equal(crowd.map((_, row) => (data * units(row)) / all));
      const remainder = data - sum(balances);
      expect(remainder >= 0n && remainder < BigInt(ROWS)).to.equal(true);
      expect(await usd.balanceOf(router)).to.equal(1_000_003n - sum(balances));
    });
  });
});
