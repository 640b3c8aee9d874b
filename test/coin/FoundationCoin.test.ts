import { expect } from "chai";
import { ethers, impersonate, networkHelpers } from "../grid.ts";
import { PERMIT } from "../settlement/signatures.ts";
import { TOTAL } from "./support.ts";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const DELEGATION = [
  { name: "delegatee", type: "address" },
  { name: "nonce", type: "uint256" },
  { name: "expiry", type: "uint256" },
];

async function coinFixture() {
  const [minter, owner, delegatee, rival, stranger] = await ethers.getSigners();
  if (!minter || !owner || !delegatee || !rival || !stranger) throw new Error("Five accounts are needed.");
  const coin = await ethers.deployContract("FoundationCoin", [minter]);
  await coin.mint(owner, 1_000n);
  const { chainId } = await ethers.provider.getNetwork();
  const domain = {
    name: "Foundation Coin",
    version: "1",
    chainId,
    verifyingContract: await coin.getAddress(),
  };
  const signPermit = async (value: bigint, { nonce = 0n, deadline = ethers.MaxUint256 } = {}) => {
    const message = { owner: owner.address, spender: stranger.address, value, nonce, deadline };
    return ethers.Signature.from(await owner.signTypedData(domain, { Permit: PERMIT }, message));
  };
  const signDelegation = async ({ nonce = 0n, expiry = ethers.MaxUint256 } = {}) => {
    const message = { delegatee: delegatee.address, nonce, expiry };
    return ethers.Signature.from(await owner.signTypedData(domain, { Delegation: DELEGATION }, message));
  };
  return { coin, minter, owner, delegatee, rival, stranger, domain, signPermit, signDelegation };
}

async function votersFixture() {
  const fixture = await networkHelpers.loadFixture(coinFixture);
  const { coin, owner, delegatee } = fixture;
  await coin.connect(owner).delegate(delegatee);
  return fixture;
}

/** Runs all actions in one block and returns its timestamp. Afterwards the clock is past it. */
async function atOnce(...deeds: (() => Promise<unknown>)[]) {
  await ethers.provider.send("evm_setAutomine", [false]);
  for (const deed of deeds) await deed();
  await networkHelpers.mine();
  await ethers.provider.send("evm_setAutomine", [true]);
  const time = await networkHelpers.time.latest();
  await networkHelpers.mine();
  return time;
}

const GAS = { gasLimit: 500_000n };

describe("FoundationCoin", () => {
  describe("metadata", () => {
    it("when deployed, has metadata, eight decimals and a timestamp clock", async () => {
      const { coin, minter, domain } = await networkHelpers.loadFixture(coinFixture);
      expect([await coin.name(), await coin.symbol(), await coin.decimals()]).to.deep.equal([
        "Foundation Coin",
        "FC",
        8n,
      ]);
      expect(await coin.MINTER()).to.equal(minter.address);
      expect(await coin.CLOCK_MODE()).to.equal("mode=timestamp");
      expect(await coin.clock()).to.equal(BigInt(await networkHelpers.time.latest()));
      expect(await coin.DOMAIN_SEPARATOR()).to.equal(ethers.TypedDataEncoder.hashDomain(domain));
      const { name, version, chainId, verifyingContract } = domain;
      expect(await coin.eip712Domain()).to.deep.equal([
        "0x0f",
        name,
        version,
        chainId,
        verifyingContract,
        ethers.ZeroHash,
        [],
      ]);
    });

    it("when the time exceeds 48 bits, has no clock", async () => {
      const { coin } = await networkHelpers.loadFixture(coinFixture);
      await networkHelpers.time.increaseTo(2n ** 48n - 1n);
      expect(await coin.clock()).to.equal(2n ** 48n - 1n);
      await networkHelpers.time.increaseTo(2n ** 48n);
      await expect(coin.clock())
        .to.be.revertedWithCustomError(coin, "SafeCastOverflowedUintDowncast")
        .withArgs(48n, 2n ** 48n);
    });
  });

  describe("mint", () => {
    it("when the caller is not the minter, reverts", async () => {
      const { coin, owner, stranger } = await networkHelpers.loadFixture(coinFixture);
      for (const caller of [owner, stranger, await impersonate(coin)]) {
        await expect(coin.connect(caller).mint(caller, 1n))
          .to.be.revertedWithCustomError(coin, "CoinCallerNotMinter")
          .withArgs(caller.address);
      }
    });

    it("when the receiver is zero, reverts", async () => {
      const { coin } = await networkHelpers.loadFixture(coinFixture);
      await expect(coin.mint(ethers.ZeroAddress, 1n))
        .to.be.revertedWithCustomError(coin, "ERC20InvalidReceiver")
        .withArgs(ethers.ZeroAddress);
    });

    it("when the supply would exceed the schedule, reverts, even for the minter", async () => {
      const { coin, owner } = await networkHelpers.loadFixture(coinFixture);
      const left = TOTAL - (await coin.totalSupply());
      await expect(coin.mint(owner, left + 1n))
        .to.be.revertedWithCustomError(coin, "ERC20ExceededSafeSupply")
        .withArgs(TOTAL + 1n, TOTAL);
      await coin.mint(owner, left);
      await expect(coin.mint(owner, 1n))
        .to.be.revertedWithCustomError(coin, "ERC20ExceededSafeSupply")
        .withArgs(TOTAL + 1n, TOTAL);
    });

    it("when the minter calls, mints coins", async () => {
      const { coin, stranger } = await networkHelpers.loadFixture(coinFixture);
      const minted = coin.mint(stranger, 7n);
      await expect(minted).to.emit(coin, "Transfer").withArgs(ethers.ZeroAddress, stranger.address, 7n);
      expect(await coin.balanceOf(stranger)).to.equal(7n);
      expect(await coin.totalSupply()).to.equal(1_007n);
    });
  });

  describe("transfer, approve and transferFrom", () => {
    it("when balance or allowance is too low, revert", async () => {
      const { coin, owner, stranger, rival } = await networkHelpers.loadFixture(coinFixture);
      await expect(coin.connect(owner).transfer(rival, 1_001n))
        .to.be.revertedWithCustomError(coin, "ERC20InsufficientBalance")
        .withArgs(owner.address, 1_000n, 1_001n);
      await coin.connect(owner).approve(stranger, 9n);
      await expect(coin.connect(stranger).transferFrom(owner, rival, 10n))
        .to.be.revertedWithCustomError(coin, "ERC20InsufficientAllowance")
        .withArgs(stranger.address, 9n, 10n);
    });

    it("when one side is the zero address, revert", async () => {
      const { coin, owner, rival } = await networkHelpers.loadFixture(coinFixture);
      const zero = await impersonate(ethers.ZeroAddress);
      await expect(coin.connect(zero).transfer(rival, 0n))
        .to.be.revertedWithCustomError(coin, "ERC20InvalidSender")
        .withArgs(ethers.ZeroAddress);
      await expect(coin.connect(owner).approve(ethers.ZeroAddress, 1n))
        .to.be.revertedWithCustomError(coin, "ERC20InvalidSpender")
        .withArgs(ethers.ZeroAddress);
      await expect(coin.transferFrom(ethers.ZeroAddress, rival, 0n))
        .to.be.revertedWithCustomError(coin, "ERC20InvalidApprover")
        .withArgs(ethers.ZeroAddress);
    });

    it("when balance and allowance suffice, transfer", async () => {
      const { coin, owner, stranger, rival } = await networkHelpers.loadFixture(coinFixture);
      await coin.connect(owner).approve(stranger, 10n);
      await expect(coin.connect(stranger).transferFrom(owner, rival, 4n)).to.changeTokenBalances(
        ethers,
        coin,
        [owner, rival],
        [-4n, 4n],
      );
      expect(await coin.allowance(owner, stranger)).to.equal(6n);
    });
  });

  describe("permit", () => {
    it("when the deadline is over, reverts", async () => {
      const { coin, owner, stranger, signPermit } = await networkHelpers.loadFixture(coinFixture);
      const { v, r, s } = await signPermit(5n, { deadline: 1n });
      await expect(coin.permit(owner, stranger, 5n, 1n, v, r, s))
        .to.be.revertedWithCustomError(coin, "ERC2612ExpiredSignature")
        .withArgs(1n);
    });

    it("when another amount was signed, or the permit is used, reverts", async () => {
      const { coin, owner, stranger, signPermit } = await networkHelpers.loadFixture(coinFixture);
      const { v, r, s } = await signPermit(5n);
      const permit = (value: bigint) => coin.permit(owner, stranger, value, ethers.MaxUint256, v, r, s);
      await expect(permit(6n))
        .to.be.revertedWithCustomError(coin, "ERC2612InvalidSigner")
        .withArgs((signer: string) => signer !== owner.address, owner.address);
      await permit(5n);
      await expect(permit(5n)).to.be.revertedWithCustomError(coin, "ERC2612InvalidSigner");
    });

    it("when the signature is malformed or its s is high, reverts", async () => {
      const { coin, owner, stranger, signPermit } = await networkHelpers.loadFixture(coinFixture);
      const { v, r, s } = await signPermit(5n);
      await expect(
        coin.permit(owner, stranger, 5n, ethers.MaxUint256, 26, r, s),
      ).to.be.revertedWithCustomError(coin, "ECDSAInvalidSignature");
      const high = ethers.toBeHex(ORDER - BigInt(s), 32);
      await expect(coin.permit(owner, stranger, 5n, ethers.MaxUint256, 55 - v, r, high))
        .to.be.revertedWithCustomError(coin, "ECDSAInvalidSignatureS")
        .withArgs(high);
    });

    it("when anyone submits it, sets the allowance and uses the nonce", async () => {
      const { coin, owner, stranger, rival, signPermit } = await networkHelpers.loadFixture(coinFixture);
      const { v, r, s } = await signPermit(5n);
      await coin.connect(rival).permit(owner, stranger, 5n, ethers.MaxUint256, v, r, s);
      expect(await coin.allowance(owner, stranger)).to.equal(5n);
      expect(await coin.nonces(owner)).to.equal(1n);
    });
  });

  describe("delegate", () => {
    it("when nobody delegates, coins have no votes", async () => {
      const { coin, owner } = await networkHelpers.loadFixture(coinFixture);
      expect(await coin.delegates(owner)).to.equal(ethers.ZeroAddress);
      expect(await coin.getVotes(owner)).to.equal(0n);
    });

    it("when a holder delegates, its votes move at once and with each transfer", async () => {
      const { coin, minter, owner, delegatee, rival } = await networkHelpers.loadFixture(coinFixture);
      const delegated = coin.connect(owner).delegate(delegatee);
      await expect(delegated)
        .to.emit(coin, "DelegateChanged")
        .withArgs(owner.address, ethers.ZeroAddress, delegatee.address);
      await expect(delegated).to.emit(coin, "DelegateVotesChanged").withArgs(delegatee.address, 0n, 1_000n);
      expect(await coin.delegates(owner)).to.equal(delegatee.address);
      expect([await coin.getVotes(owner), await coin.getVotes(delegatee)]).to.deep.equal([0n, 1_000n]);

      await coin.connect(minter).mint(owner, 50n);
      expect(await coin.getVotes(delegatee)).to.equal(1_050n);
      await coin.connect(owner).transfer(rival, 300n);
      expect(await coin.getVotes(delegatee)).to.equal(750n);
      expect(await coin.getVotes(rival)).to.equal(0n);
    });

    it("when a holder delegates to itself, another account or zero, votes follow", async () => {
      const { coin, owner, delegatee } = await networkHelpers.loadFixture(votersFixture);
      await coin.connect(owner).delegate(owner);
      expect([await coin.getVotes(owner), await coin.getVotes(delegatee)]).to.deep.equal([1_000n, 0n]);
      await coin.connect(owner).delegate(ethers.ZeroAddress);
      expect(await coin.getVotes(owner)).to.equal(0n);
    });
  });

  describe("delegateBySig", () => {
    it("when the deadline is over, reverts", async () => {
      const { coin, delegatee, signDelegation } = await networkHelpers.loadFixture(coinFixture);
      const { v, r, s } = await signDelegation({ expiry: 1n });
      await expect(coin.delegateBySig(delegatee, 0n, 1n, v, r, s))
        .to.be.revertedWithCustomError(coin, "VotesExpiredSignature")
        .withArgs(1n);
    });

    it("when the nonce is used, by a permit too, or in the future, reverts", async () => {
      const { coin, owner, stranger, delegatee, signDelegation, signPermit } =
        await networkHelpers.loadFixture(coinFixture);
      const late = await signDelegation();
      const { v, r, s } = await signPermit(5n);
      await coin.permit(owner, stranger, 5n, ethers.MaxUint256, v, r, s);
      await expect(coin.delegateBySig(delegatee, 0n, ethers.MaxUint256, late.v, late.r, late.s))
        .to.be.revertedWithCustomError(coin, "InvalidAccountNonce")
        .withArgs(owner.address, 1n);
    });

    it("when anyone submits it, delegates the signer's votes", async () => {
      const { coin, owner, stranger, delegatee, signDelegation } =
        await networkHelpers.loadFixture(coinFixture);
      const { v, r, s } = await signDelegation();
      await coin.connect(stranger).delegateBySig(delegatee, 0n, ethers.MaxUint256, v, r, s);
      expect(await coin.delegates(owner)).to.equal(delegatee.address);
      expect(await coin.getVotes(delegatee)).to.equal(1_000n);
    });
  });

  describe("getPastVotes and getPastTotalSupply", () => {
    it("when the time is not in the past, revert", async () => {
      const { coin, delegatee } = await networkHelpers.loadFixture(votersFixture);
      const now = await coin.clock();
      for (const time of [now, now + 1n, ethers.MaxUint256]) {
        await expect(coin.getPastVotes(delegatee, time))
          .to.be.revertedWithCustomError(coin, "ERC5805FutureLookup")
          .withArgs(time, now);
        await expect(coin.getPastTotalSupply(time))
          .to.be.revertedWithCustomError(coin, "ERC5805FutureLookup")
          .withArgs(time, now);
      }
    });

    it("when coins were minted, moved and delegated, return the values at any past time", async () => {
      const { coin, minter, owner, delegatee, rival } = await networkHelpers.loadFixture(votersFixture);
      const t0 = Number(await coin.clock());
      await networkHelpers.time.setNextBlockTimestamp(t0 + 100);
      await coin.connect(owner).transfer(rival, 400n);
      await networkHelpers.time.setNextBlockTimestamp(t0 + 200);
      await coin.connect(rival).delegate(rival);
      await networkHelpers.time.setNextBlockTimestamp(t0 + 300);
      await coin.connect(minter).mint(rival, 5n);
      await networkHelpers.time.increaseTo(t0 + 400);
      for (const [time, delegated, rivals, supply] of [
        [t0 - 100, 0n, 0n, 0n],
        [t0, 1_000n, 0n, 1_000n],
        [t0 + 99, 1_000n, 0n, 1_000n],
        [t0 + 100, 600n, 0n, 1_000n],
        [t0 + 199, 600n, 0n, 1_000n],
        [t0 + 200, 600n, 400n, 1_000n],
        [t0 + 299, 600n, 400n, 1_000n],
        [t0 + 300, 600n, 405n, 1_005n],
        [t0 + 399, 600n, 405n, 1_005n],
      ] as const) {
        expect([
          await coin.getPastVotes(delegatee, time),
          await coin.getPastVotes(rival, time),
          await coin.getPastTotalSupply(time),
        ]).to.deep.equal([delegated, rivals, supply]);
      }
      expect(await coin.numCheckpoints(delegatee)).to.equal(2n);
      expect(await coin.checkpoints(delegatee, 0n)).to.deep.equal([BigInt(t0), 1_000n]);
      expect(await coin.checkpoints(delegatee, 1n)).to.deep.equal([BigInt(t0 + 100), 600n]);
    });
  });

  describe("voting twice at one timestamp", () => {
    it("when a holder delegates to two accounts in turn, only the last has votes", async () => {
      const { coin, owner, delegatee, rival } = await networkHelpers.loadFixture(coinFixture);
      const time = await atOnce(
        () => coin.connect(owner).delegate(delegatee, GAS),
        () => coin.connect(owner).delegate(rival, { ...GAS }),
      );
      expect([await coin.getPastVotes(delegatee, time), await coin.getPastVotes(rival, time)]).to.deep.equal([
        0n,
        1_000n,
      ]);
      expect([await coin.numCheckpoints(delegatee), await coin.numCheckpoints(rival)]).to.deep.equal([
        1n,
        1n,
      ]);
    });

    it("when coins pass from voter to voter, they vote once", async () => {
      const { coin, owner, rival, stranger } = await networkHelpers.loadFixture(coinFixture);
      for (const voter of [owner, rival, stranger]) await coin.connect(voter).delegate(voter);
      const time = await atOnce(
        () => coin.connect(owner).transfer(rival, 1_000n, GAS),
        () => coin.connect(rival).transfer(stranger, 1_000n, GAS),
      );
      const votes = await Promise.all(
        [owner, rival, stranger].map((voter) => coin.getPastVotes(voter, time)),
      );
      expect(votes).to.deep.equal([0n, 0n, 1_000n]);
      expect(await coin.getPastTotalSupply(time)).to.equal(1_000n);
    });
  });
});
