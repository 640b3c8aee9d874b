import { expect } from "chai";
import { ethers, networkHelpers } from "../grid.ts";
import { attacked, runEpoch, scoreAndRun } from "../subnets/attacks.ts";
import { type Signer, score } from "../subnets/support.ts";

const ALL = [0, 1, 2, 3];

/** Subnet 1 in epoch 2, with two validators and two miners. */
async function potsFixture() {
  return await attacked({ stakes: [300n, 300n], miners: 2 });
}

type Fixture = Awaited<ReturnType<typeof potsFixture>>;

/** Epoch 2 is run: half to the first miner, a quarter to each validator. */
async function run(fixture: Fixture) {
  const { validators, goTo, hub } = fixture;
  await score(fixture, 2n, new Map(validators.slice(0, 2).map((validator) => [validator, [1n]])));
  await goTo(3n);
  await runEpoch(hub);
}

type Token = {
  mint(to: Signer, amount: bigint): Promise<unknown>;
  connect(signer: Signer): { approve(spender: string, amount: bigint): Promise<unknown> };
};

async function give(token: Token, owner: Signer, spender: { getAddress(): Promise<string> }) {
  await token.mint(owner, 10_000n);
  await token.connect(owner).approve(await spender.getAddress(), 10_000n);
}

describe("attacks on pots of subnets", () => {
  describe("by a newcomer in the slot of a miner with unclaimed pay", () => {
    it("when pay is owed to a slot, the newcomer takes it", async () => {
      const [miner, newcomer] = (await ethers.getSigners()) as [Signer, Signer];
      const token = await ethers.deployContract("PlainToken", [18]);
      const twin = await ethers.deployContract("SlotPot", [token]);
      await token.mint(twin, 100n);
      await twin.connect(miner).register();
      await twin.credit(100n);
      await twin.connect(newcomer).register();
      await expect(twin.claim()).to.changeTokenBalances(ethers, token, [miner, newcomer], [0n, 100n]);
    });

    it("with SubnetHub, anyone claims it for the miner that earned it, many epochs later", async () => {
      const fixture = await attacked({
        params: { immunity: 1n, maxMiners: 1n },
        stakes: [300n],
        miners: 1,
      });
      const { hub, sponsor, stranger, validators, miners, goTo } = fixture;
      const [miner, newcomer] = miners;
      const token = await ethers.deployContract("PlainToken", [18]);
      await give(token, sponsor, hub);
      await hub.connect(sponsor).fund(1, token, 1_000, 2, 1);
      await scoreAndRun(fixture, 2n, new Map([[validators[0], [1n]]]));
      await hub.connect(newcomer).registerMiner(1);
      expect(await hub.minerSlotOf(1, newcomer)).to.equal(0n);
      await expect(hub.minerSlotOf(1, miner))
        .to.be.revertedWithCustomError(hub, "MinerNotRegistered")
        .withArgs(1, miner.address);
      await goTo(200n);
      await expect(hub.connect(stranger).claim(1, 2, token, [0, 1])).to.changeTokenBalances(
        ethers,
        token,
        [miner, newcomer, stranger],
        [500n, 0n, 0n],
      );
      await expect(hub.connect(newcomer).claim(1, 2, token, [1]))
        .to.be.revertedWithCustomError(hub, "ShareAlreadyClaimed")
        .withArgs(1, await token.getAddress(), 2, 1);
    });
  });

  describe("by a sponsor's token that takes a fee or moves nothing", () => {
    it("when a pot counts the stated amount, its payee is paid from another pot", async () => {
      const [sponsor, alice, bob] = (await ethers.getSigners()) as [Signer, Signer, Signer];
      const token = await ethers.deployContract("FeeToken");
      const twin = await ethers.deployContract("TrustingPots");
      await give(token, sponsor, twin);
      for (const payee of [alice, bob]) await twin.fund(token, payee, 1_000n);
      await twin.claim(token, alice);
      await expect(twin.claim(token, bob)).to.be.revertedWithCustomError(token, "ERC20InsufficientBalance");
    });

    it("with SubnetHub, nobody funds a pot with it", async () => {
      const { hub, sponsor } = await networkHelpers.loadFixture(potsFixture);
      for (const [token, received] of [
        [await ethers.deployContract("FeeToken"), 990n],
        [await ethers.deployContract("LyingToken"), 0n],
      ] as const) {
        await give(token, sponsor, hub);
        await expect(hub.connect(sponsor).fund(1, token, 1_000, 2, 1))
          .to.be.revertedWithCustomError(hub, "TransferAmountMismatch")
          .withArgs(await token.getAddress(), 1_000, received);
        expect(await hub.potOf(1, token, 2)).to.deep.equal([0n, 0n]);
      }
    });
  });

  describe("by a token that calls back", () => {
    it("when a pot is marked after it is paid, a call in the middle empties another pot", async () => {
      const [sponsor, alice, bob] = (await ethers.getSigners()) as [Signer, Signer, Signer];
      const token = await ethers.deployContract("HookToken");
      const twin = await ethers.deployContract("HastyPots");
      await give(token, sponsor, twin);
      for (const payee of [alice, bob]) await twin.fund(token, payee, 1_000n);
      const again = twin.interface.encodeFunctionData("claim", [await token.getAddress(), alice.address]);
      await token.arm(twin, again, true);
      await expect(twin.claim(token, alice)).to.changeTokenBalance(ethers, token, alice, 2_000n);
      await expect(twin.claim(token, bob)).to.be.revertedWithCustomError(token, "ERC20InsufficientBalance");
    });

    it("with SubnetHub, each share is paid once, and no call in the middle moves a pot", async () => {
      const fixture = await networkHelpers.loadFixture(potsFixture);
      const { hub, coin, sponsor, goTo } = fixture;
      const token = await ethers.deployContract("HookToken");
      await give(token, sponsor, hub);
      await hub.connect(sponsor).fund(1, token, 1_000, 2, 2);
      await hub.connect(sponsor).fund(1, coin, 1_000, 2, 2);
      await run(fixture);
      const address = await token.getAddress();
      const before = await coin.balanceOf(hub);
      const encode = hub.interface;
      for (const [index, call, error] of [
        [0, encode.encodeFunctionData("claim", [1, 2, address, [0]]), "ReentrancyGuardReentrantCall"],
        [1, encode.encodeFunctionData("fund", [1, address, 1, 3, 1]), "ReentrancyGuardReentrantCall"],
        [2, encode.encodeFunctionData("rollOver", [1, address, 2]), "PotNotDead"],
      ] as const) {
        await token.arm(hub, call, false);
        await hub.claim(1, 2, token, [index]);
        expect(await token.succeeded()).to.equal(false);
        expect((await token.result()).slice(0, 10)).to.equal(encode.getError(error)?.selector);
      }
      await goTo(5n);
      expect(await token.balanceOf(hub)).to.equal(1_000n);
      expect(await hub.potOf(1, token, 3)).to.deep.equal([1_000n, 1_000n]);
      expect(await coin.balanceOf(hub)).to.equal(before);
    });
  });

  describe("by a token that reverts or loses balances", () => {
    it("when all tokens are paid in one call, one broken token withholds all pay", async () => {
      const [sponsor, alice] = (await ethers.getSigners()) as [Signer, Signer];
      const good = await ethers.deployContract("PlainToken", [18]);
      const bad = await ethers.deployContract("BlocklistToken");
      const twin = await ethers.deployContract("BundledPots");
      for (const token of [good, bad]) {
        await give(token, sponsor, twin);
        await twin.fund(token, alice, 1_000n);
      }
      await bad.setBlocked(alice, true);
      await expect(twin.claim([await good.getAddress(), await bad.getAddress()], alice))
        .to.be.revertedWithCustomError(bad, "AccountBlocked")
        .withArgs(alice.address);
      expect(await good.balanceOf(alice)).to.equal(0n);
    });

    it("with SubnetHub, each other payee and each other token is paid in full", async () => {
      const fixture = await networkHelpers.loadFixture(potsFixture);
      const { hub, sponsor, validators, miners } = fixture;
      const [good, blocking, shrinking] = [
        await ethers.deployContract("PlainToken", [18]),
        await ethers.deployContract("BlocklistToken"),
        await ethers.deployContract("RebasingToken"),
      ];
      for (const token of [good, blocking, shrinking]) {
        await give(token, sponsor, hub);
        await hub.connect(sponsor).fund(1, token, 1_000, 2, 1);
      }
      await run(fixture);
      await blocking.setBlocked(miners[0], true);
      await shrinking.shrink(hub, 900n);
      await expect(hub.claim(1, 2, blocking, ALL))
        .to.be.revertedWithCustomError(blocking, "AccountBlocked")
        .withArgs(miners[0].address);
      const payees = [...validators.slice(0, 2), miners[0]];
      await expect(hub.claim(1, 2, blocking, [0, 1])).to.changeTokenBalances(ethers, blocking, payees, [
        250n,
        250n,
        0n,
      ]);
      await expect(hub.claim(1, 2, shrinking, ALL)).to.be.revertedWithCustomError(
        shrinking,
        "ERC20InsufficientBalance",
      );
      await expect(hub.claim(1, 2, good, ALL)).to.changeTokenBalances(ethers, good, payees, [
        250n,
        250n,
        500n,
      ]);
      // The blocked share waits.
      await blocking.setBlocked(miners[0], false);
      await expect(hub.claim(1, 2, blocking, [2])).to.changeTokenBalance(ethers, blocking, miners[0], 500n);
    });
  });
});
