import { setTimeout as pause } from "node:timers/promises";
import {
  deriveUsageSecret,
  mintLicense,
  priceOfUnits,
  type SignedPrivateVoucher,
  signPaymentAuthorization,
  topUpLicense,
} from "@benefit-grid/sdk";
import {
  fromHeader,
  USED_HEADER,
  VOUCHER_HEADER,
  voucherFromMessage,
  withVouchers,
} from "@benefit-grid/sdk/http";
import { countUsage } from "../answers/retrieval.ts";
import type { Gas } from "../money/gas.ts";
import type { Actor } from "./actors.ts";
import { MAX_ANSWER_UNITS, type Reply } from "./service.ts";

/** Units of a new license, and of a top-up. */
export const PREPAID_UNITS = 1_000n;

/** A customer's limits: most units to sign for one answer, and over a license's life. */
const LIMITS = { maxUnitsPerCall: MAX_ANSWER_UNITS, maxUnits: 100_000n };

/** The meter sees a top-up at its next look at the chain. Pause between two tries, milliseconds, and their number. */
const TRY_EVERY = 200;
const TRIES = 100;

/** A customer with a license. The application pays the gas. */
export type Licensee = {
  readonly customer: Actor;
  readonly application: Actor;
  readonly offerId: bigint;
  readonly licenseId: bigint;
  /** The contexts of its use. */
  readonly contexts: bigint;
  readonly keepsCount: boolean;
  /** Base units of the currency for a million units; 0 for free use. */
  readonly pricePerMillion: bigint;
  readonly currency: `0x${string}`;
  readonly gas: Gas;
  /** Derives the salts of its commitments. The wallet can derive it again. */
  readonly secret: `0x${string}`;
  /** A `fetch` that pays by vouchers. */
  readonly paid: typeof fetch;
  prepaid: bigint;
  /** Units of its answers, by its own count. */
  used: bigint;
  /** The last voucher sent. */
  voucher?: SignedPrivateVoucher | undefined;
};

export type Purchase = Omit<Licensee, "licenseId" | "secret" | "paid" | "prepaid" | "used" | "voucher">;

/** Pays by one signature (ERC-3009), unless use is free. The application submits it; the customer needs no gas. */
export async function buyLicense(purchase: Purchase): Promise<Licensee> {
  const { customer, application, offerId, pricePerMillion, currency, gas } = purchase;
  const price = priceOfUnits({ units: PREPAID_UNITS, pricePerMillion });
  const order = { offerId, to: customer.address, units: PREPAID_UNITS, maxPrice: price };
  const authorization = await authorize(customer, currency, price, mintLicense.purpose(order));
  const payment = price === 0n ? {} : { authorization };
  const minted = mintLicense(application.client, { ...order, ...payment });
  const { licenseId } = await gas.count(price === 0n ? "mint a free license" : "mint a license", minted);
  const secret = await deriveUsageSecret(customer.client, { licenseId });
  return withSession({ ...purchase, licenseId, secret, prepaid: PREPAID_UNITS, used: 0n });
}

/** Adds a `fetch` that pays, and keeps the newest voucher. */
function withSession(owned: Omit<Licensee, "paid">): Licensee {
  const { customer, licenseId, contexts, secret } = owned;
  const send: typeof fetch = async (input, init) => {
    licensee.voucher = voucherIn(input as Request) ?? licensee.voucher;
    return await fetch(input, init);
  };
  const paid = withVouchers(send, { client: customer.client, licenseId, contexts, secret, ...LIMITS });
  const licensee: Licensee = { ...owned, paid };
  return licensee;
}

/** The first voucher is for 0 units, as nothing was asked before: it is not kept. */
function voucherIn({ headers }: Request): SignedPrivateVoucher | undefined {
  const voucher = voucherFromMessage(fromHeader(headers.get(VOUCHER_HEADER) ?? ""));
  return "usage" in voucher && voucher.units > 0n ? voucher : undefined;
}

async function authorize({ client }: Actor, token: `0x${string}`, amount: bigint, purpose: `0x${string}`) {
  const block = await client.provider.getBlock("latest");
  const validBefore = BigInt(block?.timestamp ?? 0) + 3_600n;
  return await signPaymentAuthorization(client, { token, amount, purpose, validBefore });
}

/** An answer, with its number of tokens. */
export type Answered = Reply & { readonly units: bigint };

/** Asks, and checks the meter's count of tokens. The next request pays for the answer. */
export async function ask(licensee: Licensee, endpoint: string, question: string): Promise<Answered> {
  const response = await post(licensee, endpoint, question);
  const { text, citations } = (await response.json()) as Reply;
  const counted = BigInt(response.headers.get(USED_HEADER) ?? 0) - licensee.used;
  const units = BigInt(countUsage(question, text).units);
  if (counted !== units) {
    throw new Error(
      `The meter counted ${counted} units for “${question}”; its question and answer have ${units} tokens.`,
    );
  }
  licensee.used += units;
  return { text, citations, units };
}

/** Sends the voucher for the last answer, by a free request. The meter keeps it even if too few units are left to ask. */
export async function payLast({ paid, used }: Licensee, endpoint: string): Promise<void> {
  if (used > 0n) await paid(`${endpoint}/ask`, { method: "HEAD" });
}

/** When too few units are left, tops the license up once, and tries again until the meter sees it. */
async function post(licensee: Licensee, endpoint: string, question: string): Promise<Response> {
  for (let tries = 0; ; tries++) {
    const response = await licensee.paid(`${endpoint}/ask`, { method: "POST", body: question });
    if (response.ok) return response;
    const { title, detail } = (await response.json()) as { title?: string; detail: string };
    if (title !== "LicenseUnitsSpent" || tries === TRIES) throw new Error(`The meter refused: ${detail}`);
    if (tries === 0) await topUp(licensee);
    else await pause(TRY_EVERY);
  }
}

export async function topUp(licensee: Licensee): Promise<void> {
  const { customer, application, pricePerMillion, currency, licenseId, gas } = licensee;
  const price = priceOfUnits({ units: PREPAID_UNITS, pricePerMillion });
  const order = { licenseId, units: PREPAID_UNITS, maxPrice: price };
  const authorization = await authorize(customer, currency, price, topUpLicense.purpose(order));
  await gas.count("top a license up", topUpLicense(application.client, { ...order, authorization }));
  licensee.prepaid += PREPAID_UNITS;
}
