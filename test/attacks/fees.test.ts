import { expect } from "chai";
import { ethers, networkHelpers } from "../grid.ts";
import { payFixture } from "../settlement/support.ts";

/** Two payers with a token charging one percent of each transfer. */
async function feeFixture() {
  const grid = await networkHelpers.loadFixture(payFixture);
  const token = await ethers.deployContract("FeeToken");
  const twin = await ethers.deployContract("UncheckedVault");
  for (const payer of [grid.buyer, grid.stranger]) {
    await token.mint(payer, 1_000n);
    for (const spender of [twin, grid.router]) await token.connect(payer).approve(spender, 1_000n);
  }
  return { ...grid, token, twin };
}

describe("attack: credit for tokens never received", () => {
  it("when received amounts are not checked, the first to withdraw takes money of others", async () => {
    const { token, twin, buyer, stranger } = await networkHelpers.loadFixture(feeFixture);
    await twin.connect(buyer).pay(buyer, token, 1_000n);
    await twin.connect(stranger).pay(stranger, token, 1_000n);
    await twin.withdraw(buyer, token);
    await expect(twin.withdraw(stranger, token))
      .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
      .withArgs(await twin.getAddress(), 980n, 990n);
  });

  it("with the router, the payment reverts", async () => {
    const { router, token, buyer } = await networkHelpers.loadFixture(feeFixture);
    await expect(router.connect(buyer).pay(1n, token, 1_000n, "0x"))
      .to.be.revertedWithCustomError(router, "TransferAmountMismatch")
      .withArgs(await token.getAddress(), 1_000n, 990n);
    expect(await token.balanceOf(buyer)).to.equal(1_000n);
  });
});
