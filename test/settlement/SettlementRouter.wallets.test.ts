import { expect } from "chai";
import { ethers, type GridFixture, impersonate, mintParams, networkHelpers, waitHalfTerm } from "../grid.ts";
import { authorization, permit2 } from "../payments.ts";
import { deployPermit2, PERMIT2 } from "../permit2.ts";
import { payFixture } from "./support.ts";

const coder = ethers.AbiCoder.defaultAbiCoder();

/** An ERC-1271 wallet with dollars. It and its owner approved Permit2 and not the router. */
async function walletFixture() {
  const grid = await networkHelpers.loadFixture(payFixture);
  const { usd, stranger: owner, creator: relayer } = grid;
  const contract = await ethers.deployContract("SigningWallet", [owner.address]);
  const wallet = await contract.getAddress();
  for (const account of [wallet, owner.address]) {
    await usd.mint(account, 1_000n);
    await usd.connect(await impersonate(account)).approve(PERMIT2, ethers.MaxUint256);
  }
  return { ...grid, wallet, owner, relayer, token: await usd.getAddress() };
}

/** As `walletFixture`, with the real Permit2. */
async function permit2Fixture() {
  const grid = await networkHelpers.loadFixture(walletFixture);
  return { ...grid, permit2Contract: await deployPermit2() };
}

async function payPurpose({ router, usd }: GridFixture, amount: bigint, capsuleId = 1n) {
  const { selector } = router.interface.getFunction("pay");
  const types = ["bytes4", "uint64", "address", "uint128"];
  return ethers.keccak256(coder.encode(types, [selector, capsuleId, await usd.getAddress(), amount]));
}

function mintPurpose({ licenses }: GridFixture, params: object) {
  const { selector } = licenses.interface.getFunction("mint");
  const type = "tuple(uint64 offerId,address to,address signer,uint64 units,uint128 maxPrice)";
  return ethers.keccak256(coder.encode(["bytes4", type], [selector, params]));
}

describe("SettlementRouter: payments by contract wallets", () => {
  describe("given an ERC-3009 authorization with a signature in bytes", () => {
    it("when it was signed by another, or for another capsule or amount, reverts", async () => {
      const grid = await networkHelpers.loadFixture(walletFixture);
      const { router, usd, wallet, owner, relayer } = grid;
      const purpose = await payPurpose(grid, 100n);
      for (const { contractBytes } of [
        await authorization(grid, wallet, 100n, purpose, { signer: relayer }),
        await authorization(grid, wallet, 100n, await payPurpose(grid, 100n, 2n), { signer: owner }),
        await authorization(grid, wallet, 101n, purpose, { signer: owner }),
      ]) {
        await expect(router.connect(relayer).pay(1n, usd, 100n, contractBytes)).to.be.revertedWithCustomError(
          usd,
          "ERC3009InvalidSignature",
        );
      }
    });

    it("when it has no signature or is for another token, reverts", async () => {
      const grid = await networkHelpers.loadFixture(walletFixture);
      const { router, usd, wallet, owner, relayer } = grid;
      const { contractBytes } = await authorization(grid, wallet, 100n, await payPurpose(grid, 100n), {
        signer: owner,
      });
      await expect(
        router.connect(relayer).pay(1n, usd, 100n, ethers.dataSlice(contractBytes, 0, 160)),
      ).to.be.revert(ethers);
      const plain = await ethers.deployContract("PlainToken", [18]);
      await expect(router.connect(relayer).pay(1n, plain, 100n, contractBytes)).to.be.revert(ethers);
      const mute = await ethers.deployContract("MuteToken");
      await expect(router.connect(relayer).pay(1n, mute, 100n, contractBytes))
        .to.be.revertedWithCustomError(router, "TransferAmountMismatch")
        .withArgs(await mute.getAddress(), 100n, 0n);
    });

    it("when anyone submits it, the wallet pays, once", async () => {
      const grid = await networkHelpers.loadFixture(walletFixture);
      const { router, usd, token, wallet, owner, relayer } = grid;
      const { contractBytes, nonce } = await authorization(grid, wallet, 100n, await payPurpose(grid, 100n), {
        signer: owner,
      });
      const paid = router.connect(relayer).pay(1n, usd, 100n, contractBytes);
      await expect(paid).to.emit(router, "Paid").withArgs(1n, wallet, token, 1n, 100n);
      await expect(paid).to.changeTokenBalances(ethers, usd, [wallet, relayer, router], [-100n, 0n, 100n]);
      await expect(router.connect(relayer).pay(1n, usd, 100n, contractBytes))
        .to.be.revertedWithCustomError(usd, "ERC3009UsedAuthorization")
        .withArgs(wallet, nonce);
    });

    it("when an account signs, it pays the same way", async () => {
      const grid = await networkHelpers.loadFixture(walletFixture);
      const { router, usd, token, owner, relayer } = grid;
      const { contractBytes } = await authorization(grid, owner, 100n, await payPurpose(grid, 100n));
      await expect(router.connect(relayer).pay(1n, usd, 100n, contractBytes))
        .to.emit(router, "Paid")
        .withArgs(1n, owner.address, token, 1n, 100n);
    });

    it("when a license is bought with it, only as signed", async () => {
      const grid = await networkHelpers.loadFixture(walletFixture);
      const { licenses, router, usd, wallet, owner, relayer } = grid;
      const params = { ...mintParams(1n, owner, 4n), to: wallet, signer: owner.address };
      const { contractBytes } = await authorization(grid, wallet, 100n, mintPurpose(grid, params), {
        signer: owner,
      });
      for (const change of [{ to: relayer.address }, { signer: relayer.address }]) {
        await expect(
          licenses.connect(relayer).mint({ ...params, ...change }, contractBytes),
        ).to.be.revertedWithCustomError(usd, "ERC3009InvalidSignature");
      }
      await expect(licenses.connect(relayer).mint(params, contractBytes))
        .to.emit(router, "Deposited")
        .withArgs(1n, wallet, 100n, 4n);
      expect(await licenses.ownerOf(1n)).to.equal(wallet);
    });
  });

  describe("given a signature for Permit2", () => {
    it("when the chain has no Permit2, reverts", async () => {
      const grid = await networkHelpers.loadFixture(walletFixture);
      const { router, usd, token, owner, relayer } = grid;
      const { bytes } = await permit2(grid, owner, { token, amount: 100n }, await payPurpose(grid, 100n));
      await expect(router.connect(relayer).pay(1n, usd, 100n, bytes)).to.be.revert(ethers);
    });

    it("when it is for another purpose, amount, token or spender, reverts", async () => {
      const grid = await networkHelpers.loadFixture(permit2Fixture);
      const { router, usd, token, owner, relayer, permit2Contract } = grid;
      const purpose = await payPurpose(grid, 100n);
      for (const { bytes } of [
        await permit2(grid, owner, { token, amount: 100n }, await payPurpose(grid, 100n, 2n)),
        await permit2(grid, owner, { token, amount: 101n }, purpose),
        await permit2(grid, owner, { token: owner.address, amount: 100n }, purpose),
        await permit2(grid, owner, { token, amount: 100n }, purpose, { spender: relayer.address }),
        await permit2(grid, owner, { token, amount: 100n }, purpose, { signer: relayer }),
      ]) {
        await expect(router.connect(relayer).pay(1n, usd, 100n, bytes)).to.be.revertedWithCustomError(
          permit2Contract,
          "InvalidSigner",
        );
      }
    });

    it("when it has no witness, reverts", async () => {
      const grid = await networkHelpers.loadFixture(permit2Fixture);
      const { router, usd, token, owner, relayer, permit2Contract } = grid;
      const { bytes } = await permit2(grid, owner, { token, amount: 100n }, undefined);
      await expect(router.connect(relayer).pay(1n, usd, 100n, bytes)).to.be.revertedWithCustomError(
        permit2Contract,
        "InvalidSigner",
      );
    });

    it("when a wallet's owner did not sign, reverts", async () => {
      const grid = await networkHelpers.loadFixture(permit2Fixture);
      const { router, usd, token, wallet, relayer, permit2Contract } = grid;
      const { bytes } = await permit2(grid, wallet, { token, amount: 100n }, await payPurpose(grid, 100n), {
        signer: relayer,
      });
      await expect(router.connect(relayer).pay(1n, usd, 100n, bytes)).to.be.revertedWithCustomError(
        permit2Contract,
        "InvalidContractSignature",
      );
    });

    it("when it is late, reverts", async () => {
      const grid = await networkHelpers.loadFixture(permit2Fixture);
      const { router, usd, token, owner, relayer, permit2Contract } = grid;
      const { bytes } = await permit2(grid, owner, { token, amount: 100n }, await payPurpose(grid, 100n), {
        deadline: 1n,
      });
      await expect(router.connect(relayer).pay(1n, usd, 100n, bytes))
        .to.be.revertedWithCustomError(permit2Contract, "SignatureExpired")
        .withArgs(1n);
    });

    for (const payer of ["wallet", "owner"] as const) {
      it(`when anyone submits it, the ${payer} pays exactly the amount, once`, async () => {
        const grid = await networkHelpers.loadFixture(permit2Fixture);
        const { router, usd, token, owner, relayer, permit2Contract } = grid;
        const from = payer === "wallet" ? grid.wallet : owner.address;
        const { bytes } = await permit2(grid, from, { token, amount: 100n }, await payPurpose(grid, 100n), {
          nonce: 2n ** 256n - 1n,
          signer: owner,
        });
        const paid = router.connect(relayer).pay(1n, usd, 100n, bytes);
        await expect(paid).to.emit(router, "Paid").withArgs(1n, from, token, 1n, 100n);
        await expect(paid).to.changeTokenBalances(ethers, usd, [from, relayer, router], [-100n, 0n, 100n]);
        await expect(router.connect(relayer).pay(1n, usd, 100n, bytes)).to.be.revertedWithCustomError(
          permit2Contract,
          "InvalidNonce",
        );
      });
    }

    it("when the token takes a fee, reverts", async () => {
      const grid = await networkHelpers.loadFixture(permit2Fixture);
      const { router, owner, relayer } = grid;
      const contract = await ethers.deployContract("FeeToken");
      const token = await contract.getAddress();
      await contract.mint(owner, 1_000n);
      await contract.connect(owner).approve(PERMIT2, 1_000n);
      const { selector } = router.interface.getFunction("pay");
      const types = ["bytes4", "uint64", "address", "uint128"];
      const purpose = ethers.keccak256(coder.encode(types, [selector, 1n, token, 100n]));
      const { bytes } = await permit2(grid, owner, { token, amount: 100n }, purpose);
      await expect(router.connect(relayer).pay(1n, token, 100n, bytes))
        .to.be.revertedWithCustomError(router, "TransferAmountMismatch")
        .withArgs(token, 100n, 99n);
    });

    it("when a wallet buys and renews with it, the wallet is holder and payer", async () => {
      const grid = await networkHelpers.loadFixture(permit2Fixture);
      const { licenses, router, token, wallet, owner, relayer } = grid;
      const params = { ...mintParams(1n, owner, 4n), to: wallet, signer: owner.address };
      const order = { token, amount: 100n };
      const purchase = await permit2(grid, wallet, order, mintPurpose(grid, params), { signer: owner });
      await expect(licenses.connect(relayer).mint(params, purchase.bytes))
        .to.emit(router, "Deposited")
        .withArgs(1n, wallet, 100n, 4n);
      await waitHalfTerm();
      const { selector } = licenses.interface.getFunction("renew");
      const types = ["bytes4", "uint64", "uint64", "uint128"];
      const purpose = ethers.keccak256(coder.encode(types, [selector, 1n, 4n, 100n]));
      const renewal = await permit2(grid, wallet, order, purpose, { signer: owner, nonce: 1n });
      await expect(licenses.connect(relayer).renew(1n, 4n, 100n, renewal.bytes))
        .to.emit(router, "Deposited")
        .withArgs(1n, wallet, 100n, 4n);
    });
  });
});
