import { expect } from "chai";
import type { Signer } from "ethers";
import { ethers, type GridFixture, mintParams, networkHelpers } from "../grid.ts";
import { signPermit, signTransfer } from "./signatures.ts";
import { payFixture } from "./support.ts";

const SALT = ethers.id("salt");
const coder = ethers.AbiCoder.defaultAbiCoder();

/** A payer with dollars, who has approved nobody. */
async function payerFixture() {
  const grid = await payFixture();
  const payer = grid.stranger;
  await grid.usd.mint(payer, 1_000n);
  return { ...grid, payer };
}

async function permitOf({ usd, router }: GridFixture, owner: Signer, value: bigint, deadline?: bigint) {
  const permit = await signPermit(usd, owner, { spender: router, value, deadline });
  const { v, r, s } = permit;
  const word = coder.encode(
    ["uint8", "uint256", "uint256", "uint8", "bytes32", "bytes32"],
    [0, value, permit.deadline, v, r, s],
  );
  return { ...permit, word };
}

/** What `from` signs to pay `capsuleId`, with this amount, and nothing else. */
async function paymentOf({ usd, router }: GridFixture, from: Signer, amount: bigint, capsuleId = 1n) {
  const selector = router.interface.getFunction("pay").selector;
  const purpose = ethers.keccak256(
    coder.encode(
      ["bytes4", "uint64", "address", "uint128"],
      [selector, capsuleId, await usd.getAddress(), amount],
    ),
  );
  return await authorizationOf({ usd, router }, from, amount, purpose);
}

async function authorizationOf(
  { usd, router }: Pick<GridFixture, "usd" | "router">,
  from: Signer,
  amount: bigint,
  purpose: string,
) {
  const nonce = ethers.keccak256(coder.encode(["bytes32", "bytes32"], [purpose, SALT]));
  const signed = await signTransfer(usd, from, "ReceiveWithAuthorization", {
    to: router,
    value: amount,
    nonce,
  });
  const { validAfter, validBefore, v, r, s } = signed;
  const word = coder.encode(
    ["uint8", "address", "uint256", "uint256", "bytes32", "uint8", "bytes32", "bytes32"],
    [1, await from.getAddress(), validAfter, validBefore, SALT, v, r, s],
  );
  return { ...signed, word };
}

describe("SettlementRouter: authorization", () => {
  describe("given an unknown method or too short a word", () => {
    it("when it is paid with, reverts", async () => {
      const { router, usd, payer } = await networkHelpers.loadFixture(payerFixture);
      for (const word of [coder.encode(["uint8"], [2]), coder.encode(["uint8"], [0]), "0x00"]) {
        await expect(router.connect(payer).pay(1n, usd, 100n, word)).to.be.revertedWithoutReason(ethers);
      }
    });
  });

  describe("given a permit", () => {
    it("when it is for less, reverts as the token does", async () => {
      const grid = await networkHelpers.loadFixture(payerFixture);
      const { router, usd, payer } = grid;
      const { word } = await permitOf(grid, payer, 99n);
      await expect(router.connect(payer).pay(1n, usd, 100n, word))
        .to.be.revertedWithCustomError(usd, "ERC20InsufficientAllowance")
        .withArgs(await router.getAddress(), 99n, 100n);
    });

    it("when it expired, reverts for want of an allowance", async () => {
      const grid = await networkHelpers.loadFixture(payerFixture);
      const { router, usd, payer } = grid;
      const { word } = await permitOf(grid, payer, 100n, 1n);
      await expect(router.connect(payer).pay(1n, usd, 100n, word))
        .to.be.revertedWithCustomError(usd, "ERC20InsufficientAllowance")
        .withArgs(await router.getAddress(), 0n, 100n);
    });

    it("when it is somebody else's, reverts: only the caller's own permit pays", async () => {
      const grid = await networkHelpers.loadFixture(payerFixture);
      const { router, usd, payer, creator } = grid;
      const { word } = await permitOf(grid, payer, 100n);
      await expect(router.connect(creator).pay(1n, usd, 100n, word))
        .to.be.revertedWithCustomError(usd, "ERC20InsufficientAllowance")
        .withArgs(await router.getAddress(), 0n, 100n);
      expect(await usd.nonces(payer)).to.equal(0n);
    });

    it("when it is the caller's, pays in one transaction", async () => {
      const grid = await networkHelpers.loadFixture(payerFixture);
      const { router, usd, payer } = grid;
      const { word } = await permitOf(grid, payer, 100n);
      const paid = router.connect(payer).pay(1n, usd, 100n, word);
      await expect(paid)
        .to.emit(router, "Paid")
        .withArgs(1n, payer.address, await usd.getAddress(), 1n, 100n);
      await expect(paid).to.changeTokenBalances(ethers, usd, [payer, router], [-100n, 100n]);
      expect(await usd.allowance(payer, router)).to.equal(0n);
    });

    it("when somebody submitted it first, pays all the same", async () => {
      const grid = await networkHelpers.loadFixture(payerFixture);
      const { router, usd, payer, creator } = grid;
      const { word, value, deadline, v, r, s } = await permitOf(grid, payer, 100n);
      await usd.connect(creator).permit(payer, router, value, deadline, v, r, s);
      await expect(router.connect(payer).pay(1n, usd, 100n, word)).to.changeTokenBalance(
        ethers,
        usd,
        payer,
        -100n,
      );
    });

    it("when the token has no permit but an allowance, pays by that", async () => {
      const grid = await networkHelpers.loadFixture(payerFixture);
      const { router, payer } = grid;
      const token = await ethers.deployContract("PlainToken", [18]);
      await token.mint(payer, 100n);
      await token.connect(payer).approve(router, 100n);
      const { word } = await permitOf(grid, payer, 100n);
      await expect(router.connect(payer).pay(1n, token, 100n, word)).to.changeTokenBalance(
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
      const { word } = await paymentOf(grid, payer, 100n, 2n);
      const larger = await paymentOf(grid, payer, 101n);
      for (const each of [word, larger.word]) {
        await expect(router.connect(creator).pay(1n, usd, 100n, each)).to.be.revertedWithCustomError(
          usd,
          "ERC3009InvalidSignature",
        );
      }
    });

    it("when a payment's is used for a license, reverts", async () => {
      const grid = await networkHelpers.loadFixture(payerFixture);
      const { licenses, usd, payer, creator } = grid;
      const { word } = await paymentOf(grid, payer, 100n);
      await expect(
        licenses.connect(creator).mint(mintParams(1n, creator, 4n), word),
      ).to.be.revertedWithCustomError(usd, "ERC3009InvalidSignature");
    });

    it("when it is used twice, reverts", async () => {
      const grid = await networkHelpers.loadFixture(payerFixture);
      const { router, usd, payer } = grid;
      const { word, nonce } = await paymentOf(grid, payer, 100n);
      await router.pay(1n, usd, 100n, word);
      await expect(router.pay(1n, usd, 100n, word))
        .to.be.revertedWithCustomError(usd, "ERC3009UsedAuthorization")
        .withArgs(payer.address, nonce);
    });

    it("when anyone submits it, its signer pays", async () => {
      const grid = await networkHelpers.loadFixture(payerFixture);
      const { router, usd, payer, creator } = grid;
      const { word } = await paymentOf(grid, payer, 100n);
      const paid = router.connect(creator).pay(1n, usd, 100n, word);
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
      const { word } = await authorizationOf(grid, payer, 100n, purpose);
      const changed = { ...params, to: creator.address };
      await expect(licenses.connect(creator).mint(changed, word)).to.be.revertedWithCustomError(
        usd,
        "ERC3009InvalidSignature",
      );
      await expect(licenses.connect(creator).mint(params, word))
        .to.emit(router, "Deposited")
        .withArgs(1n, payer.address, 100n, true);
    });
  });
});
