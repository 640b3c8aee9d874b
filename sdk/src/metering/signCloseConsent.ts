import type { Signer } from "ethers";
import type { Client } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { signForLedger } from "./signForLedger.ts";

export type SignCloseConsentParameters = {
  readonly licenseId: bigint;
  /** Metered units to count as used. The rest of the prepaid units is refunded. */
  readonly maxUnits: bigint;
  /** The license's holder. @default the client's signer */
  readonly signer?: Signer;
};
/** EIP-712 signature. */
export type SignCloseConsentReturnType = Hex;

const TYPES = {
  CloseConsent: [
    { name: "licenseId", type: "uint256" },
    { name: "maxUnits", type: "uint64" },
  ],
};

/**
 * Signs the holder's consent: another account may close the license by a proof of at most this many units. Without
 * consent, the meter could prove a bound without any refund. Sends nothing.
 *
 * @throws {@link InvalidParameterError} for numbers out of range, or without a signer
 * @example
 * ```ts
 * const consent = await signCloseConsent(client, { licenseId, maxUnits: 500n });
 * ```
 */
export async function signCloseConsent(
  client: Client,
  { licenseId, maxUnits, signer }: SignCloseConsentParameters,
): Promise<SignCloseConsentReturnType> {
  const message = {
    licenseId: checkUint("licenseId", licenseId, 64),
    maxUnits: checkUint("maxUnits", maxUnits, 64),
  };
  return await signForLedger(client, signer, TYPES, message);
}
