import { type Address, type Hex, pay, signPaymentAuthorization } from "@benefit-grid/sdk";
import { AbiCoder, keccak256 } from "ethers";
import type { ExactContext } from "./exactContext.ts";
import type { ExactKey, ExactPayment } from "./exactStore.ts";
import { findUse, isUsed } from "./transfers.ts";

/** Seconds for a payment to be mined. Afterwards it is sent again. */
const VALIDITY = 3_600;

export type ExactSteps = ReturnType<typeof exactSteps>;

/** The steps of an authorization after its arrival. The chain decides each: none is done twice, also after a crash. */
export function exactSteps({ client, store, queue, confirmations }: ExactContext) {
  const { provider } = client;

  /** Marks an authorization that was used for our transfer as settled. Forgets one that was used otherwise. */
  async function checkSettled(payment: ExactPayment): Promise<ExactPayment | undefined> {
    if (payment.state !== "received" || !(await isUsed(provider, payment, confirmations))) return payment;
    const { recipient: to, amount, block: since } = payment;
    const use = await findUse(provider, { ...payment, since }, { to, amount });
    if (use?.is === "transfer") await store.advance(payment, "settled", use.hash);
    if (use?.is === "otherwise") await store.remove(payment);
    return await store.get(payment);
  }

  /** Pays a settled authorization to the router. With more confirmations, a later call marks it as paid. */
  async function payOn(payment: ExactPayment): Promise<void> {
    const salt = saltOf(payment);
    const ours = { token: payment.token, from: payment.recipient, nonce: nonceOf(payment, salt) };
    const hash = (await paidHash(payment, ours)) ?? (await send(payment, salt, ours));
    if (await isUsed(provider, ours, confirmations)) await store.advance(payment, "paid", hash);
  }

  async function send(payment: ExactPayment, salt: Hex, ours: Ours): Promise<Hex> {
    const { capsuleId, token, amount } = payment;
    try {
      const latest = await provider.getBlock("latest");
      const validBefore = BigInt((latest?.timestamp ?? Math.floor(Date.now() / 1_000)) + VALIDITY);
      const purpose = pay.purpose({ capsuleId, token, amount });
      const signed = { token, amount, purpose, validBefore, salt };
      const authorization = await signPaymentAuthorization(client, signed);
      const { hash } = await queue(() => pay(client, { capsuleId, token, amount, authorization }));
      return hash;
    } catch (error) {
      // An earlier transaction of ours, or of another gateway, may have been first.
      const hash = await paidHash(payment, ours);
      if (hash) return hash;
      throw error;
    }
  }

  async function paidHash({ amount, block: since }: ExactPayment, ours: Ours): Promise<Hex | undefined> {
    if (!(await isUsed(provider, ours))) return undefined;
    const to = client.addresses.SettlementRouter;
    const use = await findUse(provider, { ...ours, since }, { to, amount });
    return use?.is === "transfer" ? use.hash : undefined;
  }

  /** Takes all steps left. A `received` authorization waits for its customer, until it is used or expires. */
  async function finish(key: ExactKey): Promise<void> {
    const stored = await store.get(key);
    const payment = stored && (await checkSettled(stored));
    if (payment?.state === "settled") await payOn(payment);
    if (payment?.state === "received" && (await isExpired(payment))) await store.remove(payment);
  }

  async function isExpired(payment: ExactPayment): Promise<boolean> {
    const latest = await provider.getBlock("latest");
    if (latest === null || BigInt(latest.timestamp) < payment.validBefore) return false;
    return !(await isUsed(provider, payment));
  }

  return { checkSettled, finish };
}

type Ours = { readonly token: Address; readonly from: Address; readonly nonce: Hex };

/** One for each authorization of a customer. */
function saltOf({ chainId, token, from, nonce }: ExactPayment): Hex {
  const types = ["string", "uint256", "address", "address", "bytes32"];
  const values = ["x402 exact", chainId, token, from, nonce];
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, values)) as Hex;
}

/** The nonce of our own authorization for the router, as in `Collector`. The token takes it once. */
function nonceOf({ capsuleId, token, amount }: ExactPayment, salt: Hex): Hex {
  const purpose = pay.purpose({ capsuleId, token, amount });
  return keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "bytes32"], [purpose, salt])) as Hex;
}
