import { expect } from "chai";
import { ethers, networkHelpers, Role, registration, share } from "../grid.ts";
import { FOREVER, membersFixture, POLICY, poolDomain, poolFixture, signJoin, signLeave } from "./pool.ts";

describe("ContributionPool", () => {
  describe("initialize", () => {
    it("when the caller is not the factory, reverts", async () => {
      const { pool, curator } = await networkHelpers.loadFixture(poolFixture);
      await expect(pool.connect(curator).initialize(curator))
        .to.be.revertedWithCustomError(pool, "PoolCallerNotFactory")
        .withArgs(curator.address);
    });
  });

  describe("join", () => {
    it("when the policy is another, reverts", async () => {
      const { pool, alice } = await networkHelpers.loadFixture(poolFixture);
      await expect(pool.connect(alice).join(ethers.ZeroHash))
        .to.be.revertedWithCustomError(pool, "PoolPolicyMismatch")
        .withArgs(ethers.ZeroHash, POLICY);
    });

    it("when the caller has joined, reverts", async () => {
      const { pool, alice, join } = await networkHelpers.loadFixture(poolFixture);
      await join(alice);
      await expect(join(alice))
        .to.be.revertedWithCustomError(pool, "MemberAlreadyJoined")
        .withArgs(alice.address);
    });

    it("records the consent", async () => {
      const { pool, alice } = await networkHelpers.loadFixture(poolFixture);
      await expect(pool.connect(alice).join(POLICY))
        .to.emit(pool, "MemberJoined")
        .withArgs(alice.address, POLICY, 1n);
      const now = BigInt(await networkHelpers.time.latest());
      expect(await pool.memberOf(alice)).to.deep.equal([now, 1n, 0n, 0n]);
    });
  });

  describe("joinFor", () => {
    it("when the deadline has passed, reverts", async () => {
      const { pool, alice, stranger } = await networkHelpers.loadFixture(poolFixture);
      const deadline = BigInt(await networkHelpers.time.latest());
      const signature = await signJoin(pool, alice, { deadline });
      await expect(pool.connect(stranger).joinFor(alice, deadline, signature))
        .to.be.revertedWithCustomError(pool, "ConsentExpired")
        .withArgs(deadline);
    });

    it("when the signature is of another account, policy, nonce or deadline, reverts", async () => {
      const { pool, alice, bob, stranger } = await networkHelpers.loadFixture(poolFixture);
      for (const signature of [
        await signJoin(pool, bob, { member: alice.address }),
        await signJoin(pool, alice, { policyHash: ethers.ZeroHash }),
        await signJoin(pool, alice, { nonce: 1n }),
        await signJoin(pool, alice, { deadline: 1n }),
        "0x",
      ]) {
        await expect(pool.connect(stranger).joinFor(alice, FOREVER, signature))
          .to.be.revertedWithCustomError(pool, "ConsentSignatureInvalid")
          .withArgs(alice.address);
      }
    });

    it("when an account without ETH signed, a stranger submits its consent", async () => {
      const { pool, stranger } = await networkHelpers.loadFixture(poolFixture);
      const fresh = ethers.Wallet.createRandom();
      const signature = await signJoin(pool, fresh as never);
      await expect(pool.connect(stranger).joinFor(fresh, FOREVER, signature))
        .to.emit(pool, "MemberJoined")
        .withArgs(fresh.address, POLICY, 1n);
      await expect(pool.connect(stranger).joinFor(fresh, FOREVER, signature)).to.be.revertedWithCustomError(
        pool,
        "ConsentSignatureInvalid",
      );
    });

    it("when a contract wallet's owner signed, the wallet joins", async () => {
      const { pool, alice, stranger } = await networkHelpers.loadFixture(poolFixture);
      const wallet = await ethers.deployContract("SigningWallet", [alice.address]);
      const member = await wallet.getAddress();
      const signature = await signJoin(pool, alice, { member });
      await pool.connect(stranger).joinFor(wallet, FOREVER, signature);
      expect((await pool.memberOf(wallet)).changes).to.equal(1n);
    });
  });

  describe("quit", () => {
    it("when the caller has not joined, reverts", async () => {
      const { pool, alice } = await networkHelpers.loadFixture(poolFixture);
      await expect(pool.connect(alice).quit())
        .to.be.revertedWithCustomError(pool, "MemberNotConsenting")
        .withArgs(alice.address);
    });

    it("ends credits, and units keep earning", async () => {
      const { pool, usd, alice, credit, give } = await networkHelpers.loadFixture(membersFixture);
      await give(40n);
      await expect(pool.connect(alice).quit()).to.emit(pool, "MemberLeft").withArgs(alice.address, 2n);
      await expect(credit(alice, 1n))
        .to.be.revertedWithCustomError(pool, "MemberNotConsenting")
        .withArgs(alice.address);
      await give(40n);
      expect(await pool.withdrawable(alice, usd)).to.equal(20n);
    });

    it("when the member joins again, it can be credited again", async () => {
      const { pool, alice, join, credit } = await networkHelpers.loadFixture(membersFixture);
      await pool.connect(alice).quit();
      await join(alice);
      await credit(alice, 5n);
      expect((await pool.memberOf(alice)).units).to.equal(6n);
    });
  });

  describe("quitFor", () => {
    it("when the deadline has passed, or the signature is not the member's next one, reverts", async () => {
      const { pool, alice, bob, stranger, join } = await networkHelpers.loadFixture(poolFixture);
      await join(alice);
      await expect(pool.connect(stranger).quitFor(alice, 1n, "0x"))
        .to.be.revertedWithCustomError(pool, "ConsentExpired")
        .withArgs(1n);
      for (const signature of [
        await signLeave(pool, bob, { member: alice.address }),
        await signLeave(pool, alice, { nonce: 0n }),
        await signJoin(pool, alice, { nonce: 1n }),
      ]) {
        await expect(pool.connect(stranger).quitFor(alice, FOREVER, signature))
          .to.be.revertedWithCustomError(pool, "ConsentSignatureInvalid")
          .withArgs(alice.address);
      }
    });

    it("when the member signed, a stranger ends its consent", async () => {
      const { pool, alice, stranger, join } = await networkHelpers.loadFixture(poolFixture);
      await join(alice);
      await pool.connect(stranger).quitFor(alice, FOREVER, await signLeave(pool, alice));
      expect((await pool.memberOf(alice)).consentedAt).to.equal(0n);
    });
  });

  describe("credit", () => {
    it("when the caller is not the curator, reverts", async () => {
      const { pool, alice } = await networkHelpers.loadFixture(poolFixture);
      await expect(pool.connect(alice).credit([], []))
        .to.be.revertedWithCustomError(pool, "CallerNotCurator")
        .withArgs(alice.address);
    });

    it("when a contribution has no units, reverts", async () => {
      const { pool, alice, join, credit } = await networkHelpers.loadFixture(poolFixture);
      await join(alice);
      await expect(credit(alice, 0n))
        .to.be.revertedWithCustomError(pool, "ContributionUnitsZero")
        .withArgs(0);
    });

    it("when a currency is not a contract, reverts", async () => {
      const { pool, alice, join, credit } = await networkHelpers.loadFixture(poolFixture);
      await join(alice);
      await expect(credit(alice, 1n, [alice]))
        .to.be.revertedWithCustomError(pool, "CurrencyNotContract")
        .withArgs(alice.address);
    });

    it("when units exceed 64 bits in all, reverts", async () => {
      const { alice, bob, join, credit } = await networkHelpers.loadFixture(poolFixture);
      await join(alice, bob);
      await credit(alice, 2n ** 64n - 1n);
      await expect(credit(bob, 1n)).to.be.revertedWithPanic(0x11);
    });

    it("adds units with evidence, also for one member repeatedly", async () => {
      const { pool, curator, alice, usd, join } = await networkHelpers.loadFixture(poolFixture);
      await join(alice);
      const [one, two] = [ethers.id("one"), ethers.id("two")];
      const credited = pool.connect(curator).credit(
        [
          { member: alice, units: 2n, evidenceHash: one },
          { member: alice, units: 5n, evidenceHash: two },
        ],
        [usd, usd],
      );
      await expect(credited).to.emit(pool, "ContributionCredited").withArgs(alice.address, one, 2n);
      await expect(credited).to.emit(pool, "ContributionCredited").withArgs(alice.address, two, 5n);
      await expect(credited)
        .to.emit(pool, "CurrencyOpened")
        .withArgs(await usd.getAddress(), 1n, 7n);
      expect([await pool.totalUnits(), (await pool.memberOf(alice)).units]).to.deep.equal([7n, 7n]);
    });

    it("when revenue waited for the first units, all members of the first batch divide it", async () => {
      const { pool, curator, alice, bob, usd, join, give } = await networkHelpers.loadFixture(poolFixture);
      await give(100n);
      await pool.connect(curator).sync(usd);
      expect((await pool.currencyOf(usd)).opening).to.equal(0n);
      await join(alice, bob);
      const batch = [alice, bob].map((member, i) => {
        return { member, units: 1n + 3n * BigInt(i), evidenceHash: POLICY };
      });
      await pool.connect(curator).credit(batch, [usd]);
      expect([await pool.withdrawable(alice, usd), await pool.withdrawable(bob, usd)]).to.deep.equal([
        20n,
        80n,
      ]);
    });

    it("when revenue arrived before, new units do not share it", async () => {
      const { pool, usd, alice, bob, carol, join, credit, give } =
        await networkHelpers.loadFixture(membersFixture);
      await give(400n);
      await join(carol);
      await credit(carol, 4n);
      await give(80n);
      const owed = await Promise.all([alice, bob, carol].map((each) => pool.withdrawable(each, usd)));
      expect(owed).to.deep.equal([110n, 330n, 40n]);
    });

    it("when a currency is not named, new units are inactive there until a withdrawal", async () => {
      const { pool, usd, alice, stranger, credit, give } = await networkHelpers.loadFixture(membersFixture);
      await credit(alice, 4n, []);
      await give(40n);
      expect(await pool.withdrawable(alice, usd)).to.equal(10n);
      await expect(pool.connect(stranger).withdraw(alice, usd))
        .to.emit(pool, "UnitsActivated")
        .withArgs(alice.address, await usd.getAddress(), 5n);
      await give(80n);
      expect(await pool.withdrawable(alice, usd)).to.equal(50n);
    });

    it("when a token fails, credits without it succeed", async () => {
      const { pool, curator, alice, usd } = await networkHelpers.loadFixture(membersFixture);
      const batch = [{ member: alice, units: 1n, evidenceHash: POLICY }];
      await expect(pool.connect(curator).credit(batch, [usd, pool])).to.be.revert(ethers);
      await pool.connect(curator).credit(batch, [usd]);
    });
  });

  describe("sync", () => {
    it("when a stranger names a token that is not open, reverts", async () => {
      const { pool, stranger } = await networkHelpers.loadFixture(membersFixture);
      const token = await ethers.deployContract("PlainToken", [18]);
      for (const call of [
        () => pool.connect(stranger).sync(token),
        () => pool.connect(stranger).withdraw(stranger, token),
      ]) {
        await expect(call())
          .to.be.revertedWithCustomError(pool, "CurrencyNotOpen")
          .withArgs(await token.getAddress());
      }
    });

    it("when a member or the curator calls, opens the token for all units of the moment", async () => {
      const { pool, curator, alice, bob, carol, join, credit } =
        await networkHelpers.loadFixture(membersFixture);
      await join(carol);
      for (const [opener, opening, units, expected] of [
        [alice, 2n, 4n, [200n, 600n, 0n]],
        [curator, 3n, 16n, [50n, 550n, 200n]],
      ] as const) {
        const token = await ethers.deployContract("PlainToken", [18]);
        await token.mint(pool, 800n);
        await expect(pool.connect(opener).sync(token))
          .to.emit(pool, "CurrencyOpened")
          .withArgs(await token.getAddress(), opening, units);
        await credit(carol, 4n);
        await credit(bob, 8n, []);
        const owed = [alice, bob, carol].map((each) => pool.withdrawable(each, token));
        expect(await Promise.all(owed)).to.deep.equal(expected);
      }
    });

    it("when a member's units changed since the opening, its first position has the units of then", async () => {
      const { pool, alice, bob, carol, join, credit } = await networkHelpers.loadFixture(membersFixture);
      const tokens = await Promise.all([1, 2, 3].map(() => ethers.deployContract("PlainToken", [18])));
      await join(carol);
      for (const token of tokens) {
        await token.mint(pool, 1_200n);
        await pool.connect(alice).sync(token);
        await credit(bob, 8n, []);
        await credit(carol, 4n, []);
      }
      const owed = await Promise.all(
        tokens.map((token) => Promise.all([alice, bob, carol].map((each) => pool.withdrawable(each, token)))),
      );
      expect(owed).to.deep.equal([
        [300n, 900n, 0n],
        [75n, 825n, 300n],
        [42n, 814n, 342n],
      ]);
    });

    it("divides what arrived, and keeps the remainder for the next revenue", async () => {
      const { pool, usd, stranger, give } = await networkHelpers.loadFixture(membersFixture);
      await give(5n);
      await expect(pool.connect(stranger).sync(usd))
        .to.emit(pool, "RevenueShared")
        .withArgs(await usd.getAddress(), 5n, 4n);
      await expect(pool.connect(stranger).sync(usd)).not.to.emit(pool, "RevenueShared");
      expect(await pool.currencyOf(usd)).to.deep.equal([(5n << 64n) / 4n, 4n, 5n, 0n, 0n, 1n]);
    });

    it("when the balance shrank, later revenue fills the gap first", async () => {
      const { pool, alice, bob, join, credit } = await networkHelpers.loadFixture(poolFixture);
      const token = await ethers.deployContract("RebasingToken");
      await join(alice, bob);
      await credit(alice, 1n, [token]);
      await credit(bob, 1n, [token]);
      await token.mint(pool, 100n);
      await pool.sync(token);
      await token.shrink(pool, 60n);
      await token.mint(pool, 80n);
      expect([await pool.withdrawable(alice, token), await pool.withdrawable(bob, token)]).to.deep.equal([
        60n,
        60n,
      ]);
      for (const member of [alice, bob]) await pool.withdraw(member, token);
      expect(await token.balanceOf(pool)).to.equal(0n);
    });

    it("when a token claims to be endless, revenue saturates and the pool keeps working", async () => {
      const { pool, alice, bob, join, credit } = await networkHelpers.loadFixture(poolFixture);
      const token = await ethers.deployContract("PlainToken", [18]);
      await join(alice, bob);
      await credit(alice, 1n, [token]);
      await token.mint(pool, 2n ** 200n);
      await pool.sync(token);
      await credit(bob, 2n ** 64n - 2n, [token]);
      expect(await pool.withdrawable(alice, token)).to.equal(2n ** 128n - 1n);
      await pool.withdraw(alice, token);
      await pool.sync(token);
      expect((await pool.currencyOf(token)).received).to.equal(2n ** 128n - 1n);
    });

    it("when the pool has no curator, anyone opens a token", async () => {
      const { pool, curator, alice, stranger } = await networkHelpers.loadFixture(membersFixture);
      await pool.connect(curator).renounceCurator();
      const token = await ethers.deployContract("PlainToken", [18]);
      await token.mint(pool, 4n);
      await pool.connect(stranger).withdraw(alice, token);
      expect(await token.balanceOf(alice)).to.equal(1n);
    });
  });

  describe("withdraw", () => {
    it("when the pool is empty, pays nothing", async () => {
      const { pool, usd, curator, alice, give } = await networkHelpers.loadFixture(poolFixture);
      await give(10n);
      expect(await pool.connect(curator).withdraw.staticCall(alice, usd)).to.equal(0n);
      await pool.connect(curator).withdraw(alice, usd);
      expect(await usd.balanceOf(pool)).to.equal(10n);
    });

    it("when anyone calls, pays the member to the unit, once", async () => {
      const { pool, usd, bob, stranger, give } = await networkHelpers.loadFixture(membersFixture);
      await give(401n);
      const paid = pool.connect(stranger).withdraw(bob, usd);
      await expect(paid).to.changeTokenBalances(ethers, usd, [pool, bob], [-300n, 300n]);
      await expect(paid)
        .to.emit(pool, "ContributionWithdrawn")
        .withArgs(bob.address, await usd.getAddress(), 300n);
      await expect(pool.withdraw(bob, usd)).to.changeTokenBalance(ethers, usd, bob, 0n);
      await give(1n);
      expect(await pool.withdrawable(bob, usd)).to.equal(1n);
    });

    it("when the account is a stranger, pays nothing", async () => {
      const { pool, usd, stranger, give } = await networkHelpers.loadFixture(membersFixture);
      await give(400n);
      await expect(pool.withdraw(stranger, usd)).to.changeTokenBalance(ethers, usd, stranger, 0n);
      expect((await pool.positionOf(stranger, usd)).units).to.equal(0n);
    });

    it("when a member is blocked by the token, only that member waits", async () => {
      const { pool, alice, bob, carol, join, credit } = await networkHelpers.loadFixture(poolFixture);
      const token = await ethers.deployContract("BlocklistToken");
      await join(alice, bob, carol);
      for (const member of [alice, bob]) await credit(member, 1n, [token]);
      await token.mint(pool, 100n);
      await token.setBlocked(alice, true);
      await expect(pool.withdraw(alice, token)).to.be.revertedWithCustomError(token, "AccountBlocked");
      await pool.withdraw(bob, token);
      await credit(alice, 1n, [token]);
      await credit(carol, 1n, [token]);
      await token.mint(pool, 100n);
      await token.setBlocked(alice, false);
      await expect(pool.withdraw(alice, token)).to.changeTokenBalance(ethers, token, alice, 100n);
    });

    it("when the token fails, reverts, and other tokens are paid", async () => {
      const { pool, usd, alice, credit, give } = await networkHelpers.loadFixture(membersFixture);
      const token = await ethers.deployContract("FalseToken");
      await credit(alice, 4n, [usd, token]);
      await token.mint(pool, 80n);
      await give(80n);
      await token.breakDown();
      await expect(pool.withdraw(alice, token))
        .to.be.revertedWithCustomError(pool, "SafeERC20FailedOperation")
        .withArgs(await token.getAddress());
      await expect(pool.withdraw(alice, usd)).to.changeTokenBalance(ethers, usd, alice, 50n);
    });

    it("when the token calls back, reverts", async () => {
      const { pool, alice, credit } = await networkHelpers.loadFixture(membersFixture);
      const token = await ethers.deployContract("HookToken");
      await credit(alice, 4n, [token]);
      await token.mint(pool, 80n);
      await token.arm(pool, pool.interface.encodeFunctionData("sync", [await token.getAddress()]), true);
      await expect(pool.withdraw(alice, token)).to.be.revertedWithCustomError(
        pool,
        "ReentrancyGuardReentrantCall",
      );
    });

    it("when the token takes a fee, the pool counts what arrived", async () => {
      const { pool, alice, bob, join, credit } = await networkHelpers.loadFixture(poolFixture);
      const token = await ethers.deployContract("FeeToken");
      await join(alice, bob);
      for (const member of [alice, bob]) await credit(member, 1n, [token]);
      await token.mint(alice, 1_000n);
      await token.connect(alice).transfer(pool, 1_000n);
      for (const member of [alice, bob]) await pool.withdraw(member, token);
      expect(await token.balanceOf(pool)).to.equal(0n);
      expect((await pool.currencyOf(token)).received).to.equal(990n);
    });
  });

  describe("given a pool in a capsule's share rows", () => {
    it("when its row is claimed, members divide it", async () => {
      const fixture = await networkHelpers.loadFixture(membersFixture);
      const { capsules, router, pool, usd, creator, stranger, alice, bob } = fixture;
      await capsules.register(creator, registration([share(Role.Data, 1n, await pool.getAddress())]));
      await router.connect(alice).pay(1n, usd, 1_000n, "0x");
      const token = await usd.getAddress();
      const range = { capsuleId: 1n, sharesVersion: 1n, token, first: 1n, count: 1n };
      await router.connect(stranger).claim([range]);
      await expect(pool.withdraw(bob, usd)).to.changeTokenBalance(ethers, usd, bob, 300n);
      expect(await pool.withdrawable(alice, usd)).to.equal(100n);
    });
  });

  describe("transferCurator, acceptCurator", () => {
    it("when another account calls, reverts", async () => {
      const { pool, curator, alice, bob } = await networkHelpers.loadFixture(poolFixture);
      await expect(pool.connect(alice).transferCurator(alice))
        .to.be.revertedWithCustomError(pool, "CallerNotCurator")
        .withArgs(alice.address);
      await pool.connect(curator).transferCurator(alice);
      await expect(pool.connect(bob).acceptCurator())
        .to.be.revertedWithCustomError(pool, "CallerNotPendingCurator")
        .withArgs(bob.address);
    });

    it("when the successor accepts, it is the curator", async () => {
      const { pool, curator, alice } = await networkHelpers.loadFixture(poolFixture);
      await expect(pool.connect(curator).transferCurator(alice))
        .to.emit(pool, "CuratorTransferStarted")
        .withArgs(curator.address, alice.address);
      expect([await pool.curator(), await pool.pendingCurator()]).to.deep.equal([
        curator.address,
        alice.address,
      ]);
      await expect(pool.connect(alice).acceptCurator())
        .to.emit(pool, "CuratorTransferred")
        .withArgs(curator.address, alice.address);
      expect([await pool.curator(), await pool.pendingCurator()]).to.deep.equal([
        alice.address,
        ethers.ZeroAddress,
      ]);
    });
  });

  describe("renounceCurator", () => {
    it("when another account calls, reverts", async () => {
      const { pool, alice } = await networkHelpers.loadFixture(membersFixture);
      await expect(pool.connect(alice).renounceCurator())
        .to.be.revertedWithCustomError(pool, "CallerNotCurator")
        .withArgs(alice.address);
    });

    it("when nobody has units, reverts", async () => {
      const { pool, curator } = await networkHelpers.loadFixture(poolFixture);
      await expect(pool.connect(curator).renounceCurator()).to.be.revertedWithCustomError(
        pool,
        "PoolHasNoUnits",
      );
    });

    it("ends credits and a pending transfer, and members still earn", async () => {
      const { pool, usd, curator, alice, bob, credit, give } =
        await networkHelpers.loadFixture(membersFixture);
      await pool.connect(curator).transferCurator(alice);
      await pool.connect(curator).renounceCurator();
      await expect(credit(bob, 1n)).to.be.revertedWithCustomError(pool, "CallerNotCurator");
      await expect(pool.connect(alice).acceptCurator()).to.be.revertedWithCustomError(
        pool,
        "CallerNotPendingCurator",
      );
      await give(4n);
      expect(await pool.withdrawable(bob, usd)).to.equal(3n);
    });
  });

  describe("views", () => {
    it("describe the signing domain, units and openings", async () => {
      const { pool } = await networkHelpers.loadFixture(membersFixture);
      const domain = await poolDomain(pool);
      const { name, version, chainId, verifyingContract } = await pool.eip712Domain();
      expect({ name, version, chainId, verifyingContract }).to.deep.equal(domain);
      expect([await pool.totalUnits(), await pool.openings()]).to.deep.equal([4n, 1n]);
      const types = [
        "Join(address member,bytes32 policyHash,uint256 nonce,uint256 deadline)",
        "Leave(address member,uint256 nonce,uint256 deadline)",
      ].map(ethers.id);
      expect([await pool.JOIN_TYPEHASH(), await pool.LEAVE_TYPEHASH()]).to.deep.equal(types);
    });

    it("when a token is not open, nothing is withdrawable", async () => {
      const { pool, alice, stranger } = await networkHelpers.loadFixture(membersFixture);
      expect(await pool.withdrawable(alice, stranger)).to.equal(0n);
    });
  });
});
