import { expect } from "chai";
import { ethers, networkHelpers } from "../grid.ts";
import { earnedFixture, feedFixture } from "./feeds.ts";
import { HASH, PARAMS, Phase } from "./support.ts";

type Fixture = Awaited<ReturnType<typeof earnedFixture>>;

/** The last epoch of subnet 1 is the current one. */
async function retire({ subnets, admin }: Fixture) {
  await subnets.connect(admin).retire(1);
}

describe("SubnetFeed", () => {
  describe("pour", () => {
    it("when there is nothing in this token, reverts", async () => {
      const { feed, token } = await networkHelpers.loadFixture(earnedFixture);
      await feed.pour(token);
      await expect(feed.pour(token)).to.be.revertedWithCustomError(feed, "FeedEmpty").withArgs(1, token);
    });

    it("when the subnet does not exist, reverts and keeps the money for it", async () => {
      const { feeds, subnets, admin, usd, token } = await networkHelpers.loadFixture(earnedFixture);
      await feeds.create(2);
      const feed = await ethers.getContractAt("SubnetFeed", await feeds.feedOf(2));
      await usd.mint(feed, 10n);
      await expect(feed.pour(token)).to.be.revertedWithCustomError(subnets, "SubnetNonexistent").withArgs(2);
      await subnets.connect(admin).createSovereign(8, PARAMS, HASH, "ipfs://next");
      await feed.pour(token);
      expect(await subnets.potOf(2, token, 1)).to.deep.equal([10n, 10n]);
    });

    it("when the feed has earned, anyone adds all of it to the pot of the current epoch", async () => {
      const { feed, subnets, router, usd, token, stranger } = await networkHelpers.loadFixture(earnedFixture);
      expect(await feed.pour.staticCall(token)).to.deep.equal([35n, 1n]);
      const poured = feed.connect(stranger).pour(token);
      await expect(poured).to.emit(feed, "FeedPoured").withArgs(1, token, 1, 1, 35);
      await expect(poured).to.emit(subnets, "PotFunded").withArgs(1, 1, token, feed, 35, 1, 1);
      await expect(poured).to.changeTokenBalances(
        ethers,
        usd,
        [router, feed, subnets, stranger],
        [-35n, 0n, 35n, 0n],
      );
      expect(await subnets.potOf(1, token, 1)).to.deep.equal([35n, 35n]);
      expect(await router.withdrawable(feed, token)).to.equal(0n);
      expect(await usd.allowance(feed, subnets)).to.equal(0n);
    });

    it("when tokens were sent to it too, adds both", async () => {
      const { feed, subnets, usd, token } = await networkHelpers.loadFixture(earnedFixture);
      await usd.mint(feed, 7n);
      await feed.pour(token);
      expect(await subnets.potOf(1, token, 1)).to.deep.equal([42n, 42n]);
    });

    it("when it earned before it was created, and a stranger withdrew that, adds it", async () => {
      const fixture = await networkHelpers.loadFixture(feedFixture);
      const { feed, feeds, earn, router, subnets, usd, token, stranger } = fixture;
      await earn();
      await router.connect(stranger).withdraw(feed, token);
      await earn();
      expect(await usd.balanceOf(feed)).to.equal(35n);
      await feeds.create(1);
      await feed.pour(token);
      expect(await subnets.potOf(1, token, 1)).to.deep.equal([70n, 70n]);
    });

    it("when the epoch is in its phase Score or later, adds it to the next epoch, and before to the current one", async () => {
      const { feed, earn, subnets, token, goTo } = await networkHelpers.loadFixture(earnedFixture);
      for (const [i, phase] of Object.values(Phase).entries()) {
        if (i > 0) await earn();
        await goTo(3n, phase);
        await expect(feed.pour(token))
          .to.emit(feed, "FeedPoured")
          .withArgs(1, token, i + 1, phase < Phase.Score ? 3 : 4, 35);
      }
      expect(await subnets.potOf(1, token, 3)).to.deep.equal([70n, 70n]);
      expect(await subnets.potOf(1, token, 4)).to.deep.equal([70n, 70n]);
    });

    it("when it holds 2^128 base units or more, adds less, and the rest to a later epoch", async () => {
      const { feed, subnets, goTo } = await networkHelpers.loadFixture(earnedFixture);
      const token = await ethers.deployContract("PlainToken", [18]);
      const most = 2n ** 128n - 1n;
      await token.mint(feed, most + 5n);
      await feed.pour(token);
      expect(await token.balanceOf(feed)).to.equal(5n);
      await expect(feed.pour(token)).to.be.revertedWithPanic(0x11);
      await goTo(2n);
      await feed.pour(token);
      expect(await subnets.potOf(1, token, 1)).to.deep.equal([most, most]);
      expect(await subnets.potOf(1, token, 2)).to.deep.equal([5n, 5n]);
    });

    it("when the subnet retires at the end of the epoch, the epoch still gets it, until its phase Score", async () => {
      const fixture = await networkHelpers.loadFixture(earnedFixture);
      const { feed, earn, subnets, commons, usd, token, goTo } = fixture;
      await retire(fixture);
      await goTo(1n, Phase.Answer);
      await feed.pour(token);
      expect(await subnets.potOf(1, token, 1)).to.deep.equal([35n, 35n]);
      await earn();
      await goTo(1n, Phase.Score);
      expect(await feed.pour.staticCall(token)).to.deep.equal([35n, 0n]);
      const poured = feed.pour(token);
      await expect(poured).to.emit(feed, "FeedReturned").withArgs(1, token, 35);
      await expect(poured).to.changeTokenBalance(ethers, usd, commons, 35n);
    });

    it("when the subnet is retired, the Commons gets it, and the deposits that the hub returned", async () => {
      const fixture = await networkHelpers.loadFixture(earnedFixture);
      const { feed, earn, subnets, commons, usd, token, stranger, goTo } = fixture;
      await feed.pour(token);
      await retire(fixture);
      await goTo(5n, Phase.Answer);
      await subnets.connect(stranger).reclaim(1);
      expect(await usd.balanceOf(feed)).to.equal(35n);
      await earn();
      const before = await commons.unassigned(token);
      await expect(feed.connect(stranger).pour(token)).to.emit(feed, "FeedReturned").withArgs(1, token, 70);
      expect(await commons.unassigned(token)).to.equal(before + 70n);
      expect(await usd.balanceOf(subnets)).to.equal(0n);
    });
  });

  describe("pour, given unusual tokens", () => {
    it("when less arrives than was sent, reverts, and all stays where it is", async () => {
      const { feed, subnets } = await networkHelpers.loadFixture(earnedFixture);
      for (const [token, received] of [
        [await ethers.deployContract("FeeToken"), 990n],
        [await ethers.deployContract("LyingToken"), 0n],
      ] as const) {
        await token.mint(feed, 1_000n);
        await expect(feed.pour(token))
          .to.be.revertedWithCustomError(subnets, "TransferAmountMismatch")
          .withArgs(await token.getAddress(), 1_000, received);
        expect(await token.balanceOf(feed)).to.equal(1_000n);
        expect(await subnets.potOf(1, token, 1)).to.deep.equal([0n, 0n]);
      }
    });

    it("when the token returns false, reverts, and the money waits", async () => {
      const fixture = await networkHelpers.loadFixture(earnedFixture);
      const { feed, commons, goTo } = fixture;
      await retire(fixture);
      await goTo(2n);
      const token = await ethers.deployContract("FalseToken");
      await token.mint(feed, 1_000n);
      await token.breakDown();
      await expect(feed.pour(token))
        .to.be.revertedWithCustomError(feed, "SafeERC20FailedOperation")
        .withArgs(await token.getAddress());
      expect(await token.balanceOf(feed)).to.equal(1_000n);
      expect(await commons.unassigned(token)).to.equal(0n);
    });

    it("when the token refuses the feed, its other currencies still pass on", async () => {
      const { feed, subnets, token } = await networkHelpers.loadFixture(earnedFixture);
      const bad = await ethers.deployContract("BlocklistToken");
      await bad.mint(feed, 1_000n);
      await bad.setBlocked(feed, true);
      await expect(feed.pour(bad))
        .to.be.revertedWithCustomError(bad, "AccountBlocked")
        .withArgs(await feed.getAddress());
      await feed.pour(token);
      expect(await subnets.potOf(1, token, 1)).to.deep.equal([35n, 35n]);
      await bad.setBlocked(feed, false);
      await feed.pour(bad);
      expect(await subnets.potOf(1, bad, 1)).to.deep.equal([1_000n, 1_000n]);
    });

    it("when the token returns nothing, or restricts approvals, passes it on each time", async () => {
      const { feed, subnets } = await networkHelpers.loadFixture(earnedFixture);
      for (const token of [
        await ethers.deployContract("SilentToken"),
        await ethers.deployContract("CautiousToken"),
        await ethers.deployContract("NoZeroApprovalToken"),
        await ethers.deployContract("UncountingToken"),
      ]) {
        for (let i = 0; i < 2; i += 1) {
          await token.mint(feed, 500n);
          await feed.pour(token);
        }
        const address = await token.getAddress();
        expect(await subnets.potOf(1, address, 1), address).to.deep.equal([1_000n, 1_000n]);
      }
    });

    it("when the token calls the feed again, the inner call fails and the pot gets it once", async () => {
      const { feed, subnets } = await networkHelpers.loadFixture(earnedFixture);
      const late = await ethers.deployContract("HookToken");
      const early = await ethers.deployContract("EarlyHookToken");
      for (const token of [late, early]) await token.mint(feed, 1_000n);
      const again = async (token: { getAddress(): Promise<string> }) =>
        feed.interface.encodeFunctionData("pour", [await token.getAddress()]);
      await late.arm(feed, await again(late), false);
      await early.arm(feed, await again(early));
      for (const token of [late, early]) {
        await feed.pour(token);
        expect(await token.succeeded()).to.equal(false);
        expect(await token.balanceOf(feed)).to.equal(0n);
        expect(await subnets.potOf(1, token, 1)).to.deep.equal([1_000n, 1_000n]);
      }
    });

    it("when the token calls the feed of a retired subnet again, all of it goes to the Commons once", async () => {
      const fixture = await networkHelpers.loadFixture(earnedFixture);
      const { feed, commons, goTo } = fixture;
      await retire(fixture);
      await goTo(2n);
      const token = await ethers.deployContract("EarlyHookToken");
      await token.mint(feed, 1_000n);
      const again = feed.interface.encodeFunctionData("pour", [await token.getAddress()]);
      await token.arm(feed, again);
      await expect(feed.pour(token)).to.be.revertedWithCustomError(token, "ERC20InsufficientBalance");
      await token.arm(ethers.ZeroAddress, "0x");
      await feed.pour(token);
      expect(await commons.unassigned(token)).to.equal(1_000n);
    });
  });
});
