import { expect } from "chai";
import type { BaseContract } from "ethers";
import { DELAY, SALT, selectorOf, VOTES_START } from "../governance/support.ts";
import { DAY, ethers, type GridFixture, gridFixture, HOLD, impersonate, networkHelpers } from "../grid.ts";

const OWN_SECTOR = 9n;
const OWN_CHAMPION = 1n;
const COIN = 10n ** 8n;

/** The deployer is the council and holds plenty of its own worthless token. */
async function councilFixture() {
  const grid = await networkHelpers.loadFixture(gridFixture);
  const token = await ethers.deployContract("PlainToken", [18], grid.deployer);
  await token.mint(grid.deployer, 10n ** 30n);
  await token.approve(grid.sale, ethers.MaxUint256);
  return { ...grid, token };
}

type Fixture = Awaited<ReturnType<typeof councilFixture>>;

/** Calls to make the council the only miner and its token a currency. */
async function calls({ champions, commons, mine, sale, token, deployer, stranger }: Fixture) {
  const admission = {
    country: 999n,
    population: 1n,
    operator: deployer.address,
    registrar: stranger.address,
    programmeId: 1n,
    sectors: [OWN_SECTOR],
  };
  const all: [BaseContract, string, unknown[]][] = [
    [commons, "startProgramme", [0n, deployer.address, ethers.ZeroHash, ""]],
    [champions, "admit", [admission]],
    [mine, "setSector", [OWN_SECTOR, { weight: 1n, target: 1n, allowance: 1n }]],
    [mine, "admitSource", [deployer.address, 1n]],
    [sale, "setCurrency", [await token.getAddress(), 1n]],
    [sale, "setStandardCurrency", [await token.getAddress()]],
  ];
  return await Promise.all(
    all.map(async ([contract, name, args]) => ({
      target: String(await contract.getAddress()),
      data: contract.interface.encodeFunctionData(name, args),
      selector: selectorOf(contract, name),
      isEmergency: false,
    })),
  );
}

/** A day of invented benefit. Its coins are sold to the council for almost nothing. */
async function mineAndBuy({ mine, sale, deployer }: GridFixture) {
  const round = await mine.currentRound();
  await mine.report(OWN_CHAMPION, OWN_SECTOR, 1n);
  await networkHelpers.time.increase(DAY + HOLD);
  await mine.close(round);
  await mine.mint(round, OWN_SECTOR, OWN_CHAMPION);
  await sale.open(OWN_CHAMPION);
  const lotId = await sale.lastLotId();
  const { coins } = await sale.lotOf(lotId);
  await sale.contribute(lotId, deployer, coins / COIN);
  await networkHelpers.time.increase(DAY);
  await sale.claim(deployer, [lotId]);
  return coins / COIN;
}

describe("attack: a council selling coins to itself", () => {
  it("when a council may set currencies, it buys the first 1 % for 250,000 worthless units", async () => {
    const grid = await networkHelpers.loadFixture(councilFixture);
    const { timelock, governor, mine, coin, deployer } = grid;
    const proposed = await calls(grid);
    const twin = await ethers.deployContract("Guardian", [timelock, governor, mine, deployer, proposed]);
    await timelock
      .connect(await impersonate(timelock))
      .grantRole(await timelock.PROPOSER_ROLE(), await twin.getAddress());
    await twin.propose(proposed, SALT);
    const [event] = await twin.queryFilter(twin.filters.CallsProposed());
    const check = twin.interface.encodeFunctionData("checkCurrent", [event?.args.lapsesAt ?? 0n]);
    const all = [{ target: await twin.getAddress(), data: check }, ...proposed];
    await networkHelpers.time.increase(DELAY);
    await timelock.executeBatch(
      all.map(({ target }) => target),
      all.map(() => 0n),
      all.map(({ data }) => data),
      ethers.ZeroHash,
      SALT,
    );
    await networkHelpers.time.increase(DAY);
    let paid = 0n;
    while (!(await governor.votesStarted())) paid += await mineAndBuy(grid);
    expect(paid).to.equal(216_000n);
    expect(await coin.balanceOf(deployer))
      .to.equal(216_000n * COIN)
      .and.to.be.above(VOTES_START);
  });

  it("with the deployed grid, the council sets neither currency nor price", async () => {
    const grid = await networkHelpers.loadFixture(councilFixture);
    const { guardian, sale } = grid;
    await expect(guardian.propose(await calls(grid), SALT))
      .to.be.revertedWithCustomError(guardian, "GuardianCallNotPermitted")
      .withArgs(await sale.getAddress(), selectorOf(sale, "setCurrency"));
  });
});
