import { type Address, type AddressInput, type Client, tokenDomain } from "@benefit-grid/sdk";
import { x402Facilitator } from "@x402/core/facilitator";
import { encodePaymentRequiredHeader, encodePaymentResponseHeader } from "@x402/core/http";
import type { PaymentRequirements } from "@x402/core/types";
import { ExactEvmScheme } from "@x402/evm/exact/facilitator";
import { getAddress, type Signer } from "ethers";
import { type ExactRefusal, type ExactRequest, PAYMENT_HEADER, readExactRequest } from "./exactRequest.ts";
import { exactSteps } from "./exactSteps.ts";
import type { ExactPayment, ExactPayments } from "./exactStore.ts";
import { toFacilitatorSigner } from "./facilitatorSigner.ts";
import { inTurn } from "./inTurn.ts";
import { isUsed } from "./transfers.ts";

export type CreateExactPaymentsParameters = {
  /** With the operator's signer. Its account receives the transfers, pays the router and all gas. */
  readonly client: Client;
  readonly store: ExactPayments;
  /** The paid capsule. */
  readonly capsuleId: bigint;
  /** Token with ERC-3009, such as USDC. */
  readonly token: AddressInput;
  /** Base units of the token for one request. */
  readonly amountPerCall: bigint;
  /** Seconds in which the customer's transfer has to be mined. @default 300 */
  readonly maxTimeoutSeconds?: number;
  /** Blocks until a transfer counts as settled. @default 1 */
  readonly confirmations?: number;
  /** Gets errors of payments to the router, which are tried again by `resume`. @default ignored */
  readonly onError?: (error: unknown, payment: ExactPayment) => void;
};

export type ExactAccepted = {
  readonly ok: true;
  readonly payer: Address;
  /**
   * Answers the request. If the handler throws or answers 500 or above, the customer may send the same payment again.
   */
  readonly answer: (handler: () => Response | Promise<Response>) => Promise<Response>;
};
export type ExactRefused = {
  readonly ok: false;
  /** An `ExactRefusal`, or a reason of x402's facilitator. */
  readonly reason: ExactRefusal | (string & {});
  readonly response: Response;
};

export type ExactResumed = {
  /** Authorizations paid now. */
  readonly paid: number;
  /** Authorizations that are not paid yet. */
  readonly open: number;
  readonly errors: readonly unknown[];
};

/** Pay-per-request without a license, by x402's scheme `exact`. */
export type ExactHandler = {
  readonly requirements: PaymentRequirements;
  /** The answer with status 402 to a request without payment, or with one that is refused. */
  readonly required: (request: Request, reason?: string) => Response;
  /**
   * Takes the request's payment into the operator's account. The payment to the router follows in the background. An
   * error of node or store is thrown: answer with status 503. The customer may then send the same payment again.
   */
  readonly accept: (request: Request) => Promise<ExactAccepted | ExactRefused>;
  /** Continues what a crash or an error left. Call it at the start and every few minutes. */
  readonly resume: () => Promise<ExactResumed>;
  /** Waits for the payments in the background. */
  readonly drain: () => Promise<void>;
};

/**
 * Accepts x402's scheme `exact` (version 2, ERC-3009) and pays each payment to a capsule, split as by `pay`.
 *
 * No authorization is lost or paid to the router twice: each step is stored first, and the token takes our own
 * authorization for the router once, since its nonce is derived from the customer's.
 *
 * @throws {@link InvalidParameterError} without a signer
 * @example
 * ```ts
 * const exact = await createExactPayments({ client, store, capsuleId, token, amountPerCall: 10_000n });
 * const payment = await exact.accept(request);
 * const response = payment.ok ? await payment.answer(() => new Response("served")) : payment.response;
 * ```
 */
export async function createExactPayments(parameters: CreateExactPaymentsParameters): Promise<ExactHandler> {
  const { client, store, capsuleId, confirmations = 1, onError } = parameters;
  const { provider, chainId } = client;
  const token = getAddress(String(parameters.token)) as Address;
  const signer = client.runner as Signer;
  const queue = inTurn();
  const facilitatorSigner = await toFacilitatorSigner(client, { signer, confirmations, inTurn: queue });
  const [recipient = "0x"] = facilitatorSigner.getAddresses();
  const requirements = await requirementsOf(parameters, token, recipient);
  const facilitator = new x402Facilitator().register(
    requirements.network,
    new ExactEvmScheme(facilitatorSigner),
  );
  const { checkSettled, payOn } = exactSteps(client, store, queue);
  /** Steps of the same authorization follow each other. */
  const turns = new Map<string, ReturnType<typeof inTurn>>();
  const background = new Set<Promise<void>>();

  function required(request: Request, reason: string = "payment_required"): Response {
    const resource = { url: request.url };
    const header = encodePaymentRequiredHeader({
      x402Version: 2,
      error: reason,
      resource,
      accepts: [requirements],
    });
    const headers = { "PAYMENT-REQUIRED": header, "Cache-Control": "no-store" };
    return Response.json({ error: reason }, { status: 402, headers });
  }

  /** Stores a checked authorization, or returns the stored one. */
  async function receive(request: ExactRequest): Promise<ExactPayment | string> {
    const { from, nonce, signature, validBefore, payload } = request;
    const key = { chainId, token, from, nonce };
    const known = await store.get(key);
    // The nonce is public once the transfer is sent. The signature shows that it is the same customer's payment.
    if (known)
      return known.signature === signature && !known.served ? known : "invalid_exact_evm_nonce_already_used";
    const block = await provider.getBlockNumber();
    if (await isUsed(provider, key)) return "invalid_exact_evm_nonce_already_used";
    const verdict = await facilitator.verify(payload, requirements);
    if (!verdict.isValid) return verdict.invalidReason ?? "invalid_payload";
    const amount = BigInt(requirements.amount);
    return await store.add({ ...key, recipient, capsuleId, amount, signature, validBefore, block });
  }

  /** Moves the customer's money to the operator. Returns the settled payment, or why there is none. */
  async function settle(payment: ExactPayment, { payload }: ExactRequest): Promise<ExactPayment | string> {
    const before = await checkSettled(payment);
    if (!before) return "invalid_exact_evm_nonce_already_used";
    if (before.state !== "received") return before;
    const result = await facilitator.settle(payload, requirements);
    if (result.success) await store.advance(payment, "settled", result.transaction as `0x${string}`);
    const after = await checkSettled((await store.get(payment)) ?? payment);
    if (!after) return "invalid_exact_evm_nonce_already_used";
    return after.state === "received"
      ? (result.errorReason ?? "invalid_exact_evm_transaction_failed")
      : after;
  }

  async function accept(request: Request): Promise<ExactAccepted | ExactRefused> {
    const refuse = (reason: string): ExactRefused => ({
      ok: false,
      reason,
      response: required(request, reason),
    });
    const read = readExactRequest(request.headers.get(PAYMENT_HEADER), requirements);
    if (typeof read === "string") return refuse(read);
    return await inTurnOf(read, async () => {
      const received = await receive(read);
      if (typeof received === "string") return refuse(received);
      const settled = await settle(received, read);
      if (typeof settled === "string") return refuse(settled);
      if (!(await store.serve(settled))) return refuse("invalid_exact_evm_nonce_already_used");
      payInBackground(settled);
      return accepted(settled);
    });
  }

  function accepted(payment: ExactPayment): ExactAccepted {
    const receipt = { success: true, payer: payment.from, transaction: payment.settled ?? "" };
    const header = encodePaymentResponseHeader({ ...receipt, network: requirements.network });
    return {
      ok: true,
      payer: payment.from,
      async answer(handler) {
        try {
          const response = await handler();
          if (response.status >= 500) await store.unserve(payment);
          const { status, statusText, headers } = response;
          const answer = new Response(response.body, { status, statusText, headers });
          answer.headers.set("PAYMENT-RESPONSE", header);
          return answer;
        } catch (error) {
          await store.unserve(payment);
          throw error;
        }
      },
    };
  }

  async function inTurnOf<T>(
    { from, nonce }: Pick<ExactPayment, "from" | "nonce">,
    step: () => Promise<T>,
  ): Promise<T> {
    const key = `${from}${nonce}`;
    const turn = turns.get(key) ?? inTurn();
    turns.set(key, turn);
    try {
      return await turn(step);
    } finally {
      if (turn.isIdle()) turns.delete(key);
    }
  }

  function payInBackground(payment: ExactPayment): void {
    const paying: Promise<void> = inTurnOf(payment, () => finish(payment))
      .then(() => undefined)
      .catch((error) => onError?.(error, payment))
      .finally(() => background.delete(paying));
    background.add(paying);
  }

  /** Takes all steps that are left. Returns whether the payment is paid or forgotten. */
  async function finish({ ...key }: ExactPayment): Promise<boolean> {
    const stored = await store.get(key);
    const payment = stored && (await checkSettled(stored));
    if (!payment) return true;
    if (payment.state === "settled") await payOn(payment);
    if (payment.state !== "received") return true;
    const latest = await provider.getBlock("latest");
    const isExpired = latest !== null && BigInt(latest.timestamp) >= payment.validBefore;
    if (isExpired && !(await isUsed(provider, payment))) await store.remove(payment);
    return isExpired;
  }

  async function resume(): Promise<ExactResumed> {
    const account = { chainId, token, recipient };
    const errors: unknown[] = [];
    const before = await store.open(account);
    for (const payment of before) {
      await inTurnOf(payment, () => finish(payment)).catch((error) => errors.push(error));
    }
    const open = await store.open(account);
    const isOpen = new Set(open.map(({ from, nonce }) => from + nonce));
    const paid = before.filter(
      ({ from, nonce, state }) => state === "settled" && !isOpen.has(from + nonce),
    ).length;
    return { paid, open: open.length, errors };
  }

  async function drain(): Promise<void> {
    while (background.size > 0) await Promise.all(background);
  }

  return { requirements, required, accept, resume, drain };
}

async function requirementsOf(
  { client, amountPerCall, maxTimeoutSeconds = 300 }: CreateExactPaymentsParameters,
  token: Address,
  payTo: Address,
): Promise<PaymentRequirements> {
  const { name, version } = await tokenDomain(client, token);
  return {
    scheme: "exact",
    network: `eip155:${client.chainId}`,
    asset: token,
    amount: amountPerCall.toString(),
    payTo,
    maxTimeoutSeconds,
    // The transfer precedes the answer.
    extra: { name, version, paymentFlow: "upfront" },
  };
}
