import { type Address, type Client, type Hex, pay, signPaymentAuthorization } from "@benefit-grid/sdk";
import { AbiCoder, keccak256 } from "ethers";
import type { ExactPayment, ExactPayments } from "./exactStore.ts";
import type { InTurn } from "./facilitatorSigner.ts";
import { findTransfer, isUsed } from "./transfers.ts";

/** Seconds until a payment that was not mined has to be sent again. */
const VALIDITY = 3_600;

/** The steps of an authorization after its arrival. The chain decides each: none is done twice, also after a crash. */
export function exactSteps(client: Client, store: ExactPayments, inTurn: InTurn) {
  const { provider } = client;

  /** Marks an authorization that was used for our transfer as settled. Forgets one that was used otherwise. */
  async function checkSettled(payment: ExactPayment): Promise<ExactPayment | undefined> {
    if (payment.state !== "received") return payment;
    const { from, nonce, token, recipient: to, amount, block: since } = payment;
    if (!(await isUsed(provider, payment))) return payment;
    const hash = await findTransfer(provider, { from, nonce, token, to, amount, since });
    if (hash) await store.advance(payment, "settled", hash);
    else await store.remove(payment);
    return await store.get(payment);
  }

  /** Pays a settled authorization to the router. */
  async function payOn(payment: ExactPayment): Promise<void> {
    const salt = saltOf(payment);
    const ours = { token: payment.token, from: payment.recipient, nonce: nonceOf(payment, salt) };
    const hash = (await paidHash(payment, ours)) ?? (await send(payment, salt, ours));
    await store.advance(payment, "paid", hash);
  }

  async function send(payment: ExactPayment, salt: Hex, ours: Ours): Promise<Hex> {
    const { capsuleId, token, amount } = payment;
    try {
      const latest = await provider.getBlock("latest");
      const validBefore = BigInt((latest?.timestamp ?? Math.floor(Date.now() / 1_000)) + VALIDITY);
      const purpose = pay.purpose({ capsuleId, token, amount });
      const signed = { token, amount, purpose, validBefore, salt };
      const authorization = await signPaymentAuthorization(client, signed);
      const { hash } = await inTurn(() => pay(client, { capsuleId, token, amount, authorization }));
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
    return await findTransfer(provider, { ...ours, to, amount, since });
  }

  return { checkSettled, payOn };
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
