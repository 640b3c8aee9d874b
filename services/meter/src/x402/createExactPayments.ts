import { type Address, type Client, InvalidParameterError, tokenDomain } from "@benefit-grid/sdk";
import { x402Facilitator } from "@x402/core/facilitator";
import type { PaymentRequirements } from "@x402/core/types";
import { ExactEvmScheme } from "@x402/evm/exact/facilitator";
import { getAddress } from "ethers";
import { inTurn, turnsByKey } from "../inTurn.ts";
import { accepted, type ExactAccepted, paymentRequired } from "./exactAnswers.ts";
import type { ExactContext } from "./exactContext.ts";
import { type ExactRefusal, PAYMENT_HEADER, readExactRequest } from "./exactRequest.ts";
import { exactSteps } from "./exactSteps.ts";
import type { ExactPayment, ExactPayments } from "./exactStore.ts";
import { toFacilitatorSigner } from "./facilitatorSigner.ts";
import { exactReceiver } from "./receiveExact.ts";

export type CreateExactPaymentsParameters = {
  /** With the operator's signer. Its account receives the transfers, pays the router and all gas. */
  readonly client: Client;
  readonly store: ExactPayments;
  /** The paid capsule. */
  readonly capsuleId: bigint;
  /** Token with ERC-3009, such as USDC. */
  readonly token: string;
  /** Base units of the token for one request. */
  readonly amountPerCall: bigint;
  /** Seconds in which the customer's transfer has to be mined. @default 300 */
  readonly maxTimeoutSeconds?: number;
  /** Blocks until a transaction counts, against reorganisations. @default 1 */
  readonly confirmations?: number;
  /** Gets errors of payments to the router. `resume` tries these again. @default ignored */
  readonly onError?: (error: unknown, payment: ExactPayment) => void;
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
  /** Continues after a crash or an error. Call it at the start and every few minutes. */
  readonly resume: () => Promise<ExactResumed>;
  /** Waits for the payments in the background. */
  readonly drain: () => Promise<void>;
};

/**
 * Accepts x402's scheme `exact` (version 2, ERC-3009) and pays each payment to a capsule, split as by `pay`.
 *
 * No authorization is lost: each step is stored first. None is paid to the router twice: the router takes the money by
 * an authorization of the operator. Its nonce is derived from the customer's, so the token takes it once.
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
  const { store, onError } = parameters;
  const context = await contextOf(parameters);
  const { client, token, recipient, requirements } = context;
  const steps = exactSteps(context);
  const receive = exactReceiver(context, steps);
  const turnOf = turnsByKey();
  const background = new Set<Promise<void>>();

  const finish = (payment: ExactPayment) => turnOf(payment.from + payment.nonce, () => steps.finish(payment));
  const refuse = (request: Request, reason: string): ExactRefused => {
    return { ok: false, reason, response: paymentRequired(requirements, request, reason) };
  };

  async function accept(request: Request): Promise<ExactAccepted | ExactRefused> {
    const read = readExactRequest(request.headers.get(PAYMENT_HEADER), requirements);
    if (typeof read === "string") return refuse(request, read);
    return await turnOf(read.from + read.nonce, async () => {
      const payment = await receive(read);
      if (typeof payment === "string") return refuse(request, payment);
      if (!(await store.serve(payment))) return refuse(request, "invalid_exact_evm_nonce_already_used");
      payInBackground(payment);
      return accepted(payment, store, requirements);
    });
  }

  function payInBackground(payment: ExactPayment): void {
    const paying: Promise<void> = finish(payment)
      .catch((error) => onError?.(error, payment))
      .finally(() => background.delete(paying));
    background.add(paying);
  }

  async function resume(): Promise<ExactResumed> {
    const account = { chainId: client.chainId, token, recipient };
    const errors: unknown[] = [];
    let paid = 0;
    for (const payment of await store.open(account)) {
      await finish(payment).catch((error) => errors.push(error));
      if ((await store.get(payment))?.state === "paid") paid += 1;
    }
    return { paid, open: (await store.open(account)).length, errors };
  }

  return {
    requirements,
    required: (request, reason = "payment_required") => paymentRequired(requirements, request, reason),
    accept,
    resume,
    async drain() {
      while (background.size > 0) await Promise.all(background);
    },
  };
}

async function contextOf(parameters: CreateExactPaymentsParameters): Promise<ExactContext> {
  const { client, store, capsuleId, confirmations = 1 } = parameters;
  if (!("getAddress" in client.runner)) {
    throw new InvalidParameterError("client", "has no signer", "Pass a signer as `runner` to `createClient`");
  }
  const token = getAddress(parameters.token) as Address;
  const queue = inTurn();
  const signer = await toFacilitatorSigner(client, { signer: client.runner, confirmations, queue });
  const recipient = (await client.runner.getAddress()) as Address;
  const requirements = await requirementsOf(parameters, token, recipient);
  const facilitator = new x402Facilitator().register(requirements.network, new ExactEvmScheme(signer));
  return { client, store, token, recipient, capsuleId, requirements, facilitator, confirmations, queue };
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
