import { expect } from "chai";
import { ethers, networkHelpers } from "../grid.ts";
import {
  FEE,
  HASH,
  type Hub,
  ONE,
  Phase,
  type Signer,
  score,
  seatsFixture,
  subnetFixture,
} from "./support.ts";

const ADMIN = ethers.ZeroHash;
const ALL = [0, 1, 2, 3, 4, 5];

/** `seatsFixture` with another token of the sponsor. */
async function tokenFixture() {
  const fixture = await networkHelpers.loadFixture(seatsFixture);
  const token = await sponsored(await ethers.deployContract("PlainToken", [6]), fixture);
  return { ...fixture, token };
}

type Token = { mint(to: Signer, amount: bigint): unknown; connect(signer: Signer): unknown };

/** Gives the sponsor 10,000 units, and the hub an allowance. */
async function sponsored<T extends Token>(
  token: T,
  { hub, sponsor }: { hub: Hub; sponsor: Signer },
): Promise<T> {
  await token.mint(sponsor, 10_000n);
  await (token.connect(sponsor) as { approve(spender: Hub, amount: bigint): Promise<unknown> }).approve(
    hub,
    10_000n,
  );
  return token;
}

/** What a pot pays for each share, rounded down. */
function amountsOf(total: bigint, shares: readonly { readonly share: bigint }[]) {
  const whole = shares.reduce((sum, { share }) => sum + share, 0n);
  return shares.map(({ share }) => (total * share) / whole);
}

/** Epoch 2 is funded with 1,001 units and run in epoch 3. */
async function paidFixture() {
  const fixture = await networkHelpers.loadFixture(tokenFixture);
  const { hub, token, sponsor, validators, goTo } = fixture;
  await hub.connect(sponsor).fund(1, token, 1_001, 2, 1);
  await score(
    fixture,
    2n,
    new Map([
      [validators[0], [3n, 1n, 0n]],
      [validators[1], [2n, 1n, 0n]],
    ]),
  );
  await goTo(3n);
  await hub.runEpoch(1);
  return fixture;
}

/** Subnet 1 is retired from epoch 4 on, and it is epoch 5. Epochs 2 to 6 are funded with 10 units; epoch 2 pays. */
async function retiredFixture() {
  const fixture = await networkHelpers.loadFixture(tokenFixture);
  const { hub, token, creator, sponsor, validators, goTo } = fixture;
  await hub.connect(sponsor).fund(1, token, 10, 2, 5);
  await score(fixture, 2n, new Map([[validators[0], [1n]]]));
  await goTo(3n);
  await hub.runEpoch(1);
  await hub.connect(creator).retire(1);
  await goTo(5n);
  return fixture;
}

describe("SubnetHub pots", () => {
  describe("fund", () => {
    it("when the amount is zero, reverts", async () => {
      const { hub, token } = await networkHelpers.loadFixture(tokenFixture);
      await expect(hub.fund(1, token, 0, 2, 1)).to.be.revertedWithCustomError(hub, "PotAmountZero");
    });

    it("when the subnet does not exist, reverts", async () => {
      const { hub, token } = await networkHelpers.loadFixture(tokenFixture);
      await expect(hub.fund(2, token, 1, 2, 1))
        .to.be.revertedWithCustomError(hub, "SubnetNonexistent")
        .withArgs(2);
    });

    it("when there is no epoch, or one is past or too far away, reverts", async () => {
      const { hub, token } = await networkHelpers.loadFixture(tokenFixture);
      for (const [first, epochs] of [
        [2n, 0n],
        [1n, 1n],
        [1n, 3n],
        [2n, 54n],
        [55n, 1n],
        [2n ** 32n - 1n, 1n],
      ] as const) {
        await expect(hub.fund(1, token, 1, first, epochs))
          .to.be.revertedWithCustomError(hub, "PotEpochsOutOfRange")
          .withArgs(1, first, epochs, 2);
      }
    });

    it("when the subnet is retired before the last epoch, reverts", async () => {
      const { hub, token, creator, sponsor } = await networkHelpers.loadFixture(tokenFixture);
      await hub.connect(creator).retire(1);
      await expect(hub.connect(sponsor).fund(1, token, 1, 2, 2))
        .to.be.revertedWithCustomError(hub, "SubnetIsRetired")
        .withArgs(1, 3);
      await hub.connect(sponsor).fund(1, token, 1, 2, 1);
    });

    it("when less arrives, reverts", async () => {
      const fixture = await networkHelpers.loadFixture(seatsFixture);
      const { hub, sponsor } = fixture;
      const token = await sponsored(await ethers.deployContract("FeeToken"), fixture);
      await expect(hub.connect(sponsor).fund(1, token, 100, 2, 3))
        .to.be.revertedWithCustomError(hub, "TransferAmountMismatch")
        .withArgs(await token.getAddress(), 300, 297);
      const liar = await ethers.deployContract("LyingToken");
      await expect(hub.connect(sponsor).fund(1, liar, 100, 2, 3))
        .to.be.revertedWithCustomError(hub, "TransferAmountMismatch")
        .withArgs(await liar.getAddress(), 300, 0);
    });

    it("when the token fails, reverts", async () => {
      const fixture = await networkHelpers.loadFixture(seatsFixture);
      const { hub, sponsor } = fixture;
      const token = await sponsored(await ethers.deployContract("FalseToken"), fixture);
      await token.breakDown();
      await expect(hub.connect(sponsor).fund(1, token, 1, 2, 1))
        .to.be.revertedWithCustomError(hub, "SafeERC20FailedOperation")
        .withArgs(await token.getAddress());
    });

    it("when the token calls back, reverts", async () => {
      const fixture = await networkHelpers.loadFixture(seatsFixture);
      const { hub, sponsor } = fixture;
      const token = await sponsored(await ethers.deployContract("HookToken"), fixture);
      for (const data of [
        hub.interface.encodeFunctionData("fund", [1, await token.getAddress(), 1, 2, 1]),
        hub.interface.encodeFunctionData("claim", [1, 2, await token.getAddress(), []]),
        hub.interface.encodeFunctionData("reclaim", [1]),
      ]) {
        await token.arm(hub, data, true);
        await expect(hub.connect(sponsor).fund(1, token, 1, 2, 1)).to.be.revertedWithCustomError(
          hub,
          "ReentrancyGuardReentrantCall",
        );
      }
    });

    it("when the money arrives, adds it to the pots of the epochs", async () => {
      const { hub, token, sponsor } = await networkHelpers.loadFixture(tokenFixture);
      const call = hub.connect(sponsor);
      await call.fund(1, token, 5, 4, 1);
      const funded = call.fund(1, token, 10, 2, 53);
      await expect(funded)
        .to.emit(hub, "PotFunded")
        .withArgs(2, 1, await token.getAddress(), sponsor.address, 10, 2, 53);
      await expect(funded).to.changeTokenBalances(ethers, token, [sponsor, hub], [-530n, 530n]);
      expect(await hub.lastFundingId()).to.equal(2n);
      expect(await hub.fundingOf(2)).to.deep.equal([
        sponsor.address,
        1n,
        2n,
        53n,
        await token.getAddress(),
        0n,
        10n,
      ]);
      for (const [epoch, amount] of [
        [1n, 0n],
        [2n, 10n],
        [4n, 15n],
        [54n, 10n],
        [55n, 0n],
      ] as const)
        expect(await hub.potOf(1, token, epoch)).to.deep.equal([amount, amount]);
    });
  });

  describe("claim", () => {
    it("when the epoch was not run, reverts", async () => {
      const { hub, token } = await networkHelpers.loadFixture(tokenFixture);
      await expect(hub.claim(1, 2, token, [0]))
        .to.be.revertedWithCustomError(hub, "RecordNonexistent")
        .withArgs(1, 2);
    });

    it("when an index is not in the record, reverts", async () => {
      const { hub, token } = await networkHelpers.loadFixture(paidFixture);
      await expect(hub.claim(1, 2, token, [0, 6]))
        .to.be.revertedWithCustomError(hub, "ShareNonexistent")
        .withArgs(1, 2, 6);
    });

    it("when an index was claimed, also in the same call, reverts", async () => {
      const { hub, token } = await networkHelpers.loadFixture(paidFixture);
      const address = await token.getAddress();
      await expect(hub.claim(1, 2, token, [0, 0]))
        .to.be.revertedWithCustomError(hub, "ShareAlreadyClaimed")
        .withArgs(1, address, 2, 0);
      await hub.claim(1, 2, token, [0]);
      await expect(hub.claim(1, 2, token, [1, 0]))
        .to.be.revertedWithCustomError(hub, "ShareAlreadyClaimed")
        .withArgs(1, address, 2, 0);
    });

    it("when anyone calls, pays each account its share, rounded down", async () => {
      const { hub, coin, token, stranger } = await networkHelpers.loadFixture(paidFixture);
      const shares = await hub.sharesOf(1, 2);
      const amounts = amountsOf(1_001n, shares);
      const claimed = hub.connect(stranger).claim(1, 2, token, ALL);
      await expect(claimed).to.changeTokenBalances(
        ethers,
        token,
        shares.map(({ account }) => account),
        amounts,
      );
      await expect(claimed)
        .to.emit(hub, "ShareClaimed")
        .withArgs(1, 2, shares[3]?.account, await token.getAddress(), 3, amounts[3]);
      const left = await token.balanceOf(hub);
      expect(left).to.equal(1_001n - amounts.reduce((sum, amount) => sum + amount));
      expect(left).to.be.below(6n);
      // Entries without a share are skipped, again and again: a validator that did not reveal, a miner without weights.
      expect([amounts[2], amounts[5]]).to.deep.equal([0n, 0n]);
      expect(await hub.isClaimed(1, token, 2, 2)).to.equal(false);
      expect(await hub.isClaimed(1, token, 2, 3)).to.equal(true);
      expect(await hub.isClaimed(1, coin, 2, 3)).to.equal(false);
      await hub.claim(1, 2, token, [2, 5]);
    });

    it("when the pot is large, less than a base unit per share is left", async () => {
      const fixture = await networkHelpers.loadFixture(tokenFixture);
      const { hub, token, sponsor, validators, goTo } = fixture;
      const total = 10n ** 30n + 1n;
      await token.mint(sponsor, total);
      await token.connect(sponsor).approve(hub, total);
      await hub.connect(sponsor).fund(1, token, total, 2, 1);
      await score(fixture, 2n, new Map([[validators[0], [3n, 1n, 1n]]]));
      await goTo(3n);
      await hub.runEpoch(1);
      const before = await token.balanceOf(hub);
      await hub.claim(1, 2, token, ALL);
      const paid = before - (await token.balanceOf(hub));
      const shares = await hub.sharesOf(1, 2);
      expect(shares.reduce((sum, { share }) => sum + share, 0n)).to.be.below(ONE);
      expect(paid).to.equal(amountsOf(total, shares).reduce((sum, amount) => sum + amount));
      expect(total - paid).to.be.below(BigInt(shares.length));
    });

    it("when the miner was replaced since, pays it nevertheless", async () => {
      const { hub, token, miners } = await networkHelpers.loadFixture(paidFixture);
      await hub.connect(miners[0]).deregisterMiner(1);
      await hub.connect(miners[4]).registerMiner(1);
      const amount = amountsOf(1_001n, await hub.sharesOf(1, 2))[3];
      await expect(hub.claim(1, 2, token, [3])).to.changeTokenBalances(
        ethers,
        token,
        [miners[0], miners[4]],
        [amount, 0n],
      );
    });

    it("when the token refuses an account, reverts; others can be paid", async () => {
      const fixture = await networkHelpers.loadFixture(seatsFixture);
      const { hub, sponsor, validators, goTo } = fixture;
      const token = await sponsored(await ethers.deployContract("BlocklistToken"), fixture);
      await hub.connect(sponsor).fund(1, token, 1_000, 2, 1);
      await score(fixture, 2n, new Map([[validators[0], [1n]]]));
      await goTo(3n);
      await hub.runEpoch(1);
      await token.setBlocked(validators[0], true);
      await expect(hub.claim(1, 2, token, ALL))
        .to.be.revertedWithCustomError(token, "AccountBlocked")
        .withArgs(validators[0].address);
      await hub.claim(1, 2, token, [3]);
    });

    it("when the token loses money, other pots are not affected", async () => {
      const fixture = await networkHelpers.loadFixture(tokenFixture);
      const { hub, token, sponsor, validators, goTo } = fixture;
      const rebasing = await sponsored(await ethers.deployContract("RebasingToken"), fixture);
      await hub.connect(sponsor).fund(1, rebasing, 1_000, 2, 1);
      await hub.connect(sponsor).fund(1, token, 1_000, 2, 1);
      await score(fixture, 2n, new Map([[validators[0], [1n]]]));
      await goTo(3n);
      await hub.runEpoch(1);
      await rebasing.shrink(hub, 900);
      await expect(hub.claim(1, 2, rebasing, [0])).to.be.revertedWithCustomError(
        rebasing,
        "ERC20InsufficientBalance",
      );
      await hub.claim(1, 2, token, ALL);
      expect(await token.balanceOf(hub)).to.be.below(6n);
    });

    it("when the fee of miners is in the pot, pays it in coins", async () => {
      const fixture = await networkHelpers.loadFixture(seatsFixture);
      const { hub, coin, validators, miners, goTo } = fixture;
      await hub.connect(miners[3]).registerMiner(1);
      await score(fixture, 2n, new Map([[validators[0], [1n]]]));
      await goTo(3n);
      await hub.runEpoch(1);
      await expect(hub.claim(1, 2, coin, [0])).to.changeTokenBalance(ethers, coin, validators[0], FEE / 2n);
    });
  });

  describe("rollOver", () => {
    it("when the epoch is not over, is pending or has paid, reverts", async () => {
      const fixture = await networkHelpers.loadFixture(tokenFixture);
      const { hub, token, sponsor, validators, goTo } = fixture;
      await hub.connect(sponsor).fund(1, token, 10, 2, 3);
      const refuse = async (epoch: bigint) =>
        await expect(hub.rollOver(1, token, epoch))
          .to.be.revertedWithCustomError(hub, "PotNotDead")
          .withArgs(1, epoch);
      await refuse(2n);
      await refuse(3n);
      await score(fixture, 2n, new Map([[validators[0], [1n]]]));
      await goTo(3n);
      await refuse(2n);
      await hub.runEpoch(1);
      await refuse(2n);
    });

    it("when the pot is empty, reverts", async () => {
      const { hub, token } = await networkHelpers.loadFixture(tokenFixture);
      await expect(hub.rollOver(1, token, 1))
        .to.be.revertedWithCustomError(hub, "PotEmpty")
        .withArgs(1, await token.getAddress(), 1);
    });

    it("when the epoch paid nobody, moves its pot to the current epoch", async () => {
      const fixture = await networkHelpers.loadFixture(tokenFixture);
      const { hub, token, coin, sponsor, stranger, validators, goTo } = fixture;
      await hub.connect(sponsor).fund(1, token, 10, 2, 4);
      // Run without any weight: nobody is paid.
      await score(fixture, 2n, new Map([[validators[0], []]]));
      await goTo(4n);
      await hub.runEpoch(1);
      const rolled = hub.connect(stranger).rollOver(1, token, 2);
      await expect(rolled)
        .to.emit(hub, "PotRolledOver")
        .withArgs(1, await token.getAddress(), 2, 4, 10);
      // Epoch 3 was not run. Fees roll over too.
      await hub.rollOver(1, token, 3);
      await hub.rollOver(1, coin, 1);
      expect(await hub.potOf(1, token, 2)).to.deep.equal([0n, 0n]);
      expect(await hub.potOf(1, token, 4)).to.deep.equal([30n, 10n]);
      expect(await hub.potOf(1, coin, 4)).to.deep.equal([3n * FEE, 0n]);
    });

    it("when the epoch is in its phase Score or later, moves it to the next epoch, and before to the current one", async () => {
      const { hub, token, sponsor, goTo } = await networkHelpers.loadFixture(tokenFixture);
      const address = await token.getAddress();
      await hub.connect(sponsor).fund(1, token, 10, 2, 5);
      for (const [i, phase] of Object.values(Phase).entries()) {
        await goTo(7n, phase);
        await expect(hub.rollOver(1, token, 2 + i))
          .to.emit(hub, "PotRolledOver")
          .withArgs(1, address, 2 + i, phase < Phase.Score ? 7 : 8, 10);
      }
      expect(await hub.potOf(1, token, 7)).to.deep.equal([20n, 0n]);
      expect(await hub.potOf(1, token, 8)).to.deep.equal([20n, 0n]);
    });

    it("when the subnet retires at the end of the epoch, reverts from the phase Score on", async () => {
      const { hub, token, creator, sponsor, goTo } = await networkHelpers.loadFixture(tokenFixture);
      await hub.connect(sponsor).fund(1, token, 10, 2, 2);
      await goTo(4n, Phase.Answer);
      await hub.connect(creator).retire(1);
      await hub.rollOver(1, token, 2);
      for (const phase of [Phase.Score, Phase.Reveal]) {
        await goTo(4n, phase);
        await expect(hub.rollOver(1, token, 3))
          .to.be.revertedWithCustomError(hub, "SubnetIsRetired")
          .withArgs(1, 5);
      }
    });
  });

  describe("reclaim", () => {
    it("when the funding does not exist, reverts", async () => {
      const { hub } = await networkHelpers.loadFixture(subnetFixture);
      await expect(hub.reclaim(1)).to.be.revertedWithCustomError(hub, "FundingNonexistent").withArgs(1);
    });

    it("when the subnet is not retired by now, reverts", async () => {
      const { hub, token, creator, sponsor } = await networkHelpers.loadFixture(tokenFixture);
      await hub.connect(sponsor).fund(1, token, 10, 2, 4);
      const refuse = async () =>
        await expect(hub.reclaim(1)).to.be.revertedWithCustomError(hub, "SubnetNotRetired").withArgs(1);
      await refuse();
      await hub.connect(creator).retire(1);
      await refuse();
    });

    it("when nothing is left, reverts", async () => {
      const { hub } = await networkHelpers.loadFixture(retiredFixture);
      await hub.reclaim(1);
      await expect(hub.reclaim(1)).to.be.revertedWithCustomError(hub, "FundingNothingToReclaim").withArgs(1);
    });

    it("when epochs pay nobody, returns their amounts to the sponsor; who was paid stays paid", async () => {
      const { hub, token, sponsor, stranger } = await networkHelpers.loadFixture(retiredFixture);
      expect(await hub.connect(stranger).reclaim.staticCall(1)).to.equal(40n);
      const reclaimed = hub.connect(stranger).reclaim(1);
      await expect(reclaimed).to.changeTokenBalances(ethers, token, [hub, sponsor], [-40n, 40n]);
      await expect(reclaimed).to.emit(hub, "FundingReclaimed").withArgs(1, 40, 0b11110);
      expect(await hub.potOf(1, token, 2)).to.deep.equal([10n, 10n]);
      await hub.claim(1, 2, token, ALL);
    });

    it("when a pot was rolled over or is pending, leaves it out", async () => {
      const fixture = await networkHelpers.loadFixture(tokenFixture);
      const { hub, token, creator, sponsor, validators, goTo } = fixture;
      await hub.connect(sponsor).fund(1, token, 10, 2, 3);
      await goTo(3n);
      await hub.rollOver(1, token, 2);
      await score(fixture, 3n, new Map([[validators[0], [1n]]]));
      await hub.connect(creator).retire(1);
      await goTo(4n);
      await expect(hub.reclaim(1)).to.changeTokenBalance(ethers, token, sponsor, 10n);
      await hub.runEpoch(1);
      await hub.claim(1, 3, token, ALL);
      expect(await token.balanceOf(hub)).to.be.below(6n);
    });
  });

  describe("bequeath", () => {
    it("when the caller is not the admin, reverts", async () => {
      const { hub, token, stranger } = await networkHelpers.loadFixture(retiredFixture);
      await expect(hub.connect(stranger).bequeath(1, token, 1, 2))
        .to.be.revertedWithCustomError(hub, "AccessControlUnauthorizedAccount")
        .withArgs(stranger.address, ADMIN);
    });

    it("when the subnet is not retired by now, reverts", async () => {
      const { hub, coin } = await networkHelpers.loadFixture(tokenFixture);
      await expect(hub.bequeath(1, coin, 1, 1))
        .to.be.revertedWithCustomError(hub, "SubnetNotRetired")
        .withArgs(1);
    });

    it("when the epoch has paid, reverts", async () => {
      const { hub, coin } = await networkHelpers.loadFixture(retiredFixture);
      await expect(hub.bequeath(1, coin, 2, 1))
        .to.be.revertedWithCustomError(hub, "PotNotDead")
        .withArgs(1, 2);
    });

    it("when sponsors own all of the pot, reverts", async () => {
      const { hub, token } = await networkHelpers.loadFixture(retiredFixture);
      await expect(hub.bequeath(1, token, 3, 1))
        .to.be.revertedWithCustomError(hub, "PotEmpty")
        .withArgs(1, await token.getAddress(), 3);
    });

    it("when the heir is retired or does not exist, reverts", async () => {
      const { hub, coin } = await networkHelpers.loadFixture(retiredFixture);
      await expect(hub.bequeath(1, coin, 1, 1))
        .to.be.revertedWithCustomError(hub, "SubnetIsRetired")
        .withArgs(1, 4);
      await expect(hub.bequeath(1, coin, 1, 2))
        .to.be.revertedWithCustomError(hub, "SubnetNonexistent")
        .withArgs(2);
    });

    it("when the heir's last epoch is in its phase Score, reverts", async () => {
      const { hub, coin, creator, goTo } = await networkHelpers.loadFixture(retiredFixture);
      await hub.connect(creator).create(0, HASH, "");
      await hub.connect(creator).retire(2);
      await goTo(5n, Phase.Score);
      await networkHelpers.time.increase(60);
      await expect(hub.bequeath(1, coin, 1, 2))
        .to.be.revertedWithCustomError(hub, "SubnetIsRetired")
        .withArgs(2, 2);
    });

    it("when the heir is in its phase Score, moves it to its next epoch", async () => {
      const { hub, coin, creator, goTo } = await networkHelpers.loadFixture(retiredFixture);
      await hub.connect(creator).create(0, HASH, "");
      await goTo(5n, Phase.Score);
      await networkHelpers.time.increase(60);
      await hub.bequeath(1, coin, 1, 2);
      expect(await hub.potOf(2, coin, 2)).to.deep.equal([3n * FEE, 0n]);
    });

    it("when money has no sponsor, moves it to the heir's current epoch", async () => {
      const { hub, coin, token, creator, sponsor } = await networkHelpers.loadFixture(retiredFixture);
      await hub.connect(creator).create(0, HASH, "");
      await expect(hub.bequeath(1, coin, 1, 2))
        .to.emit(hub, "PotBequeathed")
        .withArgs(1, await coin.getAddress(), 1, 2, 1, 3n * FEE);
      expect(await hub.potOf(1, coin, 1)).to.deep.equal([0n, 0n]);
      expect(await hub.potOf(2, coin, 1)).to.deep.equal([3n * FEE, 0n]);
      await expect(hub.reclaim(1)).to.changeTokenBalance(ethers, token, sponsor, 40n);
    });
  });

  it("keeps what a token owes apart from stakes, bonds and other pots", async () => {
    const { hub, coin, sponsor, creator, validators, goTo } = await networkHelpers.loadFixture(seatsFixture);
    await hub.connect(sponsor).fund(1, coin, 1_000, 2, 2);
    await goTo(2n, Phase.Reveal);
    await hub.connect(creator).retire(1);
    await goTo(3n);
    await hub.reclaim(1);
    expect(await coin.balanceOf(hub)).to.equal(3n * FEE);
    expect(await coin.balanceOf(await hub.voteHolderOf(validators[0]))).to.equal(
      await hub.heldFor(validators[0]),
    );
  });
});
