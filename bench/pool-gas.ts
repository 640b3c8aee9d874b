// Gas of a contribution pool with earlier members, units and revenue in one currency.
import type { ContractTransactionResponse } from "ethers";
import { network } from "hardhat";
import { deployGrid } from "../scripts/lib/deployment.ts";

const MEMBERS = 101;
const REVENUE = 1_000_003n;

/** Gas of whole transactions. The credited members had units before. */
export async function measurePools(): Promise<Record<string, number>> {
  const connection = await network.create();
  const { ethers, networkHelpers } = connection;
  const [curator] = await ethers.getSigners();
  const { contracts: at } = await deployGrid(connection);
  const pools = await ethers.getContractAt("ContributionPoolFactory", at.ContributionPoolFactory ?? "");
  const usd = await ethers.getContractAt("TestUSD", at.TestUSD ?? "");
  const policy = ethers.id("policy");
  if (!curator) throw new TypeError("The node has no account.");
  const address = await pools.create.staticCall(curator, policy);
  const createPool = await gas(pools.create(curator, policy));
  const pool = await ethers.getContractAt("ContributionPool", address);

  const members = Array.from({ length: MEMBERS }, (_, i) => ethers.dataSlice(ethers.id(`member ${i}`), 12));
  let joinPool = 0;
  for (const member of members) {
    await networkHelpers.impersonateAccount(member);
    await networkHelpers.setBalance(member, 10n ** 18n);
    joinPool = await gas(pool.connect(await ethers.getSigner(member)).join(policy));
  }
  const credit = (first: number, count: number) => {
    const batch = members.slice(first, first + count);
    const contributions = batch.map((member) => ({ member, units: 3n, evidenceHash: policy }));
    return gas(pool.credit(contributions, [usd]));
  };
  const earn = () => gas(usd.mint(pool, REVENUE));
  await credit(0, MEMBERS);
  await credit(0, MEMBERS);
  await earn();
  for (const member of members) await gas(pool.withdraw(member, usd));
  await earn();
  const creditMember = await credit(0, 1);
  await earn();
  const creditMembers100 = await credit(1, 100);
  await earn();
  const withdrawContribution = await gas(pool.withdraw(members[0] ?? "", usd));
  await connection.close();
  return { createPool, joinPool, creditMember, creditMembers100, withdrawContribution };
}

async function gas(transaction: Promise<ContractTransactionResponse>): Promise<number> {
  const receipt = await (await transaction).wait();
  return Number(receipt?.gasUsed);
}
