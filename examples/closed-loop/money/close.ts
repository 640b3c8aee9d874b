import {
  type Client,
  closeLicense,
  closePrivateLicense,
  deriveUsageSecret,
  getLicense,
  type Opening,
  priceOfUnits,
  recoverOpening,
  signCloseConsent,
  withdraw,
} from "@benefit-grid/sdk";
import { proveRange } from "@benefit-grid/sdk/proofs";
import type { NetworkConnection } from "hardhat/types/network";
import type { Licensee } from "../parties/customer.ts";
import type { ClosingRow } from "../report/model.ts";
import type { Gas } from "./gas.ts";

type Chain = { readonly connection: NetworkConnection; readonly token: `0x${string}`; readonly gas: Gas };

/** A customer's bound is the next multiple above its count. */
const BOUND_STEP = 100n;

/** Seconds for the application to send the closing. */
const CONSENT_PERIOD = 3_600n;

/** Lets terms and settlement windows pass, closes the licenses, and pays unused units back. */
export async function closeLicenses(
  { connection, token, gas }: Chain,
  licensees: readonly Licensee[],
): Promise<ClosingRow[]> {
  await passTime(connection, licensees);
  const closings: ClosingRow[] = [];
  for (const licensee of licensees) {
    const { customer, application, licenseId } = licensee;
    const closing = await close(licensee, gas);
    const payment = withdraw(application.client, { account: customer.address, token });
    const { amount } = await gas.count("refund", payment);
    if (amount !== closing.refund)
      throw new Error(`License ${licenseId} got ${amount} back, not ${closing.refund}.`);
    closings.push(closing);
  }
  return closings;
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

async function close(licensee: Licensee, gas: Gas): Promise<ClosingRow> {
  const opening = await recover(licensee);
  if (!opening) return await closeUnused(licensee, gas);
  return licensee.keepsCount
    ? await closeWithin(licensee, opening, gas)
    : await closeOpened(licensee, opening, gas);
}

/** Finds the opening from wallet and chain alone: derives the secret again and tries every prepaid count. */
async function recover({ customer, licenseId, contexts, prepaid }: Licensee) {
  const { client } = customer;
  const secret = await deriveUsageSecret(client, { licenseId });
  const search = { units: { from: 0n, to: prepaid }, contexts: [contexts] };
  return await recoverOpening(client, { licenseId, secret, search });
}

async function closeUnused({ customer, application, licenseId }: Licensee, gas: Gas): Promise<ClosingRow> {
  const closing = closeLicense(application.client, { licenseId });
  const closed = await gas.count("close a license, nothing used", closing);
  return { customer: customer.name, how: "unused", used: closed.used, refund: closed.refund, kept: 0n };
}

async function closeOpened(licensee: Licensee, opening: Opening, gas: Gas): Promise<ClosingRow> {
  const { customer, application, licenseId } = licensee;
  const closing = closePrivateLicense(application.client, { licenseId, opening });
  const closed = await gas.count("close a license by opening", closing);
  return { customer: customer.name, how: "opening", used: closed.used, refund: closed.refund, kept: 0n };
}

/** Proves only that its count is at most a round number. The price of the difference stays in escrow. */
async function closeWithin(licensee: Licensee, opening: Opening, gas: Gas): Promise<ClosingRow> {
  const { customer, application, licenseId, prepaid, pricePerMillion } = licensee;
  const maxUnits = boundOf(opening.units, prepaid);
  const proof = await proveRange({ licenseId, opening, min: 0n, max: maxUnits });
  const deadline = (await timeOf(customer.client)) + CONSENT_PERIOD;
  const consent = await signCloseConsent(customer.client, { licenseId, maxUnits, deadline });
  const closing = closePrivateLicense(application.client, { licenseId, maxUnits, proof, consent });
  const closed = await gas.count("close a license within a bound", closing);
  const kept = priceOfUnits({ units: closed.used - opening.units, pricePerMillion });
  return { customer: customer.name, how: "bound", used: closed.used, refund: closed.refund, kept };
}

async function timeOf({ provider }: Client): Promise<bigint> {
  const block = await provider.getBlock("latest");
  return BigInt(block?.timestamp ?? 0);
}

/** The next hundred above the count, at most the prepaid units. */
export function boundOf(units: bigint, prepaid: bigint): bigint {
  const bound = ((units + BOUND_STEP - 1n) / BOUND_STEP) * BOUND_STEP;
  return bound < prepaid ? bound : prepaid;
}
