import type { Signer } from "ethers";
import { type Client, checkCall } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";
import { signForLedger } from "./signForLedger.ts";

export type SignCloseConsentParameters = {
  readonly licenseId: bigint;
  /** Metered units to count as used. The rest of the prepaid units is refunded. */
  readonly maxUnits: bigint;
  /** Last second of the consent, seconds since 1970. */
  readonly deadline: bigint;
  /** The license's holder. @default the client's signer */
  readonly signer?: Signer;
};
export type SignCloseConsentReturnType = CloseConsent;

/** A holder's consent for `closePrivateLicense`. */
export type CloseConsent = {
  readonly deadline: bigint;
  /** EIP-712 signature. */
  readonly signature: Hex;
};

const TYPES = {
  CloseConsent: [
    { name: "licenseId", type: "uint256" },
    { name: "maxUnits", type: "uint64" },
    { name: "expiry", type: "uint40" },
    { name: "changes", type: "uint56" },
    { name: "deadline", type: "uint256" },
  ],
};

/**
 * Signs the holder's consent: another account may close the license by a proof of at most this many units. Without
 * consent, the meter could prove a bound without any refund. Sends nothing.
 *
 * The consent is for the license as it is now. Each change of its expiry, holder or signer ends it: a renewal,
 * `requestClose`, a revocation, a transfer, `setSigner`.
 *
 * @throws {@link InvalidParameterError} for numbers out of range, or without a signer
 * @throws {@link ContractRevertError} `ERC721NonexistentToken`
 * @example
 * ```ts
 * const consent = await signCloseConsent(client, { licenseId, maxUnits: 500n, deadline });
 * ```
 */
export async function signCloseConsent(
  client: Client,
  parameters: SignCloseConsentParameters,
): Promise<SignCloseConsentReturnType> {
  const { licenseId, maxUnits, deadline, signer } = checkCall(client, parameters);
  const checked = {
    licenseId: checkUint("licenseId", licenseId, 64),
    maxUnits: checkUint("maxUnits", maxUnits, 64),
    deadline: checkUint("deadline", deadline, 256),
  };
  const [{ expiry }, { changes }] = await Promise.all([
    read(client, "LicenseNFT", "licenseOf", [licenseId]),
    read(client, "LicenseNFT", "keysOf", [licenseId]),
  ]);
  const signature = await signForLedger(client, signer, TYPES, { ...checked, expiry, changes });
  return { deadline, signature };
}
