// Gas of a champion's day: benefit, round, lot, and a buyer with earlier coins.
import type { ContractTransactionResponse } from "ethers";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { deployGrid } from "../scripts/lib/deployment.ts";

const CHAMPION = 1;
const SECTOR = 1;
const DAY = 86_400;
const HOLD = 3 * DAY;
const UNITS = 400n;
const CONTRIBUTION = 100_000_000n;

type Account = Awaited<ReturnType<NetworkConnection["ethers"]["getSigners"]>>[number];

/** Gas of whole transactions, on the third such day. */
export async function measureCoin(): Promise<Record<string, number>> {
  const connection = await network.create();
  const grid = await deploy(connection);
  let figures: Record<string, number> = {};
  for (let day = 0; day < 3; day++) figures = await measureDay(connection, grid);
  await connection.close();
  return figures;
}

async function deploy(connection: NetworkConnection) {
  const { ethers } = connection;
  const { contracts: at } = await deployGrid(connection);
  const signers = (await ethers.getSigners()) as Account[];
  const [reporter, buyer, other] = [signers[7], signers[8], signers[9]] as [Account, Account, Account];
  const usd = await ethers.getContractAt("TestUSD", at.TestUSD ?? "");
  for (const account of [buyer, other]) {
    await usd.mint(account, 10n ** 15n);
    await usd.connect(account).approve(at.CoinSale ?? "", ethers.MaxUint256);
  }
  return {
    mine: await ethers.getContractAt("BenefitMine", at.BenefitMine ?? ""),
    sale: await ethers.getContractAt("CoinSale", at.CoinSale ?? ""),
    reporter,
    buyer,
    other,
  };
}

async function measureDay(
  { networkHelpers }: NetworkConnection,
  { mine, sale, reporter, buyer, other }: Awaited<ReturnType<typeof deploy>>,
) {
  await networkHelpers.time.increase(DAY);
  const round = await mine.currentRound();
  await gas(mine.connect(reporter).report(CHAMPION, SECTOR, UNITS));
  const reportBenefit = await gas(mine.connect(reporter).report(CHAMPION, SECTOR, UNITS));
  await networkHelpers.time.increase(DAY + HOLD);
  const closeRound = await gas(mine.close(round));
  const mintBenefit = await gas(mine.mint(round, SECTOR, CHAMPION));
  const openLot = await gas(sale.open(CHAMPION));
  const lotId = await sale.lastLotId();
  await gas(sale.connect(other).contribute(lotId, other, CONTRIBUTION));
  const contribute = await gas(sale.connect(buyer).contribute(lotId, buyer, CONTRIBUTION));
  await networkHelpers.time.increase(DAY);
  const claimCoins = await gas(sale.claim(buyer, [lotId]));
  return { reportBenefit, closeRound, mintBenefit, openLot, contribute, claimCoins };
}

async function gas(transaction: Promise<ContractTransactionResponse>): Promise<number> {
  const receipt = await (await transaction).wait();
  return Number(receipt?.gasUsed);
}
