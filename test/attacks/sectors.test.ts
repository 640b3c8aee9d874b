import { expect } from "chai";
import { ethers, networkHelpers } from "../grid.ts";
import { earners } from "../settlement/support.ts";
import { type Attacked, attacked, runEpoch } from "../subnets/attacks.ts";
import { feedFixture } from "../subnets/feeds.ts";
import { type Signer, score } from "../subnets/support.ts";

const PAY = 1_000n;

describe("attacks on a sector's part of the platform's leg", () => {
  describe("by an owner that is its own application, and mines in the sector's subnet", () => {
    it("when the sector's part is of the whole leg, both together leave the Commons nothing", async () => {
      const twin = await ethers.deployContract("GrossSharer");
      await twin.release(100n);
      expect([await twin.application(), await twin.sector(), await twin.commons()]).to.deep.equal([
        50n,
        50n,
        0n,
      ]);
    });

    it("with the router, a quarter of the leg stays for the Commons at the highest fractions", async () => {
      const { router, admin, feed, earn, usd, application } = await networkHelpers.loadFixture(feedFixture);
      await router.connect(admin).setApplicationShare(5_000n);
      await earn();
      expect(await router.withdrawable(application, usd)).to.equal(50n);
      expect(await router.withdrawable(feed, usd)).to.equal(25n);
      const { amounts } = await router.claimable(await earners(usd, [0n, 1n]));
      expect([...amounts]).to.deep.equal([25n]);
    });
  });

  describe("by a majority that names another account", () => {
    it("when earnings go to the account of the day, the new one takes the old one's", async () => {
      const [old, taker] = (await ethers.getSigners()) as [Signer, Signer];
      const twin = await ethers.deployContract("LateSharer");
      await twin.setAccount(old);
      await twin.release(100n);
      await twin.setAccount(taker);
      await twin.withdraw();
      expect([await twin.paid(old), await twin.paid(taker)]).to.deep.equal([0n, 50n]);
    });

    it("with the router, the old one keeps them", async () => {
      const { router, admin, feed, earn, usd, stranger } = await networkHelpers.loadFixture(feedFixture);
      await earn();
      await router.connect(admin).setSectorShare(7n, stranger, 5_000n);
      await router.withdraw(stranger, usd);
      expect(await usd.balanceOf(stranger)).to.equal(0n);
      expect(await router.withdrawable(feed, usd)).to.equal(35n);
    });
  });

  describe("by a validator that reveals alone", () => {
    /** Epoch 2 of subnet 1, in its last phase: of two validators the first one has revealed, for its own miner. */
    async function aloneFixture() {
      const fixture = await attacked({ stakes: [300n, 300n], miners: 2 });
      await score(fixture, 2n, new Map([[fixture.validators[0], [1n]]]));
      return { ...fixture, token: await ethers.deployContract("PlainToken", [18]) };
    }

    /** What the lone validator and its miner get of epoch 2. */
    async function taken({ hub, goTo }: Attacked, token: { getAddress(): Promise<string> }) {
      await goTo(3n);
      await runEpoch(hub);
      const pot = await hub.potOf(1, await token.getAddress(), 2);
      return pot.total;
    }

    it("when the feed funds the epoch of the moment, takes all that waited there", async () => {
      const fixture = await networkHelpers.loadFixture(aloneFixture);
      const { hub, token, validators, miners } = fixture;
      const twin = await ethers.deployContract("EagerFeed");
      await token.mint(twin, PAY);
      await twin.connect(validators[0]).pour(hub, 1, token);
      expect(await taken(fixture, token)).to.equal(PAY);
      await expect(hub.claim(1, 2, token, [0, 2])).to.changeTokenBalances(
        ethers,
        token,
        [validators[0], miners[0]],
        [PAY / 2n, PAY / 2n],
      );
    });

    it("with SubnetFeed, the next epoch gets it, which others score too", async () => {
      const fixture = await networkHelpers.loadFixture(aloneFixture);
      const { hub, coin, admin, stranger, token, validators } = fixture;
      const router = await ethers.deployContract("SettlementRouter", [coin, coin, stranger, admin]);
      const feeds = await ethers.deployContract("SubnetFeedFactory", [hub, router]);
      await feeds.create(1);
      const feed = await ethers.getContractAt("SubnetFeed", await feeds.feedOf(1));
      await token.mint(feed, PAY);
      await feed.connect(validators[0]).pour(token);
      expect(await taken(fixture, token)).to.equal(0n);
      expect(await hub.potOf(1, token, 3)).to.deep.equal([PAY, PAY]);
    });
  });
});
