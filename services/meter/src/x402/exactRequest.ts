import type { Address, Hex } from "@benefit-grid/sdk";
import { decodePaymentSignatureHeader } from "@x402/core/http";
import type { PaymentPayload, PaymentRequirements } from "@x402/core/types";
import { getAddress } from "ethers";

/** HTTP header of a request: x402's payment. */
export const PAYMENT_HEADER = "PAYMENT-SIGNATURE";

/** A customer's authorization for the requirements. Its signature is not checked yet. */
export type ExactRequest = {
  readonly payload: PaymentPayload;
  readonly from: Address;
  readonly nonce: Hex;
  readonly signature: Hex;
  readonly validBefore: bigint;
};

/** Why a request is refused before its signature is checked, as the `error` of x402. The facilitator has more. */
export type ExactRefusal =
  | "payment_required"
  | "invalid_payload"
  | "invalid_x402_version"
  | "invalid_exact_evm_scheme"
  | "invalid_exact_evm_network_mismatch"
  | "invalid_exact_evm_asset_mismatch"
  | "invalid_exact_evm_recipient_mismatch"
  | "invalid_exact_evm_payload_authorization_value_mismatch"
  | "invalid_exact_evm_nonce_already_used"
  | "unsupported_payload_type";

const UINT = /^(0|[1-9]\d{0,77})$/;
const MAX_HEADER_LENGTH = 16_384;

/** The payment in a header, or the reason to refuse it. */
export function readExactRequest(
  header: string | null,
  requirements: PaymentRequirements,
): ExactRequest | ExactRefusal {
  if (header === null) return "payment_required";
  const payload = decoded(header);
  if (!payload) return "invalid_payload";
  if (payload.x402Version !== 2) return "invalid_x402_version";
  return mismatch(payload.accepted, requirements) ?? readAuthorization(payload, requirements);
}

function decoded(header: string): PaymentPayload | undefined {
  if (header.length > MAX_HEADER_LENGTH) return undefined;
  try {
    const payload: PaymentPayload = decodePaymentSignatureHeader(header);
    return isObject(payload) && isObject(payload.accepted) && isObject(payload.payload) ? payload : undefined;
  } catch {
    return undefined;
  }
}

/** The customer says what it signed for. */
function mismatch(accepted: PaymentRequirements, required: PaymentRequirements): ExactRefusal | undefined {
  if (accepted.scheme !== required.scheme) return "invalid_exact_evm_scheme";
  if (accepted.network !== required.network) return "invalid_exact_evm_network_mismatch";
  if (!isSame(accepted.asset, required.asset)) return "invalid_exact_evm_asset_mismatch";
  if (!isSame(accepted.payTo, required.payTo)) return "invalid_exact_evm_recipient_mismatch";
  if (accepted.amount !== required.amount) return "invalid_exact_evm_payload_authorization_value_mismatch";
  return undefined;
}

function readAuthorization(
  payload: PaymentPayload,
  required: PaymentRequirements,
): ExactRequest | ExactRefusal {
  const { authorization, signature } = payload.payload;
  if (!isObject(authorization)) return "unsupported_payload_type";
  const { from, to, value, validAfter, validBefore, nonce } = authorization;
  const areNumbers = [value, validAfter, validBefore].every(
    (one) => typeof one === "string" && UINT.test(one),
  );
  const isWellFormed = areNumbers && isHex(from, 20, 20) && isHex(to, 20, 20) && isHex(nonce, 32, 32);
  if (!isWellFormed || !isHex(signature, 1, 4_096)) return "invalid_payload";
  if (!isSame(to, required.payTo)) return "invalid_exact_evm_recipient_mismatch";
  if (value !== required.amount) return "invalid_exact_evm_payload_authorization_value_mismatch";
  return {
    payload,
    from: getAddress(from.toLowerCase()) as Address,
    nonce: nonce.toLowerCase() as Hex,
    signature: signature.toLowerCase() as Hex,
    validBefore: BigInt(validBefore as string),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isSame(value: unknown, address: string): boolean {
  return typeof value === "string" && value.toLowerCase() === address.toLowerCase();
}

function isHex(value: unknown, minimum: number, maximum: number): value is Hex {
  if (typeof value !== "string" || !/^0x([0-9a-fA-F]{2})+$/.test(value)) return false;
  const bytes = (value.length - 2) / 2;
  return bytes >= minimum && bytes <= maximum;
}
