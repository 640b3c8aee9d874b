import { expect } from "chai";
import { ethers, impersonate, networkHelpers } from "../grid.ts";
import { COIN, HASH, hubFixture, PARAMS, type Signer, score } from "./support.ts";

const MOST = 15_000_000n;

/** Gas of `runEpoch` in the first and second run of full tables. All stakes count, and all validators reveal. */
async function gasOf(validators: number, miners: number): Promise<bigint[]> {
  const fixture = await networkHelpers.loadFixture(hubFixture);
  const { hub, coin, creator, goTo } = fixture;
  await hub.setDefaultParams({
    ...PARAMS,
    tempo: 7n * 86_400n,
    registrationFee: 0n,
    maxValidators: BigInt(validators),
    maxMiners: BigInt(miners),
  });
  await hub.connect(creator).create(0, HASH, "");
  const accounts = await accountsOf(validators + miners);
  for (const [i, account] of accounts.slice(0, validators).entries()) {
    await coin.mint(account, 10_000n * COIN);
    await coin.connect(account).approve(hub, ethers.MaxUint256);
    await hub.connect(account).stake(1, (100n + 7n * BigInt(i)) * COIN);
    await hub.connect(account).registerValidator(1);
  }
  for (const account of accounts.slice(validators)) await hub.connect(account).registerMiner(1);

  const gas: bigint[] = [];
  for (const epoch of [2n, 3n]) {
    // Descending columns are the worst for the sort of weights. All but the last descend: rows have about equal sums.
    const row = (i: number) =>
      Array.from({ length: miners }, (_, j) => (j === miners - 1 ? 60_000 : 6_400 - 100 * i + j));
    const rows = new Map(accounts.slice(0, validators).map((account, i) => [account, row(i)]));
    await score(fixture, epoch, rows);
    await goTo(epoch + 1n);
    const receipt = await (await hub.runEpoch(1)).wait();
    gas.push(receipt?.gasUsed ?? 0n);
  }
  return gas;
}

async function accountsOf(count: number): Promise<Signer[]> {
  const accounts: Signer[] = [];
  for (let i = 1; i <= count; i++)
    accounts.push(await impersonate(ethers.toBeHex(2n ** 100n + BigInt(i), 20)));
  return accounts;
}

describe("SubnetHub.runEpoch", () => {
  // The shapes with most cells, and the tables' own limits.
  for (const [validators, miners] of [
    [4, 8],
    [16, 64],
    [16, 192],
    [12, 256],
    [48, 64],
  ] as const) {
    it(`when there are ${validators} validators and ${miners} miners, needs less than 15,000,000 gas`, async () => {
      const gas = await gasOf(validators, miners);
      for (const used of gas) expect(used).to.be.below(MOST);
      if (process.env.SHOW_GAS) console.log(validators, miners, ...gas);
    });
  }
});
