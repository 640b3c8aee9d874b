import type { Signer } from "ethers";
import type { Client } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { signForLedger } from "./signForLedger.ts";

export type SignCloseConsentParameters = {
  readonly licenseId: bigint;
  /** How many metered units will count as used: what is prepaid above it is refunded. */
  readonly maxUnits: bigint;
  /** The license's holder if it is not the client's signer. */
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
 * Agrees that somebody else closes a license by a proof that at most so many units were used. The holder's to sign: the
 * meter can prove any bound, too. Sends nothing.
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
