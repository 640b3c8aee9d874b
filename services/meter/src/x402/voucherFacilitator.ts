import type { Client } from "@benefit-grid/sdk";
import { VOUCHER_SCHEME, voucherDueToMessage } from "@benefit-grid/sdk/http";
import type {
  PaymentPayload,
  PaymentRequirements,
  SchemeNetworkFacilitator,
  SettleResponse,
  VerifyResponse,
} from "@x402/core/types";
import { areVoucherRequirements, type LedgerAsset, readVoucherCall } from "./voucherPayload.ts";
import type { VoucherCall, VoucherPort, VoucherRefusal } from "./voucherPort.ts";

/**
 * The facilitator's part of `license-voucher`, for `x402Facilitator.register`. Formats are checked here, everything
 * else by the port.
 */
export function createVoucherFacilitator(
  { chainId, addresses }: Client,
  port: VoucherPort,
): SchemeNetworkFacilitator {
  const asset: LedgerAsset = { network: `eip155:${chainId}`, ledger: addresses.UsageLedger };

  return {
    scheme: VOUCHER_SCHEME,
    caipFamily: "eip155:*",
    getExtra: () => undefined,
    // Vouchers are settled later, in batches.
    getSigners: () => [],
    async verify(payload, requirements): Promise<VerifyResponse> {
      const call = checkedCall(payload, requirements, asset);
      if (typeof call === "string") return { isValid: false, invalidReason: call };
      const maxUnits = BigInt(requirements.amount);
      const verdict = await port.verify({ ...call, maxUnits, seconds: requirements.maxTimeoutSeconds });
      if (verdict.ok) return { isValid: true, payer: verdict.payer };
      const { reason: invalidReason, due } = verdict;
      return { isValid: false, invalidReason, ...(due && { extra: { due: voucherDueToMessage(due) } }) };
    },
    async settle(payload, requirements): Promise<SettleResponse> {
      const call = checkedCall(payload, requirements, asset);
      if (typeof call === "string") return failure(requirements, call);
      const units = BigInt(requirements.amount);
      // The server may lower the amount of the requirements to the units used, not raise it.
      if (units > BigInt(payload.accepted.amount))
        return failure(requirements, "license_voucher_units_exceeded");
      const settled = await port.settle({ ...call, units });
      if (!settled.ok) return failure(requirements, settled.reason);
      const { network, amount } = requirements;
      const extra = { used: settled.used.toString() };
      return { success: true, payer: settled.payer, transaction: "", network, amount, extra };
    },
  };
}

function checkedCall(
  payload: PaymentPayload,
  requirements: PaymentRequirements,
  asset: LedgerAsset,
): VoucherCall | VoucherRefusal {
  if (!areVoucherRequirements(requirements, asset)) return "invalid_license_voucher_requirements";
  return readVoucherCall(payload, requirements) ?? "invalid_license_voucher_payload";
}

function failure({ network }: PaymentRequirements, errorReason: VoucherRefusal): SettleResponse {
  return { success: false, errorReason, transaction: "", network };
}
