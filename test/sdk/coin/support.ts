import {
  type AddressInput,
  approveContribution,
  type Client,
  closeRounds,
  contribute,
  createClient,
  type Deployment,
  mintBenefit,
  openLot,
  reportBenefit,
} from "@benefit-grid/sdk";
import type { Signer } from "ethers";
import { gridModule } from "../../../ignition/modules/Grid.ts";
import { addressesOf } from "../../../scripts/lib/deployment.ts";
import { readGenesis } from "../../../scripts/lib/genesis.ts";
import { DAY, ethers, HOLD, ignition, impersonate, networkHelpers } from "../../grid.ts";

export const COIN = 10n ** 8n;
export const RESERVE = 10n ** 6n;
export const HEALTH = 1n;
export const EDUCATION = 2n;
/** Champion 1's earning in a round with all of health's benefit. */
export const HEALTH_COINS = 5_400n * COIN;
/** Their cost at the reserve price. */
export const WHOLE = 5_400n * RESERVE;

/** The admissions of the local chain's genesis, in its second round, with a client for each actor. */
export async function coinFixture() {
  const signers = await ethers.getSigners();
  const addresses = signers.map(({ address }) => address);
  const { admissions, parameters } = readGenesis("ignition/genesis/31337.json", addresses);
  const grid = await ignition.deploy(gridModule(admissions), { parameters });
  const all = await addressesOf(grid);
  const contracts = all as Deployment<AddressInput>["contracts"];
  const { chainId } = await ethers.provider.getNetwork();
  const deployment = { chainId, contracts, blockNumber: 0 };
  const as = (runner: Signer) => createClient({ runner, deployment });

  const [, , steward, operator, , , , source, alice, bob, stranger] = signers;
  if (!steward || !operator || !source || !alice || !bob || !stranger)
    throw new Error("Eleven accounts are needed.");
  const usd = await ethers.getContractAt("TestUSD", contracts.TestUSD ?? "");
  const token = await usd.getAddress();
  const clients = {
    client: await as(stranger),
    reporter: await as(source),
    operating: await as(operator),
    alicePays: await as(alice),
    bobPays: await as(bob),
  };
  for (const [buyer, client] of [
    [alice, clients.alicePays],
    [bob, clients.bobPays],
  ] as const) {
    await usd.mint(buyer, 10n ** 15n);
    await approveContribution(client, { token, amount: 10n ** 15n });
  }
  const timelock = await impersonate(all.GridTimelock ?? "");
  await networkHelpers.time.increase(DAY);
  return {
    ...clients,
    deployment,
    as,
    usd,
    token,
    steward,
    source,
    alice,
    bob,
    stranger,
    operator,
    timelock,
  };
}

type Clients = { readonly client: Client; readonly reporter: Client };

/** Champion 1 does all of health's benefit in the current round. Its coins are minted after its hold. */
export async function earnHealth({ client, reporter }: Clients): Promise<bigint> {
  const { round } = await reportBenefit(reporter, { championId: 1n, sector: HEALTH, use: 1_000n });
  await networkHelpers.time.increase(DAY + HOLD);
  await closeRounds(client);
  await mintBenefit(client, { round, sector: HEALTH, championId: 1n });
  return round;
}

/** As `coinFixture`, with 5,400 coins of champion 1 on sale as lot 1. */
export async function lotFixture() {
  const fixture = await networkHelpers.loadFixture(coinFixture);
  await earnHealth(fixture);
  const lot = await openLot(fixture.client, { championId: 1n });
  return { ...fixture, lot };
}

/** As `lotFixture`, after its end. At the reserve, Alice paid for three quarters and, for Bob, an eighth. */
export async function soldFixture() {
  const fixture = await networkHelpers.loadFixture(lotFixture);
  const { alicePays, alice, bob } = fixture;
  await contribute(alicePays, { lotId: 1n, buyer: alice.address, amount: (3n * WHOLE) / 4n });
  await contribute(alicePays, { lotId: 1n, buyer: bob.address, amount: WHOLE / 8n });
  await networkHelpers.time.increaseTo(fixture.lot.closesAt);
  return fixture;
}
