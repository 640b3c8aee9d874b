import { expect } from "chai";
import { gridModule } from "../../ignition/modules/Grid.ts";
import { contractsOf } from "../../scripts/lib/deployment.ts";
import { readGenesis } from "../../scripts/lib/genesis.ts";
import { DAY, ethers, gridFixture, HOLD, ignition, networkHelpers } from "../grid.ts";
import { DELAY, proposalOf, SALT, Support, VOTES_START } from "./support.ts";

const HEALTH = 1n;
const EDUCATION = 2n;
const FRANCE = 1n;
const KENYA = 2n;
const RESEARCH = 1n;
const TARGET = 1_000n;
const RESERVE = 10n ** 6n; // one tUSD per coin
const COIN = 10n ** 8n;
const ROUND = 144n * 50n * COIN;
const EVIDENCE = ethers.id("evidence");

// From genesis to the first vote: admitted champions prove benefit, coins are mined and sold until 1 % of the schedule
// circulates, and the holders' first vote pays for the first milestone.
describe("genesis", () => {
  it("when deployed with a genesis file, admits its entries in order, with no coin yet", async () => {
    const { champions, commons, mine, sale, coin, usd, accounts } =
      await networkHelpers.loadFixture(genesisFixture);
    expect(await coin.totalSupply()).to.equal(0n);
    expect(await commons.lastProgrammeId()).to.equal(2n);
    expect((await commons.programmeOf(1n)).steward).to.equal(accounts[2]);
    expect((await commons.programmeOf(2n)).kind).to.equal(1n);
    expect(await champions.lastChampionId()).to.equal(2n);
    const [france, kenya] = [await champions.championOf(FRANCE), await champions.championOf(KENYA)];
    expect([france.country, france.operator]).to.deep.equal([250n, accounts[3]]);
    expect([kenya.country, kenya.registrar]).to.deep.equal([404n, accounts[6]]);
    expect(await champions.isRewarded(FRANCE, EDUCATION)).to.equal(true);
    expect(await champions.isRewarded(KENYA, EDUCATION)).to.equal(false);
    expect(await mine.sectors()).to.deep.equal([HEALTH, EDUCATION]);
    expect(await mine.sectorAt(HEALTH, 2n)).to.deep.equal([3n, TARGET, 10_000n]);
    expect(await mine.sourceOf(accounts[7] ?? "")).to.deep.equal([100_000_000n, 100_000_000n, true]);
    expect(await sale.standardCurrency()).to.equal(await usd.getAddress());
    expect(await sale.reserveOf(usd)).to.equal(RESERVE);
  });

  it("when deployed without parameters, delays, periods, threshold and quorum are those of the guide", async () => {
    const { timelock, governor, guardian, deployer } = await networkHelpers.loadFixture(gridFixture);
    expect(await timelock.getMinDelay()).to.equal(2n * DAY);
    expect(await governor.votingDelay()).to.equal(DAY);
    expect(await governor.votingPeriod()).to.equal(7n * DAY);
    expect(await governor.proposalThreshold()).to.equal(210n * COIN);
    expect(await governor["quorumNumerator()"]()).to.equal(4n);
    expect(await governor.quorumDenominator()).to.equal(100n);
    expect(await governor.lateQuorumVoteExtension()).to.equal(2n * DAY);
    expect(await guardian.council()).to.equal(deployer.address);
  });

  it("until 1 % of the schedule circulates, only the council can propose", async () => {
    const grid = await networkHelpers.loadFixture(genesisFixture);
    const { governor, guardian, timelock, mine, council, buyer } = grid;
    const data = mine.interface.encodeFunctionData("removeSource", [grid.reporter.address]);
    const target = await mine.getAddress();
    await expect(governor.connect(buyer).propose([target], [0n], [data], ""))
      .to.be.revertedWithCustomError(governor, "GovernorVotesNotStarted")
      .withArgs(0n, VOTES_START);
    await guardian.connect(council).propose([{ target, data }], SALT);
    const [proposed] = await guardian.queryFilter(guardian.filters.CallsProposed());
    const check = guardian.interface.encodeFunctionData("checkEmergency", [proposed?.args.lapsesAt ?? 0n]);
    await networkHelpers.time.increase(DELAY);
    await timelock.executeBatch(
      [await guardian.getAddress(), target],
      [0n, 0n],
      [check, data],
      ethers.ZeroHash,
      SALT,
    );
    expect((await mine.sourceOf(grid.reporter)).admitted).to.equal(false);
  });

  it("benefit becomes coins, coins become votes, and the first vote pays for the first milestone", async () => {
    const grid = await networkHelpers.loadFixture(genesisFixture);
    const { coin, sale, mine, governor, guardian, commons, usd, buyer, council, steward } = grid;

    let days = 0;
    for (; (await governor.circulatingSupply()) < VOTES_START; days++) await mineAndSell(grid);
    expect(days).to.equal(30);
    expect(await coin.balanceOf(buyer)).to.equal(30n * ROUND);
    expect(await coin.balanceOf(sale)).to.equal(0n);
    const proceeds = 30n * (ROUND / COIN) * RESERVE;
    expect(await commons.vaultOf(RESEARCH, usd)).to.deep.equal([proceeds, 0n]);

    const data = mine.interface.encodeFunctionData("admitSource", [council.address, 1n]);
    await expect(
      guardian.connect(council).propose([{ target: await mine.getAddress(), data }], SALT),
    ).to.be.revertedWithCustomError(guardian, "GuardianVotesStarted");
    await commons.connect(steward).proposeMilestone(RESEARCH, usd, 5_000n * RESERVE, 0n, EVIDENCE);
    await coin.connect(buyer).delegate(buyer);
    await networkHelpers.time.increase(15n * DAY);
    await vote(grid);

    expect(await usd.balanceOf(steward)).to.equal(5_000n * RESERVE);
    expect(await commons.vaultOf(RESEARCH, usd)).to.deep.equal([
      proceeds - 5_000n * RESERVE,
      5_000n * RESERVE,
    ]);
    expect(await usd.balanceOf(commons)).to.equal(proceeds - 5_000n * RESERVE);
  });
});

async function genesisFixture() {
  const signers = await ethers.getSigners();
  const accounts = signers.map(({ address }) => address);
  const [, council, steward, , , , , reporter, buyer] = signers;
  if (!council || !steward || !reporter || !buyer) throw new Error("Nine accounts are needed.");
  const { admissions, parameters } = readGenesis("ignition/genesis/31337.json", accounts);
  const deployed = await ignition.deploy(gridModule(admissions), { parameters });
  const contracts = await contractsOf(ethers, { ...deployed, usd: Object(deployed).usd });
  await contracts.usd.mint(buyer, 10n ** 15n);
  await contracts.usd.connect(buyer).approve(contracts.sale, ethers.MaxUint256);
  return { ...contracts, accounts, council, steward, reporter, buyer };
}

type Genesis = Awaited<ReturnType<typeof genesisFixture>>;

/** One day of benefit in both sectors. Its coins are mined and sold after its hold. */
async function mineAndSell({ mine, sale, reporter, buyer }: Genesis) {
  const round = (await mine.currentRound()) + 1n;
  await networkHelpers.time.increaseTo((await mine.START()) + (round - 1n) * DAY);
  await mine.connect(reporter).report(FRANCE, HEALTH, TARGET / 4n);
  await mine.connect(reporter).report(KENYA, HEALTH, (TARGET * 3n) / 4n);
  await mine.connect(reporter).report(FRANCE, EDUCATION, TARGET);
  await networkHelpers.time.increase(DAY + HOLD);
  await mine.close(round);
  await mine.mint(round, HEALTH, FRANCE);
  await mine.mint(round, EDUCATION, FRANCE);
  await mine.mint(round, HEALTH, KENYA);
  for (const championId of [FRANCE, KENYA]) {
    await sale.open(championId);
    const lotId = await sale.lastLotId();
    const { coins } = await sale.lotOf(lotId);
    await sale.connect(buyer).contribute(lotId, buyer, (coins * RESERVE) / COIN);
  }
  const lotId = await sale.lastLotId();
  await networkHelpers.time.increaseTo((await sale.lotOf(lotId)).closesAt);
  await sale.claim(buyer, [lotId - 1n, lotId]);
}

/** Releases the first milestone, which stood for 30 days, by the buyer's vote and the timelock. */
async function vote({ governor, commons, usd, buyer }: Genesis) {
  const args = [1n, RESEARCH, await usd.getAddress(), 5_000n * RESERVE, 0n, EVIDENCE] as const;
  const release = commons.interface.encodeFunctionData("release", [...args]);
  const proposal = proposalOf([[await commons.getAddress(), release]], "Pay for the first milestone");
  await expect(governor.connect(buyer).propose(...proposal.args)).to.emit(governor, "VotesStarted");
  await networkHelpers.time.increaseTo((await governor.proposalSnapshot(proposal.id)) + 1n);
  await governor.connect(buyer).castVote(proposal.id, Support.For);
  await networkHelpers.time.increaseTo((await governor.proposalDeadline(proposal.id)) + 1n);
  await governor.queue(...proposal.key);
  const standing = await commons.releasableFrom(1n);
  await networkHelpers.time.increaseTo(standing - 1n);
  await networkHelpers.time.setNextBlockTimestamp(standing);
  await governor.execute(...proposal.key);
}
