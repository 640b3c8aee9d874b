import { claimAll, createClient, type Deployment, withdraw } from "@benefit-grid/sdk";
import { Wallet } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import { buy, download } from "./customer.ts";
import { createDataset } from "./dataset.ts";
import type { Party } from "./party.ts";
import { startProvider } from "./provider.ts";

const ROWS = 40_000;
const GAS_MONEY = 10n ** 17n;
/** The customer's money, base units of the test currency. */
const FUNDS = 10_000_000n;

/** Two organisations share a dataset. Each line says who does what. */
export async function runExchange(
  connection: NetworkConnection,
  deployment: Deployment,
  print: (line: string) => void,
) {
  const currency = deployment.contracts.TestUSD;
  if (!currency) throw new Error("This deployment has no TestUSD, which the customer pays with.");
  const [provider, customer] = [await party(connection, deployment), await party(connection, deployment)];
  await (await customer.client.contracts.TestUSD?.mint(customer.address, FUNDS))?.wait();

  const dataset = createDataset(ROWS);
  const offered = await startProvider(provider, currency, dataset);
  try {
    print(`provider  encrypts ${number(dataset.length)} bytes and registers SHA-256 ${offered.contentHash}`);
    print(`provider  offers them by the byte: capsule ${offered.capsuleId}, offer ${offered.offerId}`);
    const { licenseId, units, price } = await buy(customer, currency, offered);
    print(`customer  buys license ${licenseId}: ${number(units)} bytes for ${dollars(price)}`);
    const received = await download(customer.client, licenseId, units, offered);
    print(`customer  downloads ${number(received.size)} bytes by ranges from ${offered.url}`);
    print(`customer  compares SHA-256 ${received.contentHash} with the chain: the same`);
    const { used, settled } = await offered.settle(licenseId);
    print(
      `provider  counted ${number(used)} bytes, and settles ${number(settled)} by the customer's voucher`,
    );
    const { paid } = await claimAll(provider.client, {
      account: provider.address,
      tokens: [{ token: currency, minAmount: 1n }],
    });
    const shares = paid.reduce((sum, { amount }) => sum + amount, 0n);
    const own = { account: provider.address, token: currency };
    const { amount: compute } = await withdraw(provider.client, own);
    const earned = shares + compute;
    print(
      `provider  is paid ${dollars(shares)} as the dataset's owner and ${dollars(compute)} as its server`,
    );
    return { dataset, received, used, settled, earned };
  } finally {
    await offered.close();
  }
}

/** An organisation with a fresh account. The node's first account pays its gas. */
async function party({ ethers }: NetworkConnection, deployment: Deployment): Promise<Party> {
  const [funder] = await ethers.getSigners();
  const wallet = new Wallet(Wallet.createRandom().privateKey, ethers.provider);
  await (await funder?.sendTransaction({ to: wallet.address, value: GAS_MONEY }))?.wait();
  const client = await createClient({ runner: wallet, deployment });
  return { client, address: wallet.address as `0x${string}` };
}

function number(value: number | bigint): string {
  return value.toLocaleString("en");
}

/** An amount with 6 decimals. */
function dollars(amount: bigint): string {
  return `$${(Number(amount) / 1e6).toFixed(6)}`;
}
