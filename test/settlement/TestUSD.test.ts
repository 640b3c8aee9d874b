import { expect } from "chai";
import { ethers, gridFixture, impersonate, networkHelpers } from "../grid.ts";
import { signCancel, signPermit, signTransfer, signTransferFor } from "./signatures.ts";

const NONCE = ethers.id("nonce");
const RECEIVE =
  "receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)";
const RECEIVE_BYTES = "receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)";
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

async function usdFixture() {
  const { usd, creator: owner, stranger, payee: to } = await networkHelpers.loadFixture(gridFixture);
  await usd.mint(owner, 1_000n);
  return { usd, owner, stranger, to, zero: await impersonate(ethers.ZeroAddress) };
}

/** The other valid signature of the same message, with high s; the token refuses it. */
function highS(s: string) {
  return ethers.toBeHex(ORDER - BigInt(s), 32);
}

describe("TestUSD", () => {
  describe("metadata", () => {
    it("when it is deployed, looks like a dollar of six decimals", async () => {
      const { usd } = await networkHelpers.loadFixture(usdFixture);
      expect([await usd.name(), await usd.symbol(), await usd.decimals()]).to.deep.equal([
        "Test USD",
        "tUSD",
        6n,
      ]);
    });

    it("when it is asked for its EIP-712 domain, returns it", async () => {
      const { usd } = await networkHelpers.loadFixture(usdFixture);
      const { chainId } = await ethers.provider.getNetwork();
      const verifyingContract = await usd.getAddress();
      expect(await usd.DOMAIN_SEPARATOR()).to.equal(
        ethers.TypedDataEncoder.hashDomain({ name: "Test USD", version: "1", chainId, verifyingContract }),
      );
      expect(await usd.eip712Domain()).to.deep.equal([
        "0x0f",
        "Test USD",
        "1",
        chainId,
        verifyingContract,
        ethers.ZeroHash,
        [],
      ]);
    });
  });

  describe("mint", () => {
    it("when it is for nobody, reverts", async () => {
      const { usd } = await networkHelpers.loadFixture(usdFixture);
      await expect(usd.mint(ethers.ZeroAddress, 1n))
        .to.be.revertedWithCustomError(usd, "ERC20InvalidReceiver")
        .withArgs(ethers.ZeroAddress);
    });

    it("when anyone calls, makes dollars", async () => {
      const { usd, stranger, to } = await networkHelpers.loadFixture(usdFixture);
      const before = await usd.totalSupply();
      await expect(usd.connect(stranger).mint(to, 7n))
        .to.emit(usd, "Transfer")
        .withArgs(ethers.ZeroAddress, to.address, 7n);
      expect(await usd.balanceOf(to)).to.equal(7n);
      expect(await usd.totalSupply()).to.equal(before + 7n);
    });
  });

  describe("transfer", () => {
    it("when nobody sends, reverts", async () => {
      const { usd, to, zero } = await networkHelpers.loadFixture(usdFixture);
      await expect(usd.connect(zero).transfer(to, 0n))
        .to.be.revertedWithCustomError(usd, "ERC20InvalidSender")
        .withArgs(ethers.ZeroAddress);
    });

    it("when nobody receives, reverts", async () => {
      const { usd, owner } = await networkHelpers.loadFixture(usdFixture);
      await expect(usd.connect(owner).transfer(ethers.ZeroAddress, 1n))
        .to.be.revertedWithCustomError(usd, "ERC20InvalidReceiver")
        .withArgs(ethers.ZeroAddress);
    });

    it("when the balance is too small, reverts", async () => {
      const { usd, owner, to } = await networkHelpers.loadFixture(usdFixture);
      await expect(usd.connect(owner).transfer(to, 1_001n))
        .to.be.revertedWithCustomError(usd, "ERC20InsufficientBalance")
        .withArgs(owner.address, 1_000n, 1_001n);
    });

    it("when there is enough, moves it", async () => {
      const { usd, owner, to } = await networkHelpers.loadFixture(usdFixture);
      const moved = usd.connect(owner).transfer(to, 1_000n);
      await expect(moved).to.emit(usd, "Transfer").withArgs(owner.address, to.address, 1_000n);
      await expect(moved).to.changeTokenBalances(ethers, usd, [owner, to], [-1_000n, 1_000n]);
    });
  });

  describe("approve and transferFrom", () => {
    it("when nobody approves or is approved, revert", async () => {
      const { usd, owner, to } = await networkHelpers.loadFixture(usdFixture);
      await expect(usd.transferFrom(ethers.ZeroAddress, to, 0n))
        .to.be.revertedWithCustomError(usd, "ERC20InvalidApprover")
        .withArgs(ethers.ZeroAddress);
      await expect(usd.connect(owner).approve(ethers.ZeroAddress, 1n))
        .to.be.revertedWithCustomError(usd, "ERC20InvalidSpender")
        .withArgs(ethers.ZeroAddress);
    });

    it("when the allowance is too small, reverts", async () => {
      const { usd, owner, stranger, to } = await networkHelpers.loadFixture(usdFixture);
      await usd.connect(owner).approve(stranger, 9n);
      await expect(usd.connect(stranger).transferFrom(owner, to, 10n))
        .to.be.revertedWithCustomError(usd, "ERC20InsufficientAllowance")
        .withArgs(stranger.address, 9n, 10n);
    });

    it("when it is allowed, moves it and lowers the allowance", async () => {
      const { usd, owner, stranger, to } = await networkHelpers.loadFixture(usdFixture);
      await expect(usd.connect(owner).approve(stranger, 10n))
        .to.emit(usd, "Approval")
        .withArgs(owner.address, stranger.address, 10n);
      const moved = usd.connect(stranger).transferFrom(owner, to, 4n);
      await expect(moved).to.changeTokenBalances(ethers, usd, [owner, to], [-4n, 4n]);
      expect(await usd.allowance(owner, stranger)).to.equal(6n);
    });
  });

  describe("permit", () => {
    it("when it is late, reverts", async () => {
      const { usd, owner, stranger } = await networkHelpers.loadFixture(usdFixture);
      const { v, r, s } = await signPermit(usd, owner, { spender: stranger, value: 5n, deadline: 1n });
      await expect(usd.permit(owner, stranger, 5n, 1n, v, r, s))
        .to.be.revertedWithCustomError(usd, "ERC2612ExpiredSignature")
        .withArgs(1n);
    });

    it("when another amount was signed, reverts with the recovered signer", async () => {
      const { usd, owner, stranger } = await networkHelpers.loadFixture(usdFixture);
      const { deadline, v, r, s } = await signPermit(usd, owner, { spender: stranger, value: 5n });
      await expect(usd.permit(owner, stranger, 6n, deadline, v, r, s))
        .to.be.revertedWithCustomError(usd, "ERC2612InvalidSigner")
        .withArgs((signer: string) => signer !== owner.address, owner.address);
    });

    it("when it is used twice, reverts", async () => {
      const { usd, owner, stranger } = await networkHelpers.loadFixture(usdFixture);
      const { deadline, v, r, s } = await signPermit(usd, owner, { spender: stranger, value: 5n });
      await usd.permit(owner, stranger, 5n, deadline, v, r, s);
      await expect(usd.permit(owner, stranger, 5n, deadline, v, r, s)).to.be.revertedWithCustomError(
        usd,
        "ERC2612InvalidSigner",
      );
    });

    it("when the signature is malformed or its s is high, reverts", async () => {
      const { usd, owner, stranger } = await networkHelpers.loadFixture(usdFixture);
      const { deadline, v, r, s } = await signPermit(usd, owner, { spender: stranger, value: 5n });
      await expect(usd.permit(owner, stranger, 5n, deadline, 26, r, s)).to.be.revertedWithCustomError(
        usd,
        "ECDSAInvalidSignature",
      );
      await expect(usd.permit(owner, stranger, 5n, deadline, 55 - v, r, highS(s)))
        .to.be.revertedWithCustomError(usd, "ECDSAInvalidSignatureS")
        .withArgs(highS(s));
    });

    it("when anyone submits it, gives the allowance and uses the nonce", async () => {
      const { usd, owner, stranger } = await networkHelpers.loadFixture(usdFixture);
      const { deadline, v, r, s } = await signPermit(usd, owner, { spender: stranger, value: 5n });
      await usd.connect(stranger).permit(owner, stranger, 5n, deadline, v, r, s);
      expect(await usd.allowance(owner, stranger)).to.equal(5n);
      expect(await usd.nonces(owner)).to.equal(1n);
    });
  });

  describe("transferWithAuthorization", () => {
    it("when it is signed for receiving, reverts", async () => {
      const { usd, owner, to } = await networkHelpers.loadFixture(usdFixture);
      const terms = { to, value: 5n, nonce: NONCE };
      const signed = await signTransfer(usd, owner, "ReceiveWithAuthorization", terms);
      const { validAfter, validBefore, v, r, s } = signed;
      await expect(
        usd.transferWithAuthorization(owner, to, 5n, validAfter, validBefore, NONCE, v, r, s),
      ).to.be.revertedWithCustomError(usd, "ERC3009InvalidSignature");
    });

    it("when it is too early or too late, reverts", async () => {
      const { usd, owner, to } = await networkHelpers.loadFixture(usdFixture);
      const now = BigInt(await networkHelpers.time.latest());
      for (const [validAfter, validBefore] of [
        [now + 100n, now + 200n],
        [0n, now],
      ] as const) {
        const terms = { to, value: 5n, nonce: NONCE, validAfter, validBefore };
        const { v, r, s } = await signTransfer(usd, owner, "TransferWithAuthorization", terms);
        await expect(usd.transferWithAuthorization(owner, to, 5n, validAfter, validBefore, NONCE, v, r, s))
          .to.be.revertedWithCustomError(usd, "ERC3009InvalidAuthorizationTime")
          .withArgs(validAfter, validBefore);
      }
    });

    it("when it is used twice, pays once", async () => {
      const { usd, owner, to } = await networkHelpers.loadFixture(usdFixture);
      const terms = { to, value: 5n, nonce: NONCE };
      const signed = await signTransfer(usd, owner, "TransferWithAuthorization", terms);
      const { validAfter, validBefore, v, r, s } = signed;
      const submit = () =>
        usd.transferWithAuthorization(owner, to, 5n, validAfter, validBefore, NONCE, v, r, s);
      await expect(submit()).to.changeTokenBalances(ethers, usd, [owner, to], [-5n, 5n]);
      expect(await usd.authorizationState(owner, NONCE)).to.equal(true);
      await expect(submit())
        .to.be.revertedWithCustomError(usd, "ERC3009UsedAuthorization")
        .withArgs(owner.address, NONCE);
    });

    it("when the time exceeds 48 bits, reverts", async () => {
      const { usd, owner, to } = await networkHelpers.loadFixture(usdFixture);
      const signed = await signTransfer(usd, owner, "TransferWithAuthorization", {
        to,
        value: 5n,
        nonce: NONCE,
      });
      const { validAfter, validBefore, v, r, s } = signed;
      const now = 2n ** 48n;
      await networkHelpers.time.increaseTo(now - 1n);
      await networkHelpers.time.setNextBlockTimestamp(now);
      await expect(usd.transferWithAuthorization(owner, to, 5n, validAfter, validBefore, NONCE, v, r, s))
        .to.be.revertedWithCustomError(usd, "SafeCastOverflowedUintDowncast")
        .withArgs(48n, now);
    });
  });

  describe("receiveWithAuthorization", () => {
    it("when somebody other than the receiver submits it, reverts; the receiver is paid", async () => {
      const { usd, owner, stranger, to } = await networkHelpers.loadFixture(usdFixture);
      const terms = { to, value: 5n, nonce: NONCE };
      const signed = await signTransfer(usd, owner, "ReceiveWithAuthorization", terms);
      const { validAfter, validBefore, v, r, s } = signed;
      const args = [owner, to, 5n, validAfter, validBefore, NONCE, v, r, s] as const;
      await expect(usd.connect(stranger)[RECEIVE](...args))
        .to.be.revertedWithCustomError(usd, "ERC20InvalidReceiver")
        .withArgs(to.address);
      await expect(usd.connect(to)[RECEIVE](...args))
        .to.emit(usd, "AuthorizationUsed")
        .withArgs(owner.address, NONCE);
      expect(await usd.balanceOf(to)).to.equal(5n);
    });
  });

  describe("receiveWithAuthorization, given a signature in bytes", () => {
    async function walletFixture() {
      const fixture = await networkHelpers.loadFixture(usdFixture);
      const wallet = await ethers.deployContract("SigningWallet", [fixture.owner.address]);
      await fixture.usd.mint(wallet, 1_000n);
      return { ...fixture, wallet: await wallet.getAddress() };
    }

    it("when somebody else signed, or the signature is cut short, reverts", async () => {
      const { usd, owner, stranger, to, wallet } = await networkHelpers.loadFixture(walletFixture);
      const terms = { to, value: 5n, nonce: NONCE };
      for (const [from, signer] of [
        [owner.address, stranger],
        [wallet, stranger],
      ] as const) {
        const { signature, validAfter, validBefore } = await signTransferFor(usd, from, signer, terms);
        for (const bytes of [signature, "0x", ethers.dataSlice(signature, 0, 64)]) {
          await expect(
            usd.connect(to)[RECEIVE_BYTES](from, to, 5n, validAfter, validBefore, NONCE, bytes),
          ).to.be.revertedWithCustomError(usd, "ERC3009InvalidSignature");
        }
      }
    });

    it("when an account or a wallet's owner signed, only the receiver can submit it, once", async () => {
      const { usd, owner, stranger, to, wallet } = await networkHelpers.loadFixture(walletFixture);
      const terms = { to, value: 5n, nonce: NONCE };
      for (const from of [owner.address, wallet]) {
        const signed = await signTransferFor(usd, from, owner, terms);
        const { validAfter, validBefore, signature } = signed;
        const args = [from, to, 5n, validAfter, validBefore, NONCE, signature] as const;
        await expect(usd.connect(stranger)[RECEIVE_BYTES](...args))
          .to.be.revertedWithCustomError(usd, "ERC20InvalidReceiver")
          .withArgs(to.address);
        await expect(usd.connect(to)[RECEIVE_BYTES](...args)).to.changeTokenBalance(ethers, usd, to, 5n);
        await expect(usd.connect(to)[RECEIVE_BYTES](...args))
          .to.be.revertedWithCustomError(usd, "ERC3009UsedAuthorization")
          .withArgs(from, NONCE);
      }
    });
  });

  describe("cancelAuthorization", () => {
    it("when it is signed, the authorization pays no more", async () => {
      const { usd, owner, to } = await networkHelpers.loadFixture(usdFixture);
      const cancel = await signCancel(usd, owner, NONCE);
      await expect(usd.cancelAuthorization(owner, NONCE, cancel.v, cancel.r, cancel.s))
        .to.emit(usd, "AuthorizationCanceled")
        .withArgs(owner.address, NONCE);
      const terms = { to, value: 5n, nonce: NONCE };
      const signed = await signTransfer(usd, owner, "TransferWithAuthorization", terms);
      const { validAfter, validBefore, v, r, s } = signed;
      await expect(usd.transferWithAuthorization(owner, to, 5n, validAfter, validBefore, NONCE, v, r, s))
        .to.be.revertedWithCustomError(usd, "ERC3009UsedAuthorization")
        .withArgs(owner.address, NONCE);
    });
  });
});
