import type { Hex } from "@benefit-grid/sdk";
import type { ExactContext } from "./exactContext.ts";
import type { ExactRequest } from "./exactRequest.ts";
import type { ExactSteps } from "./exactSteps.ts";
import type { ExactPayment } from "./exactStore.ts";
import { isUsed } from "./transfers.ts";

const ALREADY_USED = "invalid_exact_evm_nonce_already_used";

/** The first steps of an authorization: it is stored, and its money comes to the operator. */
export function exactReceiver(context: ExactContext, { checkSettled }: Pick<ExactSteps, "checkSettled">) {
  const { client, store, token, recipient, capsuleId, requirements, facilitator } = context;

  /** Stores an authorization once it is checked. Returns the stored one, or the reason to refuse it. */
  async function receive(request: ExactRequest): Promise<ExactPayment | string> {
    const { from, nonce, signature, validBefore, payload } = request;
    const key = { chainId: client.chainId, token, from, nonce };
    const known = await store.get(key);
    // The nonce is public once the transfer is sent. The signature was checked when the payment was stored.
    if (known) return known.signature === signature && !known.served ? known : ALREADY_USED;
    const block = await client.provider.getBlockNumber();
    if (await isUsed(client.provider, key)) return ALREADY_USED;
    const verdict = await facilitator.verify(payload, requirements);
    if (!verdict.isValid) return verdict.invalidReason ?? "invalid_payload";
    const amount = BigInt(requirements.amount);
    return await store.add({ ...key, recipient, capsuleId, amount, signature, validBefore, block });
  }

  /** Transfers the customer's money to the operator. Returns the settled payment, or why there is none. */
  async function settle(payment: ExactPayment, { payload }: ExactRequest): Promise<ExactPayment | string> {
    const before = await checkSettled(payment);
    if (before?.state !== "received") return before ?? ALREADY_USED;
    const result = await facilitator.settle(payload, requirements);
    if (result.success) await store.advance(payment, "settled", result.transaction as Hex);
    // If our transfer failed, somebody else may have submitted the same one.
    const after = await checkSettled((await store.get(payment)) ?? payment);
    if (after?.state !== "received") return after ?? ALREADY_USED;
    return result.errorReason ?? "invalid_exact_evm_transaction_failed";
  }

  return async (request: ExactRequest): Promise<ExactPayment | string> => {
    const received = await receive(request);
    return typeof received === "string" ? received : await settle(received, request);
  };
}
