import {
  deriveUsageSecret,
  mintLicense,
  priceOfUnits,
  type SignedPrivateVoucher,
  signPaymentAuthorization,
  signPrivateVoucher,
  topUpLicense,
} from "@benefit-grid/sdk";
import { countUsage } from "../answers/retrieval.ts";
import type { Gas } from "../money/gas.ts";
import type { Actor } from "./actors.ts";
import type { AskRequest, AskResponse, Refusal, VoucherDue, VoucherMessage } from "./protocol.ts";

/** Units of a new license, and of a top-up. */
export const PREPAID_UNITS = 1_000n;

/** A customer signs before it reads the answer, so it sets a limit for one answer. */
export const MAX_ANSWER_UNITS = 2_000n;

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
  prepaid: bigint;
  /** The last voucher with an answer. */
  voucher?: SignedPrivateVoucher;
};

export type Purchase = Omit<Licensee, "licenseId" | "secret" | "prepaid" | "voucher">;

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
  return { ...purchase, licenseId, secret, prepaid: PREPAID_UNITS };
}

async function authorize({ client }: Actor, token: `0x${string}`, amount: bigint, purpose: `0x${string}`) {
  const block = await client.provider.getBlock("latest");
  const validBefore = BigInt(block?.timestamp ?? 0) + 3_600n;
  return await signPaymentAuthorization(client, { token, amount, purpose, validBefore });
}

/** Asks, signs for the price of the answer, and checks the count of its tokens. */
export async function ask(licensee: Licensee, endpoint: string, question: string): Promise<AskResponse> {
  const { licenseId, contexts } = licensee;
  const request = { licenseId: licenseId.toString(), contexts: contexts.toString(), question };
  const due = await post<VoucherDue>(endpoint, request, 402);
  const voucher = await signFor(licensee, BigInt(due.units));
  const answer = await post<AskResponse>(endpoint, { ...request, voucher: messageOf(voucher) }, 200);
  licensee.voucher = voucher;
  const { units } = countUsage(question, answer.text);
  if (BigInt(units) !== BigInt(answer.answerUnits)) {
    throw new Error(
      `The meter counted ${answer.answerUnits} units for “${question}”; its question and answer have ${units} tokens.`,
    );
  }
  return answer;
}

async function signFor(licensee: Licensee, units: bigint): Promise<SignedPrivateVoucher> {
  const increase = units - (licensee.voucher?.units ?? 0n);
  if (increase > MAX_ANSWER_UNITS) {
    throw new Error(`The meter asks ${increase} units for an answer, more than ${MAX_ANSWER_UNITS}.`);
  }
  while (units > licensee.prepaid) await topUp(licensee);
  const { customer, licenseId, contexts, secret } = licensee;
  return await signPrivateVoucher(customer.client, { licenseId, units, contexts, secret });
}

/** A voucher in the meter's format. */
export function messageOf(voucher: SignedPrivateVoucher): VoucherMessage {
  const { units, salt, usage, signature } = voucher;
  return { units: `${units}`, salt: `${salt}`, usage, signature };
}

export async function topUp(licensee: Licensee): Promise<void> {
  const { customer, application, pricePerMillion, currency, licenseId, gas } = licensee;
  const price = priceOfUnits({ units: PREPAID_UNITS, pricePerMillion });
  const order = { licenseId, units: PREPAID_UNITS, maxPrice: price };
  const authorization = await authorize(customer, currency, price, topUpLicense.purpose(order));
  await gas.count("top a license up", topUpLicense(application.client, { ...order, authorization }));
  licensee.prepaid += PREPAID_UNITS;
}

async function post<T>(endpoint: string, body: AskRequest, expected: number): Promise<T> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${endpoint}/ask`, { method: "POST", headers, body: JSON.stringify(body) });
  const answer: unknown = await response.json();
  if (response.status !== expected) throw new Error(`The meter refused: ${(answer as Refusal).error}`);
  return answer as T;
}
