import { expect } from "chai";
import { ethers, networkHelpers } from "../grid.ts";
import { type Attacked, attacked, HALF, runEpoch, scoreAndRun, sharesOf } from "../subnets/attacks.ts";
import {
  COIN,
  deployHub,
  EVIDENCE,
  HASH,
  ONE,
  Phase,
  packWeights,
  reveal,
  SALT,
  type Signer,
  score,
  URI,
  weightsHash,
} from "../subnets/support.ts";

type Row = readonly bigint[];

/** Scores of three miners per epoch: another one is best each time. */
const CHANGING: readonly Row[] = [
  [8n, 1n, 1n],
  [1n, 8n, 1n],
  [1n, 1n, 8n],
  [8n, 1n, 1n],
  [1n, 8n, 1n],
];

type Setup = { stakes: bigint[]; miners: number | Signer[]; kappa?: bigint };

/** A twin with the first signers as validators of these stakes, and the next ones as miners. */
async function deployTwin(name: string, { stakes, miners, kappa = HALF }: Setup) {
  const signers = await ethers.getSigners();
  const validators = signers.slice(0, stakes.length);
  const accounts = typeof miners === "number" ? signers.slice(stakes.length).slice(0, miners) : miners;
  const addressesOf = (list: Signer[]) => list.map(({ address }) => address);
  const args = [addressesOf(validators), stakes, addressesOf(accounts), kappa];
  const address = await (await ethers.deployContract(name, args)).getAddress();
  return { address, validators, miners: accounts };
}

async function openTwin(name: "OpenSubnet" | "IdleSubnet" | "SelfishSubnet", setup: Setup) {
  const { address, ...accounts } = await deployTwin(name, setup);
  return { twin: await ethers.getContractAt("OpenSubnet", address), ...accounts };
}

async function committedTwin(name: "PhaselessSubnet" | "SenderlessSubnet", setup: Setup) {
  const { address, ...accounts } = await deployTwin(name, setup);
  return { twin: await ethers.getContractAt("PhaselessSubnet", address), ...accounts };
}

/** A part in thousandths, rounded down. */
const perMille = (part: bigint | undefined, whole: bigint) => ((part ?? 0n) * 1_000n) / whole;

describe("attacks on subnets", () => {
  describe("by copied weights", () => {
    /** Shares of a scorer and of a copier with equal stake, per epoch after the first. The copier knows the last weights. */
    async function sharesFor(qualities: readonly Row[]) {
      const fixture = await attacked({ stakes: [300n, 300n, 300n, 300n], miners: 3 });
      const [copier, ...scorers] = fixture.validators;
      const pairs: { scorer: bigint; copier: bigint }[] = [];
      let last = qualities[0] as Row;
      for (const [i, row] of qualities.entries()) {
        const epoch = 2n + BigInt(i);
        const rows = new Map([[copier, last], ...scorers.map((scorer) => [scorer, row] as const)]);
        await scoreAndRun(fixture, epoch, rows);
        last = row;
        const shares = await sharesOf(fixture.hub, epoch);
        const shareOf = ({ address }: Signer) => shares.get(address) as bigint;
        pairs.push({ scorer: shareOf(scorers[0]), copier: shareOf(copier) });
      }
      return pairs.slice(1);
    }

    it("when weights are open, a copier earns as much as a scorer", async () => {
      const { twin, validators } = await openTwin("OpenSubnet", { stakes: [3n, 3n, 3n, 3n], miners: 3 });
      const [copier, scorer] = validators as [Signer, Signer];
      for (const row of CHANGING) {
        for (const validator of validators.slice(1)) await twin.connect(validator).setWeights([...row]);
        await twin.connect(copier).setWeights([...row]);
        await twin.run();
      }
      expect(await twin.earned(copier)).to.equal(await twin.earned(scorer));
      expect(await twin.earned(copier)).not.to.equal(0n);
    });

    it("with SubnetHub, a copier of the last weights earns less in each epoch in which quality changes", async () => {
      for (const { scorer, copier } of await sharesFor(CHANGING))
        expect(copier * 100n).to.be.below(95n * scorer);
    });

    it("with SubnetHub, a copier earns the same while quality stays: a task must change", async () => {
      const [row] = CHANGING as [Row];
      for (const { scorer, copier } of await sharesFor([row, row, row])) expect(copier).to.equal(scorer);
    });
  });

  describe("by a copied commitment", () => {
    it("when a commitment lacks its sender, a copier opens it with the other's secrets", async () => {
      const { twin, validators } = await committedTwin("SenderlessSubnet", {
        stakes: [3n, 3n, 3n],
        miners: 2,
      });
      const row = [1n, 2n];
      const [copier, ...scorers] = validators as [Signer, Signer, Signer];
      for (const scorer of scorers) await twin.connect(scorer).commit(await twin.hashOf(scorer, row, SALT));
      await twin.connect(copier).commit(await twin.commitmentOf(scorers[0] as Signer));
      for (const validator of [...scorers, copier]) await twin.connect(validator).reveal(row, SALT);
      await twin.run();
      expect(await twin.earned(copier)).to.equal(await twin.earned(scorers[0] as Signer));
    });

    it("with SubnetHub, it opens for no other account, subnet, epoch, hub or chain, and pays nothing", async () => {
      const fixture = await attacked({ stakes: [300n, 300n, 300n], miners: 2 });
      const { hub, coin, champions, admin, creator, validators, goTo } = fixture;
      const [scorer, copier, other] = validators;
      const weights = packWeights([1, 2]);
      await hub.connect(creator).create(0, HASH, "");
      const twin = await deployHub(await coin.getAddress(), await champions.getAddress(), admin.address);
      await score(fixture, 2n, new Map([[scorer, [1n, 2n]]]));
      const copies = [
        await weightsHash({ hub, validator: scorer, weights, epoch: 3n }),
        await weightsHash({ hub, validator: copier, weights, epoch: 3n, subnetId: 2n }),
        await weightsHash({ hub, validator: copier, weights, epoch: 2n }),
        await weightsHash({ hub: twin, validator: copier, weights, epoch: 3n }),
        await hashOnChain(1n, fixture, copier, weights, 3n),
      ];
      const own = await weightsHash({ hub, validator: copier, weights, epoch: 3n });
      await goTo(3n);
      await runEpoch(hub);
      const snapshot = await networkHelpers.takeSnapshot();
      for (const copy of copies) {
        await hub.connect(copier).commitWeights(1, copy);
        await hub
          .connect(other)
          .commitWeights(1, await weightsHash({ hub, validator: other, weights, epoch: 3n }));
        await goTo(3n, Phase.Reveal);
        await expect(reveal(hub, copier, weights))
          .to.be.revertedWithCustomError(hub, "WeightsCommitmentMismatch")
          .withArgs(1, copier.address, copy, own);
        if (copy === copies.at(-1)) break;
        await snapshot.restore();
      }
      await reveal(hub, other, weights);
      await goTo(4n);
      await runEpoch(hub);
      const shares = await sharesOf(hub, 3n);
      expect([shares.get(copier.address), shares.get(scorer.address)]).to.deep.equal([0n, 0n]);
      expect(shares.get(other.address)).not.to.equal(0n);
    });

    /** A commitment for the same hub on another chain. */
    async function hashOnChain(
      chainId: bigint,
      { hub }: Attacked,
      { address }: Signer,
      weights: string,
      epoch: bigint,
    ) {
      const types = "uint256 address uint32 uint32 address bytes32 bytes32 bytes32 bytes32".split(" ");
      const place = [chainId, await hub.getAddress(), 1n, epoch, address];
      const content = [ethers.keccak256(weights), EVIDENCE, ethers.id(URI), SALT];
      return ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(types, [...place, ...content]));
    }
  });

  describe("by a late or selective reveal", () => {
    it("when there are no phases, a validator commits and reveals what others revealed", async () => {
      const { twin, validators } = await committedTwin("PhaselessSubnet", {
        stakes: [3n, 3n, 3n],
        miners: 2,
      });
      const [late, ...scorers] = validators as [Signer, Signer, Signer];
      for (const validator of [...scorers, late]) {
        await twin.connect(validator).commit(await twin.hashOf(validator, [1n, 2n], SALT));
        await twin.connect(validator).reveal([1n, 2n], SALT);
      }
      await twin.run();
      expect(await twin.earned(late)).to.equal(await twin.earned(scorers[0] as Signer));
    });

    it("with SubnetHub, nobody commits after the first reveal can happen", async () => {
      const { hub, validators, goTo } = await attacked({ stakes: [300n, 300n], miners: 2 });
      const [late, scorer] = validators;
      const weights = packWeights([1, 2]);
      await hub
        .connect(scorer)
        .commitWeights(1, await weightsHash({ hub, validator: scorer, weights, epoch: 2n }));
      await goTo(2n, Phase.Score);
      await expect(reveal(hub, scorer, weights))
        .to.be.revertedWithCustomError(hub, "SubnetPhaseMismatch")
        .withArgs(1, Phase.Reveal, Phase.Score);
      await goTo(2n, Phase.Reveal);
      await reveal(hub, scorer, weights);
      const copy = await weightsHash({ hub, validator: late, weights, epoch: 2n });
      await expect(hub.connect(late).commitWeights(1, copy))
        .to.be.revertedWithCustomError(hub, "WeightsCommitLate")
        .withArgs(1, 2);
    });

    it("with SubnetHub, a late reveal is refused in all later phases, and pays nothing", async () => {
      const { hub, validators, goTo } = await attacked({ stakes: [300n, 300n], miners: 2 });
      const [late, scorer] = validators;
      const weights = packWeights([1, 2]);
      const hash = await weightsHash({ hub, validator: late, weights, epoch: 2n });
      await hub.connect(late).commitWeights(1, hash);
      await score({ hub, goTo }, 2n, new Map([[scorer, [1n, 2n]]]));
      await goTo(3n);
      await expect(reveal(hub, late, weights))
        .to.be.revertedWithCustomError(hub, "SubnetPhaseMismatch")
        .withArgs(1, Phase.Reveal, Phase.Task);
      await goTo(3n, Phase.Reveal);
      await expect(reveal(hub, late, weights))
        .to.be.revertedWithCustomError(hub, "EpochPending")
        .withArgs(1, 2);
      await runEpoch(hub);
      await expect(reveal(hub, late, weights))
        .to.be.revertedWithCustomError(hub, "WeightsCommitmentMismatch")
        .withArgs(1, late.address, hash, await weightsHash({ hub, validator: late, weights, epoch: 3n }));
      const shares = await sharesOf(hub, 2n);
      expect([shares.get(late.address), shares.get(scorer.address)]).to.deep.equal([0n, HALF]);
    });

    it("when old bonds are paid without weights, a validator earns by doing nothing", async () => {
      const { twin, validators } = await openTwin("IdleSubnet", { stakes: [3n, 3n], miners: 2 });
      const [idle, scorer] = validators as [Signer, Signer];
      for (const validator of validators) await twin.connect(validator).setWeights([1n, 2n]);
      await twin.run();
      const before = await twin.earned(idle);
      await twin.connect(scorer).setWeights([1n, 2n]);
      await twin.run();
      expect(perMille((await twin.earned(idle)) - before, HALF)).to.equal(449n);
    });

    it("with SubnetHub, a validator that saw the others' weights and did not reveal gets nothing for old bonds", async () => {
      const fixture = await attacked({ stakes: [300n, 300n], miners: 2 });
      const { hub, validators, goTo } = fixture;
      const [idle, scorer] = validators;
      await scoreAndRun(fixture, 2n, new Map([idle, scorer].map((validator) => [validator, [1n, 2n]])));
      const hash = await weightsHash({ hub, validator: idle, weights: packWeights([2, 1]), epoch: 3n });
      await hub.connect(idle).commitWeights(1, hash);
      await score({ hub, goTo }, 3n, new Map([[scorer, [1n, 2n]]]));
      await goTo(4n);
      const { dividends } = await runEpoch(hub);
      expect(perMille(dividends[0], ONE)).to.equal(449n);
      const shares = await sharesOf(hub, 3n);
      expect(shares.get(idle.address)).to.equal(0n);
      const rest = ONE - [...shares.values()].reduce((sum, share) => sum + share);
      expect(rest).to.be.below(4n);
    });
  });

  describe("by weights for oneself", () => {
    it("when they count, a validator pays itself the whole epoch", async () => {
      const [owner] = await ethers.getSigners();
      const { twin } = await openTwin("SelfishSubnet", { stakes: [3n], miners: [owner as Signer] });
      await twin.setWeights([1n]);
      await twin.run();
      expect(await twin.earned(owner as Signer)).to.equal(ONE);
    });

    it("with SubnetHub, they pay nobody, and the pot rolls over", async () => {
      const fixture = await attacked({ stakes: [300n], miners: 0 });
      const { hub, coin, sponsor, validators, goTo } = fixture;
      const [owner] = validators;
      await hub.connect(sponsor).fund(1, coin, 1_000, 3, 1);
      await hub.connect(owner).registerMiner(1);
      await goTo(3n);
      await scoreAndRun(fixture, 3n, new Map([[owner, [65_535n]]]));
      expect(await sharesOf(hub, 3n)).to.deep.equal(new Map([[owner.address, 0n]]));
      await hub.rollOver(1, coin, 3);
      expect(await hub.potOf(1, coin, 4)).to.deep.equal([1_000n, 0n]);
    });

    it("with SubnetHub, they do not add to what others give", async () => {
      const fixture = await attacked({ stakes: [300n, 300n], miners: 1 });
      const { hub, validators, goTo } = fixture;
      const [owner, other] = validators;
      await hub.connect(owner).registerMiner(1);
      await goTo(3n);
      const rows = (own: bigint) =>
        new Map([
          [owner, [1n, own]],
          [other, [3n, 1n]],
        ]);
      const snapshot = await networkHelpers.takeSnapshot();
      const selfish = await scoreAndRun(fixture, 3n, rows(65_535n));
      await snapshot.restore();
      expect(selfish).to.deep.equal(await scoreAndRun(fixture, 3n, rows(0n)));
      expect((await sharesOf(hub, 3n)).size).to.equal(3);
    });
  });

  describe("by a cartel with less than half of the stake", () => {
    const STAKES = [499n, 251n, 250n];

    /** Thousandths of the cartel's miner, which the others score 0. */
    async function liftedTo(kappa: bigint) {
      const { twin, validators, miners } = await openTwin("OpenSubnet", { stakes: STAKES, miners: 2, kappa });
      for (const [i, validator] of validators.entries())
        await twin.connect(validator).setWeights(i === 0 ? [1n, 0n] : [0n, 1n]);
      await twin.run();
      return perMille(await twin.earned(miners[0] as Signer), HALF);
    }

    it("when consensus needs less than the cartel's stake, or none, the cartel pays its useless miner", async () => {
      expect(await liftedTo((ONE * 4n) / 10n)).to.equal(498n);
      expect(await liftedTo(1n)).to.equal(498n);
      expect(await liftedTo(HALF)).to.equal(0n);
    });

    it("with SubnetHub, a useless miner of the cartel gets nothing, and the cartel neither", async () => {
      const fixture = await attacked({ stakes: STAKES, miners: 2 });
      const [cartel, ...honest] = fixture.validators.slice(0, 3) as [Signer, Signer, Signer];
      const rows = new Map<Signer, Row>([
        [cartel, [65_535n, 0n]],
        ...honest.map((account): [Signer, Row] => [account, [0n, 1n]]),
      ]);
      const { consensus, stakes } = await scoreAndRun(fixture, 2n, rows);
      expect(stakes).to.deep.equal(STAKES.map((coins) => coins * COIN));
      expect(consensus).to.deep.equal([0n, ONE]);
      const shares = await sharesOf(fixture.hub, 2n);
      expect([shares.get(cartel.address), shares.get(fixture.miners[0].address)]).to.deep.equal([0n, 0n]);
    });

    it("with SubnetHub, its miner's consensus is the honest score; only its part grows, as the cartel gives others nothing", async () => {
      const fixture = await attacked({ stakes: STAKES, miners: 2 });
      const [cartel, ...honest] = fixture.validators.slice(0, 3) as [Signer, Signer, Signer];
      const rows = new Map<Signer, Row>([
        [cartel, [65_535n, 0n]],
        ...honest.map((account): [Signer, Row] => [account, [1n, 3n]]),
      ]);
      const { consensus, incentives } = await scoreAndRun(fixture, 2n, rows);
      expect(consensus).to.deep.equal([ONE / 4n, (ONE * 3n) / 4n]);
      // The cartel adds nothing to its own miner, but gives nothing to the other: 0.25 of 0.25 + 0.75 * 0.501.
      expect(perMille(incentives[0], ONE)).to.equal(399n);
    });
  });
});
