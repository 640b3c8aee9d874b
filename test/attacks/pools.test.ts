import { expect } from "chai";
import { membersFixture, POLICY, poolFixture, signJoin } from "../capsules/pool.ts";
import { ethers, networkHelpers } from "../grid.ts";

describe("attacks on contribution pools", () => {
  describe("by a credit between arrival and count", () => {
    it("when a pool credits before it counts, the curator's friend takes earlier revenue", async () => {
      const { usd, alice, bob } = await networkHelpers.loadFixture(poolFixture);
      const twin = await ethers.deployContract("UnsyncedPool", [usd]);
      await twin.credit(alice, 1n);
      await usd.mint(twin, 100n);
      await twin.credit(bob, 99n);
      await expect(twin.withdraw(bob)).to.changeTokenBalance(ethers, usd, bob, 99n);
    });

    it("with ContributionPool, new units get nothing of it, named or not", async () => {
      const { pool, usd, alice, carol, join, credit, give } =
        await networkHelpers.loadFixture(membersFixture);
      await join(carol);
      await give(100n);
      for (const currencies of [[], [usd]]) await credit(carol, 96n, currencies);
      await pool.withdraw(carol, usd);
      expect([await pool.withdrawable(carol, usd), await pool.withdrawable(alice, usd)]).to.deep.equal([
        0n,
        25n,
      ]);
    });

    it("with ContributionPool, an omitted currency only delays the new units", async () => {
      const { pool, usd, bob, carol, stranger, join, credit, give } =
        await networkHelpers.loadFixture(membersFixture);
      await join(carol);
      await credit(carol, 4n, []);
      await pool.connect(stranger).withdraw(carol, usd);
      await give(80n);
      expect([await pool.withdrawable(carol, usd), await pool.withdrawable(bob, usd)]).to.deep.equal([
        40n,
        30n,
      ]);
    });
  });

  describe("by a credit before a token is open", () => {
    /** Carol, the curator's friend, gets 96 units after 100 base units arrived. What Alice and Carol earn of them. */
    async function earnedOf(isOpen: boolean) {
      const { pool, alice, carol, join, credit } = await networkHelpers.loadFixture(membersFixture);
      const token = await ethers.deployContract("PlainToken", [18]);
      if (isOpen) await pool.connect(alice).sync(token);
      await token.mint(pool, 100n);
      await join(carol);
      await credit(carol, 96n, []);
      await pool.connect(carol).sync(token);
      return [await pool.withdrawable(alice, token), await pool.withdrawable(carol, token)];
    }

    it("with ContributionPool, new units share what waits in a token that nobody opened", async () => {
      expect(await earnedOf(false)).to.deep.equal([1n, 96n]);
    });

    it("with ContributionPool, a member opens the token before, and new units get nothing of it", async () => {
      expect(await earnedOf(true)).to.deep.equal([25n, 0n]);
    });
  });

  describe("by a late joiner", () => {
    it("when new units earn from the beginning, the joiner takes members' money", async () => {
      const { usd, alice, bob } = await networkHelpers.loadFixture(poolFixture);
      const twin = await ethers.deployContract("DebtlessPool", [usd]);
      await twin.credit(alice, 1n);
      await usd.mint(twin, 100n);
      await twin.credit(bob, 1n);
      await expect(twin.withdraw(bob)).to.changeTokenBalance(ethers, usd, bob, 100n);
      await expect(twin.withdraw(alice)).to.be.revert(ethers);
    });

    it("with ContributionPool, a joiner starts at zero in every currency, opened before or after", async () => {
      const { pool, usd, alice, carol, join, credit, give } =
        await networkHelpers.loadFixture(membersFixture);
      const token = await ethers.deployContract("PlainToken", [18]);
      await token.mint(pool, 400n);
      await give(400n);
      await pool.connect(alice).sync(token);
      await join(carol);
      await credit(carol, 1_000n, [token, usd]);
      for (const currency of [usd, token]) {
        expect(await pool.withdrawable(carol, currency)).to.equal(0n);
        expect(await pool.withdrawable(alice, currency)).to.equal(100n);
      }
    });
  });

  describe("by a token that calls its sender before it moves", () => {
    it("when a pool has no guard, money on its way out counts as new revenue", async () => {
      const { alice, bob } = await networkHelpers.loadFixture(poolFixture);
      const token = await ethers.deployContract("EarlyHookToken");
      const twin = await ethers.deployContract("UnguardedPool", [token]);
      for (const member of [alice, bob]) await twin.credit(member, 1n);
      await token.mint(twin, 100n);
      await token.arm(twin, twin.interface.encodeFunctionData("sync"));
      await twin.withdraw(alice);
      expect(await twin.owed()).to.be.greaterThan(await token.balanceOf(twin));
    });

    it("with ContributionPool, sync, credit, withdraw and withdrawable revert meanwhile", async () => {
      const { pool, curator, alice, bob, join, credit } = await networkHelpers.loadFixture(poolFixture);
      const token = await ethers.deployContract("EarlyHookToken");
      await join(alice, bob);
      for (const member of [alice, bob]) await credit(member, 1n, [token]);
      await pool.connect(curator).transferCurator(token);
      const face = pool.interface;
      const currency = await token.getAddress();
      for (const data of [
        face.encodeFunctionData("sync", [currency]),
        face.encodeFunctionData("credit", [[], []]),
        face.encodeFunctionData("withdraw", [bob.address, currency]),
        face.encodeFunctionData("withdrawable", [bob.address, currency]),
      ]) {
        await token.mint(pool, 100n);
        await token.arm(pool, data);
        await expect(pool.withdraw(alice, token)).to.changeTokenBalance(ethers, token, alice, 50n);
        expect([await token.succeeded(), await token.result()]).to.deep.equal([
          false,
          face.getError("ReentrancyGuardReentrantCall")?.selector,
        ]);
      }
      await expect(pool.withdraw(bob, token)).to.changeTokenBalance(ethers, token, bob, 200n);
      await token.arm(pool, face.encodeFunctionData("sync", [currency]));
      await token.mint(pool, 2n);
      await pool.withdraw(alice, token);
      expect((await pool.currencyOf(token)).received).to.equal(402n);
    });
  });

  describe("by a signature submitted again", () => {
    it("when consent has no nonce, whoever has the signature undoes a revocation", async () => {
      const { alice } = await networkHelpers.loadFixture(poolFixture);
      const twin = await ethers.deployContract("NoncelessPool");
      const digest = ethers.hashMessage("join");
      const signature = await alice.signMessage("join");
      await twin.joinFor(alice, digest, signature);
      await twin.connect(alice).quit();
      await twin.joinFor(alice, digest, signature);
      expect(await twin.joined(alice)).to.equal(true);
    });

    it("with ContributionPool, each signature counts once, at one pool", async () => {
      const { pool, pools, curator, alice, stranger } = await networkHelpers.loadFixture(poolFixture);
      const signature = await signJoin(pool, alice);
      await pool.connect(stranger).joinFor(alice, ethers.MaxUint256, signature);
      await pool.connect(alice).quit();
      const address = await pools.create.staticCall(curator, POLICY);
      await pools.create(curator, POLICY);
      const other = await ethers.getContractAt("ContributionPool", address);
      for (const target of [pool, other]) {
        await expect(target.connect(stranger).joinFor(alice, ethers.MaxUint256, signature))
          .to.be.revertedWithCustomError(target, "ConsentSignatureInvalid")
          .withArgs(alice.address);
      }
    });
  });

  describe("by worthless tokens", () => {
    it("when every credit reads a list that strangers grow, one broken token ends all credits", async () => {
      const { stranger } = await networkHelpers.loadFixture(poolFixture);
      const twin = await ethers.deployContract("ForcedPool");
      await twin.connect(stranger).open(stranger);
      await expect(twin.credit(1n)).to.be.revert(ethers);
    });

    it("with ContributionPool, strangers open nothing, and a credit reads only named currencies", async () => {
      const { pool, curator, alice, stranger, credit } = await networkHelpers.loadFixture(membersFixture);
      const junk = await ethers.deployContract("PlainToken", [18]);
      await junk.mint(pool, 1n);
      await expect(pool.connect(stranger).withdraw(alice, junk))
        .to.be.revertedWithCustomError(pool, "CurrencyNotOpen")
        .withArgs(await junk.getAddress());
      const before = (await (await credit(alice, 1n)).wait())?.gasUsed ?? 0n;
      for (let i = 0; i < 5; i++) {
        const token = await ethers.deployContract("PlainToken", [18]);
        await pool.connect(curator).sync(token);
      }
      await credit(alice, 1n);
      const after = (await (await credit(alice, 1n)).wait())?.gasUsed ?? 0n;
      expect(after).to.be.at.most(before);
    });
  });
});
