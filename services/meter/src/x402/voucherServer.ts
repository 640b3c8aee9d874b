import type { Client } from "@benefit-grid/sdk";
import { VOUCHER_SCHEME } from "@benefit-grid/sdk/http";
import type { PaymentOption } from "@x402/core/http";
import type { SchemeNetworkServer } from "@x402/core/types";
import { isUint64, readVoucherCall } from "./voucherPayload.ts";
import type { VoucherPort } from "./voucherPort.ts";

/**
 * The server's part of `license-voucher`, for `x402ResourceServer.register`. With a `port`, a failed call ends at
 * once. Without one, it counts as in flight until its time is over.
 *
 * @example
 * ```ts
 * const server = new x402ResourceServer(facilitator).register("eip155:*", createVoucherServer(port));
 * app.use(paymentMiddleware({ "POST /ask": { accepts: voucherOption(client, { offerId, maxUnits: 4_000n }) } }, server));
 * ```
 */
export function createVoucherServer(port?: Pick<VoucherPort, "release">): SchemeNetworkServer {
  /** The facilitator's `due` of refused payloads. */
  const dues = new WeakMap<object, unknown>();
  return {
    scheme: VOUCHER_SCHEME,
    defaultAssetTransferMethod: "default",
    paymentFlows: { default: { supported: ["authorization"], default: "authorization" } },
    dynamicExtraFields: ["due"],
    schemeHooks: {
      onAfterVerify: async ({ paymentPayload, result }) => {
        if (result.extra?.due !== undefined) dues.set(paymentPayload, result.extra.due);
      },
      onVerifiedPaymentCanceled: async ({ paymentPayload, requirements }) => {
        const call = readVoucherCall(paymentPayload, requirements);
        if (call) await port?.release(call);
      },
    },
    enrichPaymentRequiredResponse: async ({ requirements, paymentPayload }) => {
      const due = paymentPayload && dues.get(paymentPayload);
      if (due === undefined) return;
      const { network, extra } = paymentPayload?.accepted ?? {};
      return requirements.map((one) =>
        one.scheme === VOUCHER_SCHEME && one.network === network && one.extra.offerId === extra?.offerId
          ? { ...one, extra: { ...one.extra, due } }
          : one,
      );
    },
    parsePrice: async (price) => {
      const isUnits = typeof price === "object" && isUint64(price.amount) && isUint64(price.extra?.offerId);
      if (isUnits) return price;
      throw new TypeError(
        `The price of ${VOUCHER_SCHEME} is metered units of an offer, not ${JSON.stringify(price)}. Use \`voucherOption\`.`,
      );
    },
    enhancePaymentRequirements: async (requirements) => requirements,
  };
}

export type VoucherOptionParameters = {
  readonly offerId: bigint;
  /** Most units of one call. Without `setSettlementOverrides`, each call counts as many. */
  readonly maxUnits: bigint;
  /** Seconds that a call may take. @default 300 */
  readonly maxTimeoutSeconds?: number;
};

/** A payment by `license-voucher`, for `accepts` of an x402 route. */
export function voucherOption(
  { chainId, addresses }: Client,
  { offerId, maxUnits, maxTimeoutSeconds = 300 }: VoucherOptionParameters,
): PaymentOption {
  const asset = addresses.UsageLedger;
  return {
    scheme: VOUCHER_SCHEME,
    network: `eip155:${chainId}`,
    payTo: asset,
    price: { asset, amount: maxUnits.toString(), extra: { offerId: offerId.toString() } },
    maxTimeoutSeconds,
  };
}
