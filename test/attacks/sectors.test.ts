import { expect } from "chai";
import { ethers, networkHelpers } from "../grid.ts";
import { earners } from "../settlement/support.ts";
import { attacked, scoreAlone } from "../subnets/attacks.ts";
import { feedFixture } from "../subnets/feeds.ts";
import { Phase, type Signer } from "../subnets/support.ts";

const PAY = 1_000n;

const attackedFixture = () => attacked({ stakes: [300n, 300n], miners: 2 });

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

  describe("by a validator that decides an epoch alone", () => {
    for (const phase of ["Score", "Reveal"] as const) {
      it(`when the feed still funds the epoch in its phase ${phase}, takes all that waited there`, async () => {
        const fixture = await networkHelpers.loadFixture(attackedFixture);
        const { hub, validators, miners } = fixture;
        const token = await ethers.deployContract("PlainToken", [18]);
        const twin = await ethers.deployContract("EagerFeed", [Phase[phase]]);
        await token.mint(twin, PAY);
        await scoreAlone(fixture, phase, () => twin.connect(validators[0]).pour(hub, 1, token));
        await expect(hub.claim(1, 2, token, [0, 2])).to.changeTokenBalances(
          ethers,
          token,
          [validators[0], miners[0]],
          [PAY / 2n, PAY / 2n],
        );
      });

      it(`with SubnetFeed, the next epoch gets it in the phase ${phase}, which others score too`, async () => {
        const fixture = await networkHelpers.loadFixture(attackedFixture);
        const { hub, coin, admin, stranger, validators } = fixture;
        const token = await ethers.deployContract("PlainToken", [18]);
        const router = await ethers.deployContract("SettlementRouter", [coin, coin, stranger, admin]);
        const feeds = await ethers.deployContract("SubnetFeedFactory", [hub, router]);
        await feeds.create(1);
        const feed = await ethers.getContractAt("SubnetFeed", await feeds.feedOf(1));
        await token.mint(feed, PAY);
        await scoreAlone(fixture, phase, () => feed.connect(validators[0]).pour(token));
        expect(await hub.potOf(1, token, 2)).to.deep.equal([0n, 0n]);
        expect(await hub.potOf(1, token, 3)).to.deep.equal([PAY, PAY]);
      });
    }
  });
});
