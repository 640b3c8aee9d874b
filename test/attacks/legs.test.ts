import { expect } from "chai";
import { ethers, networkHelpers } from "../grid.ts";
import { earners, payFixture } from "../settlement/support.ts";

/** The grid, and twins with independently rounded legs. */
async function splitFixture() {
  return {
    ...(await networkHelpers.loadFixture(payFixture)),
    perPayment: await ethers.deployContract("FloorSplitter"),
    perTotal: await ethers.deployContract("FloorTotal"),
  };
}

describe("attack: starving a leg by small payments", () => {
  it("when legs are rounded per payment, payments of 9 base units give the platform nothing", async () => {
    const { perPayment } = await networkHelpers.loadFixture(splitFixture);
    for (let i = 0; i < 100; i += 1) await perPayment.pay(9n);
    expect(await perPayment.platform()).to.equal(0n);
    expect(await perPayment.data()).to.equal(600n);
  });

  it("when legs are rounded per total with a remainder, a payment can reduce a leg", async () => {
    const { perTotal } = await networkHelpers.loadFixture(splitFixture);
    await perTotal.pay(9n);
    expect(await perTotal.data()).to.equal(6n);
    await perTotal.pay(1n);
    expect(await perTotal.data()).to.equal(4n);
  });

  it("with the router, the platform gets its tenth and no leg falls", async () => {
    const { router, usd, pay } = await networkHelpers.loadFixture(splitFixture);
    const range = await earners(usd, [0n, 4n]);
    let before = [0n, 0n, 0n, 0n];
    for (let i = 0; i < 100; i += 1) {
      await pay(i % 2 === 0 ? 9n : 1n);
      const amounts = [...(await router.claimable(range)).amounts];
      expect(amounts.every((leg, role) => leg >= (before[role] ?? 0n))).to.equal(true);
      before = amounts;
    }
    expect(before).to.deep.equal([50n, 200n, 150n, 100n]);
  });
});
