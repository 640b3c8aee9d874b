import {
  approveContribution,
  auditProceeds,
  type Client,
  claimCoins,
  closeRound,
  contribute,
  createClient,
  getLot,
  getSector,
  mintBenefit,
  openLot,
  reportBenefit,
} from "@benefit-grid/sdk";
import type { Use } from "../finish.ts";
import type { Run } from "../loop.ts";
import { formatHeight, formatShort } from "../report/amounts.ts";
import { type BenefitModel, type BuyerRow, COIN } from "../report/benefit-model.ts";
import { CURRENCY } from "../report/facts.ts";
import { sum } from "../report/model.ts";
import { serveForFree } from "./free-use.ts";

const DAY = 86_400;
const HOLD = 3 * DAY;
/** The champion, its sector, and the node's account that reports for it, as admitted by ignition/genesis/31337.json. */
const CHAMPION = 1n;
const SECTOR = 1n;
const REPORTER = 7;
/** The supporters' payments for the lot, base units. */
const PAYMENTS = [3_000_000_000n, 1_500_000_000n] as const;

/**
 * Serves for free, mines coins for it, and sells them for a public good. It takes days, so the chain's time must be
 * ours to advance.
 */
export async function proveBenefit(run: Run, use: Use): Promise<BenefitModel> {
  const served = await serveForFree(run, use, SECTOR);
  const round = await mineRound(run, served.units);
  const lot = await sellLot(run);
  return { ...served, ...round, ...lot, ...(await followTheMoney(run, lot.programmeId)) };
}

/** Reports the benefit, lets the day end, and mints. */
async function mineRound(run: Run, units: bigint) {
  const { printer, gas, connection } = run;
  const reporter = await reporterOf(run);
  const report = async () => {
    const order = { championId: CHAMPION, sector: SECTOR, use: units };
    return (await gas.count("report benefit", reportBenefit(reporter, order))).round;
  };
  const round = await printer.step("report the benefit", report, (at) => `${units} units in round ${at}`);
  const { target } = await getSector(reporter, { sector: SECTOR });
  await connection.networkHelpers.time.increase(DAY + HOLD);
  return await printer.step(
    "mine the round",
    async () => {
      const closed = await gas.count("close a round", closeRound(reporter, { round }));
      const order = { round, sector: SECTOR, championId: CHAMPION };
      const { amount: minted } = await gas.count("mint for sale", mintBenefit(reporter, order));
      const { fromHeight, toHeight } = closed;
      return { target, round, fromHeight, toHeight, minted };
    },
    ({ fromHeight, toHeight, minted }) =>
      `height ${formatHeight(fromHeight)} to ${formatHeight(toHeight)}, ${formatShort(minted, COIN)}`,
  );
}

async function reporterOf({ connection, deployment }: Run): Promise<Client> {
  const signers = await connection.ethers.getSigners();
  const runner = signers[REPORTER];
  if (!runner) throw new TypeError(`The chain has no account ${REPORTER} to report benefit.`);
  return await createClient({ runner, deployment });
}

/** Opens the champion's lot, lets supporters pay, and claims their coins after its end. */
async function sellLot(run: Run) {
  const { printer, gas, actors, connection } = run;
  const supporters = await fundSupporters(run);
  const anyone = await actors.create("anyone");
  const opened = await gas.count("open a lot", openLot(anyone.client, { championId: CHAMPION }));
  const { lotId } = opened;
  for (const { actor, paid } of supporters) {
    const order = { lotId, buyer: actor.address, amount: paid };
    await gas.count("contribute to a lot", contribute(actor.client, order));
  }
  await connection.networkHelpers.time.increase(DAY);
  return await printer.step(
    "sell the lot",
    async () => {
      const buyers: BuyerRow[] = [];
      for (const { actor, paid } of supporters) {
        const claimed = claimCoins(anyone.client, { buyer: actor.address, lotIds: [lotId] });
        buyers.push({ name: actor.name, paid, coins: (await gas.count("claim coins", claimed)).coins });
      }
      const { coins, total, reserve, price, programmeId } = await getLot(anyone.client, { lotId });
      const unsold = coins - sum(buyers.map((row) => row.coins));
      return { coins, total, reserve, price, programmeId, buyers, unsold };
    },
    ({ price }) => `a coin for ${formatShort(price, CURRENCY)}`,
  );
}

async function fundSupporters({ actors, token }: Run) {
  const supporters = [];
  for (const [i, paid] of PAYMENTS.entries()) {
    const actor = await actors.create(`supporter ${i + 1}`);
    await (await actor.client.contracts.TestUSD?.mint(actor.address, paid))?.wait();
    await approveContribution(actor.client, { token, amount: paid });
    supporters.push({ actor, paid });
  }
  return supporters;
}

/** Adds up the Commons' events, as anybody can. */
async function followTheMoney({ printer, deployment, connection, token }: Run, programmeId: bigint) {
  const client = await createClient({ runner: connection.ethers.provider, deployment });
  return await printer.step(
    "audit the Commons",
    async () => {
      const { agrees, vaults } = await auditProceeds(client, { token });
      const vault = vaults.find((row) => row.programmeId === programmeId);
      if (!vault) throw new Error(`Programme ${programmeId} received nothing.`);
      const { received, released, balance } = vault;
      return { agrees, received, released, inVault: balance };
    },
    ({ received, agrees }) =>
      `${formatShort(received, CURRENCY)} received, ${agrees ? "all in vaults or released" : "BROKEN"}`,
  );
}
