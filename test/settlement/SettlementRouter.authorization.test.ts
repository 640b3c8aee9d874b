import { expect } from "chai";
import { ethers, type GridFixture, mintParams, networkHelpers } from "../grid.ts";
import { authorization, permit } from "../payments.ts";
import { payFixture } from "./support.ts";

const coder = ethers.AbiCoder.defaultAbiCoder();

/** A payer with dollars and no approvals. */
async function payerFixture() {
  const grid = await networkHelpers.loadFixture(payFixture);
  const payer = grid.stranger;
  await grid.usd.mint(payer, 1_000n);
  return { ...grid, payer };
}

/** The authorization signed by `from` to pay `capsuleId` this amount. */
async function payment(grid: GridFixture, from: GridFixture["buyer"], amount: bigint, capsuleId = 1n) {
  const types = ["bytes4", "uint64", "address", "uint128"];
  const { selector } = grid.router.interface.getFunction("pay");
  const values = [selector, capsuleId, await grid.usd.getAddress(), amount];
  return await authorization(grid, from, amount, ethers.keccak256(coder.encode(types, values)));
}

describe("SettlementRouter: authorization", () => {
  describe("given an unknown method or too short a word", () => {
    it("when it is paid with, reverts", async () => {
      const { router, usd, payer } = await networkHelpers.loadFixture(payerFixture);
      const words = (count: number, method: number) =>
        ethers.concat([coder.encode(["uint256"], [method]), new Uint8Array(32 * (count - 1))]);
      for (const bytes of [
        words(1, 2),
        words(1, 0),
        "0x00",
        words(6, 1),
        words(8, 0),
        words(7, 0),
        words(4, 2),
        words(3, 3),
        words(6, 4),
        words(8, 2 ** 32),
      ]) {
        await expect(router.connect(payer).pay(1n, usd, 100n, bytes))
          .to.be.revertedWithCustomError(router, "AuthorizationMalformed")
          .withArgs(bytes);
      }
    });
  });

  describe("given a permit", () => {
    it("when it is for less, reverts as the token does", async () => {
      const grid = await networkHelpers.loadFixture(payerFixture);
      const { router, usd, payer } = grid;
      const { bytes } = await permit(grid, payer, 99n);
      await expect(router.connect(payer).pay(1n, usd, 100n, bytes))
        .to.be.revertedWithCustomError(usd, "ERC20InsufficientAllowance")
        .withArgs(await router.getAddress(), 99n, 100n);
    });

    it("when it expired, reverts for want of an allowance", async () => {
      const grid = await networkHelpers.loadFixture(payerFixture);
      const { router, usd, payer } = grid;
      const { bytes } = await permit(grid, payer, 100n, { deadline: 1n });
      await expect(router.connect(payer).pay(1n, usd, 100n, bytes))
        .to.be.revertedWithCustomError(usd, "ERC20InsufficientAllowance")
        .withArgs(await router.getAddress(), 0n, 100n);
    });

    it("when it is somebody else's, reverts: only the caller's own permit pays", async () => {
      const grid = await networkHelpers.loadFixture(payerFixture);
      const { router, usd, payer, creator } = grid;
      const { bytes } = await permit(grid, payer, 100n);
      await expect(router.connect(creator).pay(1n, usd, 100n, bytes))
        .to.be.revertedWithCustomError(usd, "ERC20InsufficientAllowance")
        .withArgs(await router.getAddress(), 0n, 100n);
      expect(await usd.nonces(payer)).to.equal(0n);
    });

    it("when it is the caller's, pays in one transaction", async () => {
      const grid = await networkHelpers.loadFixture(payerFixture);
      const { router, usd, payer } = grid;
      const { bytes } = await permit(grid, payer, 100n);
      const paid = router.connect(payer).pay(1n, usd, 100n, bytes);
      await expect(paid)
        .to.emit(router, "Paid")
        .withArgs(1n, payer.address, await usd.getAddress(), 1n, 100n);
      await expect(paid).to.changeTokenBalances(ethers, usd, [payer, router], [-100n, 100n]);
      expect(await usd.allowance(payer, router)).to.equal(0n);
    });

    it("when somebody submitted it first, pays all the same", async () => {
      const grid = await networkHelpers.loadFixture(payerFixture);
      const { router, usd, payer, creator } = grid;
      const { bytes, v, r, s } = await permit(grid, payer, 100n);
      await usd.connect(creator).permit(payer, router, 100n, ethers.MaxUint256, v, r, s);
      await expect(router.connect(payer).pay(1n, usd, 100n, bytes)).to.changeTokenBalance(
        ethers,
        usd,
        payer,
        -100n,
      );
    });

    it("when the token has no permit, the allowance pays", async () => {
      const grid = await networkHelpers.loadFixture(payerFixture);
      const { router, payer } = grid;
      const token = await ethers.deployContract("PlainToken", [18]);
      await token.mint(payer, 100n);
      await token.connect(payer).approve(router, 100n);
      const { bytes } = await permit(grid, payer, 100n);
      await expect(router.connect(payer).pay(1n, token, 100n, bytes)).to.changeTokenBalance(
        ethers,
        token,
        payer,
        -100n,
      );
    });
  });

  describe("given an ERC-3009 authorization", () => {
    it("when it was signed for another capsule, amount or token, reverts", async () => {
      const grid = await networkHelpers.loadFixture(payerFixture);
      const { router, usd, payer, creator } = grid;
      const { bytes } = await payment(grid, payer, 100n, 2n);
      const larger = await payment(grid, payer, 101n);
      for (const each of [bytes, larger.bytes]) {
        await expect(router.connect(creator).pay(1n, usd, 100n, each)).to.be.revertedWithCustomError(
          usd,
          "ERC3009InvalidSignature",
        );
      }
    });

    it("when a payment's is used for a license, reverts", async () => {
      const grid = await networkHelpers.loadFixture(payerFixture);
      const { licenses, usd, payer, creator } = grid;
      const { bytes } = await payment(grid, payer, 100n);
      await expect(
        licenses.connect(creator).mint(mintParams(1n, creator, 4n), bytes),
      ).to.be.revertedWithCustomError(usd, "ERC3009InvalidSignature");
    });

    it("when it is used twice, reverts", async () => {
      const grid = await networkHelpers.loadFixture(payerFixture);
      const { router, usd, payer } = grid;
      const { bytes, nonce } = await payment(grid, payer, 100n);
      await router.pay(1n, usd, 100n, bytes);
      await expect(router.pay(1n, usd, 100n, bytes))
        .to.be.revertedWithCustomError(usd, "ERC3009UsedAuthorization")
        .withArgs(payer.address, nonce);
    });

    it("when anyone submits it, its signer pays", async () => {
      const grid = await networkHelpers.loadFixture(payerFixture);
      const { router, usd, payer, creator } = grid;
      const { bytes } = await payment(grid, payer, 100n);
      const paid = router.connect(creator).pay(1n, usd, 100n, bytes);
      await expect(paid)
        .to.emit(router, "Paid")
        .withArgs(1n, payer.address, await usd.getAddress(), 1n, 100n);
      await expect(paid).to.changeTokenBalances(ethers, usd, [payer, creator, router], [-100n, 0n, 100n]);
    });

    it("when a license is bought with it, its signer pays into escrow", async () => {
      const grid = await networkHelpers.loadFixture(payerFixture);
      const { router, licenses, usd, payer, creator } = grid;
      const params = mintParams(1n, payer, 4n);
      const selector = licenses.interface.getFunction("mint").selector;
      const type = "tuple(uint64 offerId,address to,address signer,uint64 units,uint128 maxPrice)";
      const purpose = ethers.keccak256(coder.encode(["bytes4", type], [selector, params]));
      const { bytes } = await authorization(grid, payer, 100n, purpose);
      const changed = { ...params, to: creator.address };
      await expect(licenses.connect(creator).mint(changed, bytes)).to.be.revertedWithCustomError(
        usd,
        "ERC3009InvalidSignature",
      );
      await expect(licenses.connect(creator).mint(params, bytes))
        .to.emit(router, "Deposited")
        .withArgs(1n, payer.address, 100n, 4n);
    });
  });

  describe("given a token with a silent fallback function", () => {
    async function muteFixture() {
      const grid = await networkHelpers.loadFixture(payerFixture);
      const token = await ethers.deployContract("MuteToken");
      await token.mint(grid.payer, 100n);
      return { ...grid, token };
    }

    it("when it is paid by an authorization, reverts, since nothing arrived", async () => {
      const grid = await networkHelpers.loadFixture(muteFixture);
      const { router, token, payer } = grid;
      const { bytes } = await payment(grid, payer, 100n);
      await expect(router.pay(1n, token, 100n, bytes))
        .to.be.revertedWithCustomError(router, "TransferAmountMismatch")
        .withArgs(await token.getAddress(), 100n, 0n);
    });

    it("when it is paid by a permit, reverts for want of an allowance", async () => {
      const grid = await networkHelpers.loadFixture(muteFixture);
      const { router, token, payer } = grid;
      const { bytes } = await permit(grid, payer, 100n);
      await expect(router.connect(payer).pay(1n, token, 100n, bytes))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
        .withArgs(await router.getAddress(), 0n, 100n);
    });
  });
});
