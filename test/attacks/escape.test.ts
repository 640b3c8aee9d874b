import { expect } from "chai";
import { ethers, networkHelpers, signerChange, voucher, WINDOW } from "../grid.ts";
import { ledgerFixture, usageOf } from "../metering/support.ts";

const wallet = new ethers.Wallet(ethers.id("holder"));
const coder = ethers.AbiCoder.defaultAbiCoder();

async function at(seconds: bigint) {
  await networkHelpers.time.setNextBlockTimestamp(seconds);
}

/** The buyer signed for 900 units of license 1, was served, and tries to avoid paying. */
async function servedFixture() {
  const grid = await networkHelpers.loadFixture(ledgerFixture);
  const row = await voucher(grid, grid.buyer, { licenseId: 1n, units: 900n });
  const isPaid = async () => (await grid.router.escrowOf(1n)).balance === 50_000n - 22_500n;
  return { ...grid, row, isPaid, asHolder: grid.licenses.connect(grid.buyer) };
}

describe("attack: escaping from a signed voucher", () => {
  it("when a new signer takes effect at once, earlier vouchers no longer settle", async () => {
    const twin = await ethers.deployContract("HastyLedger");
    const digest = ethers.keccak256(coder.encode(["uint256", "uint256"], [1n, 900n]));
    const signature = await wallet.signMessage(ethers.getBytes(digest));
    await twin.setSigner(1n, wallet.address);
    await twin.setSigner(1n, ethers.ZeroAddress);
    await expect(twin.settle(1n, 900n, signature)).to.be.revertedWithCustomError(
      twin,
      "VoucherSignatureWrong",
    );
  });

  it("when the holder changes the signer, the old voucher settles until the change's last second", async () => {
    const grid = await networkHelpers.loadFixture(servedFixture);
    await grid.asHolder.setSigner(1n, grid.creator);
    const { changeAt } = await grid.licenses.keysOf(1n);
    expect(changeAt).to.equal(BigInt(await networkHelpers.time.latest()) + WINDOW);
    await at(changeAt);
    await grid.settle([grid.row]);
    expect(await grid.isPaid()).to.equal(true);
  });

  it("when the meter misses the change, the old voucher no longer settles", async () => {
    const grid = await networkHelpers.loadFixture(servedFixture);
    await grid.asHolder.setSigner(1n, grid.creator);
    const { changeAt } = await grid.licenses.keysOf(1n);
    await at(changeAt + 1n);
    await expect(grid.settle([grid.row]))
      .to.be.revertedWithCustomError(grid.ledger, "VoucherSignatureInvalid")
      .withArgs(1n, grid.creator.address);
  });

  it("when a new signer signs, its vouchers settle only after the change", async () => {
    const grid = await networkHelpers.loadFixture(servedFixture);
    await grid.asHolder.setSigner(1n, grid.creator);
    const { changeAt } = await grid.licenses.keysOf(1n);
    const early = await voucher(grid, grid.creator, { licenseId: 1n, units: 1n });
    await at(changeAt);
    await expect(grid.settle([early]))
      .to.be.revertedWithCustomError(grid.ledger, "VoucherSignatureInvalid")
      .withArgs(1n, grid.buyer.address);
    await at(changeAt + 1n);
    await grid.settle([early]);
    expect(await grid.ledger.usageOf(1n)).to.equal(usageOf(1n));
  });

  it("when the meter settles and confirms, only the new signer's vouchers settle", async () => {
    const grid = await networkHelpers.loadFixture(servedFixture);
    await grid.asHolder.setSigner(1n, grid.creator);
    await grid.settle([grid.row]);
    await grid.ledger.connect(grid.meter).confirmSigners(1n, [await signerChange(grid, 1n)]);
    const late = await voucher(grid, grid.buyer, { licenseId: 1n, units: 901n });
    await expect(grid.settle([late]))
      .to.be.revertedWithCustomError(grid.ledger, "VoucherSignatureInvalid")
      .withArgs(1n, grid.creator.address);
    await grid.settle([await voucher(grid, grid.creator, { licenseId: 1n, units: 902n })]);
    expect(await grid.ledger.usageOf(1n)).to.equal(usageOf(902n));
  });

  it("when the holder changes the signer repeatedly, the old voucher settles for longer", async () => {
    const grid = await networkHelpers.loadFixture(servedFixture);
    await grid.asHolder.setSigner(1n, grid.creator);
    for (const signer of [grid.dataOwner, grid.modelOwner, grid.stranger]) {
      await networkHelpers.time.increase(WINDOW - 10n);
      await grid.asHolder.setSigner(1n, signer);
    }
    await at((await grid.licenses.keysOf(1n)).changeAt);
    await grid.settle([grid.row]);
    expect(await grid.isPaid()).to.equal(true);
  });

  it("when the license is transferred twice, the old voucher settles", async () => {
    const grid = await networkHelpers.loadFixture(servedFixture);
    const { licenses, buyer, creator, stranger } = grid;
    await grid.asHolder.transferFrom(buyer, creator, 1n);
    await licenses.connect(creator).transferFrom(creator, stranger, 1n);
    await licenses.connect(stranger).setSigner(1n, stranger);
    await grid.settle([grid.row]);
    expect(await grid.isPaid()).to.equal(true);
  });

  it("when the holder requests to close, the voucher settles in the window, and the rest is refunded", async () => {
    const grid = await networkHelpers.loadFixture(servedFixture);
    const { licenses, ledger, router, usd, buyer } = grid;
    await grid.asHolder.requestClose(1n);
    const windowEnd = BigInt(await networkHelpers.time.latest()) + WINDOW;
    await expect(ledger.connect(buyer).close(1n))
      .to.be.revertedWithCustomError(licenses, "LicenseWindowOpen")
      .withArgs(1n, windowEnd);
    await at(windowEnd);
    await grid.settle([grid.row]);
    expect(await grid.isPaid()).to.equal(true);
    await at(windowEnd + 1n);
    await ledger.connect(buyer).close(1n);
    expect(await router.withdrawable(buyer, usd)).to.equal(2_500n);
  });

  it("when the holder does all of this at once, the old voucher still settles", async () => {
    const grid = await networkHelpers.loadFixture(servedFixture);
    const { licenses, buyer, creator } = grid;
    await grid.asHolder.setSigner(1n, creator);
    await grid.asHolder.requestClose(1n);
    await grid.asHolder.transferFrom(buyer, creator, 1n);
    await licenses.connect(creator).setSigner(1n, creator);
    const { expiry } = await licenses.licenseOf(1n);
    await at(expiry + WINDOW);
    await grid.settle([grid.row]);
    expect(await grid.isPaid()).to.equal(true);
  });

  it("when the licensor revokes, the voucher settles until the end of the window after the notice", async () => {
    const grid = await networkHelpers.loadFixture(servedFixture);
    await grid.licenses.connect(grid.creator).revoke(1n);
    const { expiry } = await grid.licenses.licenseOf(1n);
    await at(expiry + WINDOW);
    await grid.settle([grid.row]);
    expect(await grid.isPaid()).to.equal(true);
  });

  it("when a new holder takes over, the old one cannot charge it after the window", async () => {
    const grid = await networkHelpers.loadFixture(servedFixture);
    await grid.asHolder.transferFrom(grid.buyer, grid.creator, 1n);
    const { changeAt } = await grid.licenses.keysOf(1n);
    await grid.settle([grid.row]);
    const later = await voucher(grid, grid.buyer, { licenseId: 1n, units: 1_000n });
    await at(changeAt + 1n);
    await expect(grid.settle([later]))
      .to.be.revertedWithCustomError(grid.ledger, "VoucherSignatureInvalid")
      .withArgs(1n, grid.creator.address);
  });
});
