import { expect } from "chai";
import { ethers, networkHelpers } from "../grid.ts";
import { feedFixture } from "./feeds.ts";

describe("SubnetFeedFactory", () => {
  describe("create", () => {
    it("when the subnet has a feed, reverts", async () => {
      const { feeds, feed } = await networkHelpers.loadFixture(feedFixture);
      await feeds.create(1);
      await expect(feeds.create(1))
        .to.be.revertedWithCustomError(feeds, "FeedExists")
        .withArgs(1, await feed.getAddress());
    });

    it("when anyone calls, the feed of this subnet is at its address", async () => {
      const { feeds, feed, subnets, router, stranger } = await networkHelpers.loadFixture(feedFixture);
      const address = await feed.getAddress();
      expect(await ethers.provider.getCode(address)).to.equal("0x");
      expect(await feeds.connect(stranger).create.staticCall(1)).to.equal(address);
      await expect(feeds.connect(stranger).create(1)).to.emit(feeds, "FeedCreated").withArgs(1, address);
      expect(await feed.subnetId()).to.equal(1n);
      expect(await feed.HUB()).to.equal(await subnets.getAddress());
      expect(await feed.ROUTER()).to.equal(await router.getAddress());
    });

    it("when the subnet does not exist yet, creates its feed", async () => {
      const { feeds } = await networkHelpers.loadFixture(feedFixture);
      const last = 2n ** 32n - 1n;
      const address = await feeds.feedOf(last);
      await expect(feeds.create(last)).to.emit(feeds, "FeedCreated").withArgs(last, address);
      const feed = await ethers.getContractAt("SubnetFeed", address);
      expect(await feed.subnetId()).to.equal(last);
    });
  });

  describe("feedOf", () => {
    it("when two subnets are asked for, their feeds differ, and creation changes neither", async () => {
      const { feeds } = await networkHelpers.loadFixture(feedFixture);
      const [one, two] = [await feeds.feedOf(1), await feeds.feedOf(2)];
      expect(one).not.to.equal(two);
      await feeds.create(1);
      expect([await feeds.feedOf(1), await feeds.feedOf(2)]).to.deep.equal([one, two]);
    });
  });

  describe("IMPLEMENTATION", () => {
    it("when it is asked for its subnet, reverts: it has none", async () => {
      const { feeds } = await networkHelpers.loadFixture(feedFixture);
      const code = await ethers.getContractAt("SubnetFeed", await feeds.IMPLEMENTATION());
      await expect(code.subnetId()).to.be.revertedWithoutReason(ethers);
    });
  });
});
