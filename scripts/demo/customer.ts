import {
  mintLicense,
  type SignedVoucher,
  signPaymentAuthorization,
  signVoucher,
  topUpLicense,
} from "@benefit-grid/sdk";
import type { Actor } from "./actors.ts";
import { CONTEXTS, UNIT_PRICE } from "./catalog.ts";
import type { Gas } from "./gas.ts";
import type { AskRequest, AskResponse, Refusal, VoucherDue } from "./protocol.ts";
import { countUsage } from "./retrieval.ts";

/** Units that a license begins with, and that a top-up adds. */
export const PREPAID_UNITS = 1_000n;

/** A customer signs before it reads, so it says beforehand what one answer may cost. */
export const MAX_ANSWER_UNITS = 2_000n;

/** A customer with a license, bought through an application that pays the gas. */
export type Licensee = {
  readonly customer: Actor;
  readonly application: Actor;
  readonly licenseId: bigint;
  readonly currency: `0x${string}`;
  readonly gas: Gas;
  prepaid: bigint;
  /** The last voucher that the customer signed. */
  voucher?: SignedVoucher;
};

export type Purchase = Omit<Licensee, "licenseId" | "prepaid" | "voucher"> & { readonly offerId: bigint };

/** One signature (ERC-3009) pays; the application submits it. The customer needs no gas. */
export async function buyLicense({ offerId, ...parts }: Purchase): Promise<Licensee> {
  const { customer, application, currency, gas } = parts;
  const price = PREPAID_UNITS * UNIT_PRICE;
  const order = { offerId, to: customer.address, units: PREPAID_UNITS, maxPrice: price };
  const authorization = await authorize(customer, currency, price, mintLicense.purpose(order));
  const minted = mintLicense(application.client, { ...order, authorization });
  const { licenseId } = await gas.count("mint a license", minted);
  return { ...parts, licenseId, prepaid: PREPAID_UNITS };
}

async function authorize({ client }: Actor, token: `0x${string}`, amount: bigint, purpose: `0x${string}`) {
  const block = await client.provider.getBlock("latest");
  const validBefore = BigInt(block?.timestamp ?? 0) + 3_600n;
  return await signPaymentAuthorization(client, { token, amount, purpose, validBefore });
}

/** Asks, signs for what the answer costs, and checks that it costs no more than its tokens. */
export async function ask(licensee: Licensee, endpoint: string, question: string): Promise<AskResponse> {
  const request = { licenseId: licensee.licenseId.toString(), contexts: CONTEXTS.toString(), question };
  const due = await post<VoucherDue>(endpoint, request, 402);
  const voucher = await signFor(licensee, BigInt(due.units));
  const paid = { ...request, voucher: { units: due.units, signature: voucher.signature } };
  const answer = await post<AskResponse>(endpoint, paid, 200);
  licensee.voucher = voucher;
  if (BigInt(countUsage(question, answer.text).units) !== BigInt(answer.answerUnits)) {
    throw new Error(
      `The meter counted ${answer.answerUnits} units for “${question}”, which its tokens are not.`,
    );
  }
  return answer;
}

async function signFor(licensee: Licensee, units: bigint): Promise<SignedVoucher> {
  const increase = units - (licensee.voucher?.units ?? 0n);
  if (increase > MAX_ANSWER_UNITS) {
    throw new Error(`The meter asks ${increase} units for an answer, more than ${MAX_ANSWER_UNITS}.`);
  }
  while (units > licensee.prepaid) await topUp(licensee);
  const { customer, licenseId } = licensee;
  return await signVoucher(customer.client, { licenseId, units, contexts: CONTEXTS });
}

async function topUp(licensee: Licensee): Promise<void> {
  const { customer, application, currency, licenseId, gas } = licensee;
  const price = PREPAID_UNITS * UNIT_PRICE;
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
