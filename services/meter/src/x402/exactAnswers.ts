import type { Address } from "@benefit-grid/sdk";
import { encodePaymentRequiredHeader, encodePaymentResponseHeader } from "@x402/core/http";
import type { PaymentRequirements } from "@x402/core/types";
import type { ExactPayment, ExactPayments } from "./exactStore.ts";

export type ExactAccepted = {
  readonly ok: true;
  readonly payer: Address;
  /**
   * Answers the request. If the handler throws or answers 500 or above, the customer may send the same payment again.
   */
  readonly answer: (handler: () => Response | Promise<Response>) => Promise<Response>;
};
/** An answer with status 402. */
export function paymentRequired(
  requirements: PaymentRequirements,
  { url }: Request,
  error: string,
): Response {
  const required = { x402Version: 2, error, resource: { url }, accepts: [requirements] };
  const headers = { "PAYMENT-REQUIRED": encodePaymentRequiredHeader(required), "Cache-Control": "no-store" };
  return Response.json({ error }, { status: 402, headers });
}

export function accepted(
  payment: ExactPayment,
  store: ExactPayments,
  { network }: PaymentRequirements,
): ExactAccepted {
  const { from: payer, settled: transaction = "" } = payment;
  const receipt = encodePaymentResponseHeader({ success: true, payer, transaction, network });
  return {
    ok: true,
    payer,
    async answer(handler) {
      try {
        const response = await handler();
        if (response.status >= 500) await store.unserve(payment);
        return withReceipt(response, receipt);
      } catch (error) {
        await store.unserve(payment);
        throw error;
      }
    },
  };
}

function withReceipt({ body, status, statusText, headers }: Response, receipt: string): Response {
  const answer = new Response(body, { status, statusText, headers });
  answer.headers.set("PAYMENT-RESPONSE", receipt);
  return answer;
}
