import { closeLicense, getLicense, withdraw } from "@benefit-grid/sdk";
import type { NetworkConnection } from "hardhat/types/network";
import type { Licensee } from "./customer.ts";
import type { Gas } from "./gas.ts";

type Chain = { readonly connection: NetworkConnection; readonly token: `0x${string}`; readonly gas: Gas };

/** Lets the licenses' terms and settlement windows pass, closes them and pays what was not used back. */
export async function closeLicenses({ connection, token, gas }: Chain, licensees: readonly Licensee[]) {
  await passTime(connection, licensees);
  let refunds = 0n;
  for (const { customer, application, licenseId } of licensees) {
    const { client } = application;
    const closed = await gas.count("close a license", closeLicense(client, { licenseId }));
    const { amount } = await gas.count("refund", withdraw(client, { account: customer.address, token }));
    if (amount !== closed.refund)
      throw new Error(`License ${licenseId} got ${amount} back, not ${closed.refund}.`);
    refunds += amount;
  }
  return refunds;
}

async function passTime(
  { networkHelpers }: NetworkConnection,
  licensees: readonly Licensee[],
): Promise<void> {
  let latest = 0n;
  for (const { application, licenseId } of licensees) {
    const { client } = application;
    const { expiry } = await getLicense(client, { licenseId });
    const windowEnd = expiry + (await client.contracts.LicenseNFT.SETTLEMENT_WINDOW());
    if (windowEnd > latest) latest = windowEnd;
  }
  await networkHelpers.time.increaseTo(latest + 1n);
}
