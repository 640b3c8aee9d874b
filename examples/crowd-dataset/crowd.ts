import {
  approvePayment,
  claimAll,
  creditContributions,
  type Deployment,
  getMember,
  getPool,
  joinPoolFor,
  pay,
  signJoin,
  withdrawContribution,
} from "@benefit-grid/sdk";
import type { NetworkConnection } from "hardhat/types/network";
import { openDataset, policyHash } from "./curator.ts";
import { type Party, parties } from "./party.ts";
import { acceptedRows, hashOf, SHARED } from "./rows.ts";

/** What the customer pays, base units of the test currency. */
const PRICE = 10_000_000n;
const AN_HOUR = 3_600;

type Print = (line: string) => void;
type Address = Party["address"];

/** A crowd shares rows, a customer pays for the dataset, and the crowd is paid. Each line says who does what. */
export async function runCrowd(connection: NetworkConnection, deployment: Deployment, print: Print) {
  const currency = deployment.contracts.TestUSD;
  if (!currency) throw new Error("This deployment has no TestUSD, which the customer pays with.");
  const create = await parties(connection, deployment);
  const curator = await create();
  const { pool, capsuleId } = await openDataset(curator);
  print(`curator      opens pool ${pool}: it earns the data leg of capsule ${capsuleId}`);

  const contributors: Party[] = [];
  for (const name of Object.keys(SHARED)) {
    const contributor = await create({ hasGas: false });
    await join(curator, contributor, pool);
    contributors.push(contributor);
    print(`${name.padEnd(12)} signs consent with a fresh account and no ETH; the curator submits it`);
  }
  await credit(curator, contributors, pool, currency, print);

  const customer = await create();
  await (await customer.client.contracts.TestUSD?.mint(customer.address, PRICE))?.wait();
  await approvePayment(customer.client, { token: currency, amount: PRICE });
  await pay(customer.client, { capsuleId, token: currency, amount: PRICE });
  print(`customer     pays ${dollars(PRICE)} to capsule ${capsuleId}`);

  // Neither curator nor contributor: anyone can do the rest.
  const helper = await create();
  const { paid } = await claimAll(helper.client, {
    account: pool,
    tokens: [{ token: currency, minAmount: 1n }],
  });
  const received = paid.reduce((sum, { amount }) => sum + amount, 0n);
  print(`anyone       claims ${dollars(received)} for the pool`);
  const earned = await withdrawAll(helper, contributors, pool, currency, print);
  return { pool, contributors, received, earned };
}

/** The contributor signs, the curator pays the gas. */
async function join(curator: Party, contributor: Party, pool: `0x${string}`): Promise<void> {
  const block = await contributor.client.provider.getBlock("latest");
  const deadline = BigInt((block?.timestamp ?? 0) + AN_HOUR);
  const consent = await signJoin(contributor.client, { pool, policyHash, deadline });
  await joinPoolFor(curator.client, { pool, consent });
}

/** The curator credits one unit for each row that it accepts. */
async function credit(
  curator: Party,
  contributors: readonly Party[],
  pool: Address,
  currency: Address,
  print: Print,
): Promise<void> {
  const contributions = Object.values(SHARED).flatMap((rows, i) => {
    const member = contributors[i]?.address ?? "";
    return acceptedRows(rows).map((row) => ({ member, units: 1n, evidenceHash: hashOf(row) }));
  });
  await creditContributions(curator.client, { pool, contributions, currencies: [currency] });
  const shared = Object.values(SHARED).flat().length;
  print(`curator      accepts ${contributions.length} of ${shared} rows, one unit each`);
}

/** Pays each contributor's earnings. Returns them. */
async function withdrawAll(
  helper: Party,
  contributors: readonly Party[],
  pool: Address,
  currency: Address,
  print: Print,
): Promise<bigint[]> {
  const { totalUnits } = await getPool(helper.client, { pool });
  const earned: bigint[] = [];
  for (const [i, name] of Object.keys(SHARED).entries()) {
    const member = contributors[i]?.address ?? "";
    const { units } = await getMember(helper.client, { pool, member, currencies: [currency] });
    const { amount } = await withdrawContribution(helper.client, { pool, member, currency });
    earned.push(amount);
    print(`anyone       withdraws ${dollars(amount)} to ${name}: ${units} of ${totalUnits} units`);
  }
  return earned;
}

/** An amount with 6 decimals. */
function dollars(amount: bigint): string {
  return `$${(Number(amount) / 1e6).toFixed(6)}`;
}
