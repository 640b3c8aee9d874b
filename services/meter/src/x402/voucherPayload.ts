import type { Hex } from "@benefit-grid/sdk";
import { VOUCHER_SCHEME, voucherFromMessage } from "@benefit-grid/sdk/http";
import type { VoucherCall } from "./voucherPort.ts";

/** A ledger on a chain: the asset of the scheme. */
export type LedgerAsset = { readonly network: `eip155:${string}`; readonly ledger: string };

/** The parts of x402's `PaymentRequirements` that tell vouchers apart. */
type Requirements = {
  readonly scheme: string;
  readonly network: string;
  readonly asset: string;
  readonly amount: string;
  readonly extra: Readonly<Record<string, unknown>>;
};
type Payload = { readonly accepted: Requirements; readonly payload: Readonly<Record<string, unknown>> };

/**
 * The call in a payload. Undefined if the payload is malformed, or for another chain, ledger or offer than the
 * requirements.
 */
export function readVoucherCall(
  { accepted, payload }: Payload,
  requirements: Requirements,
): VoucherCall | undefined {
  const isAccepted =
    accepted.scheme === VOUCHER_SCHEME &&
    accepted.network === requirements.network &&
    accepted.asset === requirements.asset &&
    accepted.extra?.offerId === requirements.extra.offerId &&
    isUint64(accepted.amount);
  const { callId } = payload;
  if (!isAccepted || typeof callId !== "string" || !/^0x[0-9a-f]{32}$/.test(callId)) return undefined;
  try {
    const voucher = voucherFromMessage(payload.voucher);
    return { callId: callId as Hex, voucher, offerId: BigInt(requirements.extra.offerId as string) };
  } catch {
    return undefined;
  }
}

/** Whether the requirements are of this ledger, and their numbers are whole. */
export function areVoucherRequirements(
  { scheme, network, asset, amount, extra }: Requirements,
  of: LedgerAsset,
): boolean {
  const isLedger = network === of.network && asset.toLowerCase() === of.ledger.toLowerCase();
  return scheme === VOUCHER_SCHEME && isLedger && isUint64(amount) && isUint64(extra.offerId);
}

export function isUint64(value: unknown): value is string {
  return typeof value === "string" && /^(0|[1-9]\d{0,19})$/.test(value) && BigInt(value) < 1n << 64n;
}
