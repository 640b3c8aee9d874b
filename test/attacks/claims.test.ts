import { expect } from "chai";
import { ethers, networkHelpers } from "../grid.ts";
import { earners, payFixture } from "../settlement/support.ts";

describe("attack: claiming twice by overlapping ranges", () => {
  it("when claims are recorded by range, an earner in two ranges is paid twice", async () => {
    const twin = await ethers.deployContract("RangeClaimer");
    await twin.claim(1n, 2n);
    await twin.claim(1n, 2n);
    expect(await twin.paid(2n)).to.equal(100n);
    await twin.claim(2n, 1n);
    await twin.claim(0n, 4n);
    expect(await twin.paid(2n)).to.equal(300n);
  });

  it("with the router, overlapping ranges are paid once", async () => {
    const { router, usd, pay, modelOwner } = await networkHelpers.loadFixture(payFixture);
    await pay(1_000n);
    for (const bounds of [
      [1n, 2n],
      [2n, 1n],
      [0n, 4n],
      [2n, 2n],
    ] as const) {
      await router.claim([await earners(usd, bounds), await earners(usd, bounds)]);
    }
    expect(await usd.balanceOf(modelOwner)).to.equal(300n);
    expect(await usd.balanceOf(router)).to.equal(0n);
  });
});
