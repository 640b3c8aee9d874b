import { expect } from "chai";
import { ethers, gridFixture, networkHelpers } from "../grid.ts";
import { createPool, POLICY } from "./pool.ts";

describe("ContributionPoolFactory", () => {
  describe("create", () => {
    it("when the curator or the policy is zero, reverts", async () => {
      const { pools, stranger } = await networkHelpers.loadFixture(gridFixture);
      await expect(pools.create(ethers.ZeroAddress, POLICY)).to.be.revertedWithCustomError(
        pools,
        "PoolCuratorZero",
      );
      await expect(pools.create(stranger, ethers.ZeroHash)).to.be.revertedWithCustomError(
        pools,
        "PoolPolicyZero",
      );
    });

    it("when anyone calls, a pool of this policy and curator exists", async () => {
      const { pools, creator, stranger } = await networkHelpers.loadFixture(gridFixture);
      const address = await pools.create.staticCall(creator, POLICY);
      await expect(pools.connect(stranger).create(creator, POLICY))
        .to.emit(pools, "PoolCreated")
        .withArgs(address, creator.address, POLICY);
      const pool = await ethers.getContractAt("ContributionPool", address);
      expect(await pools.isPool(pool)).to.equal(true);
      expect([await pool.policyHash(), await pool.curator(), await pool.FACTORY()]).to.deep.equal([
        POLICY,
        creator.address,
        await pools.getAddress(),
      ]);
    });

    it("when two pools have the same curator and policy, they are two pools", async () => {
      const grid = await networkHelpers.loadFixture(gridFixture);
      const [one, two] = [
        await createPool(grid, grid.creator.address),
        await createPool(grid, grid.creator.address),
      ];
      await one.connect(grid.buyer).join(POLICY);
      expect((await two.memberOf(grid.buyer)).consentedAt).to.equal(0n);
    });
  });

  describe("isPool", () => {
    it("when the account is not a pool, is false, for the implementation too", async () => {
      const { pools, stranger } = await networkHelpers.loadFixture(gridFixture);
      expect(await pools.isPool(stranger)).to.equal(false);
      expect(await pools.isPool(await pools.IMPLEMENTATION())).to.equal(false);
    });
  });
});
