import { keccak256, type Signer } from "ethers";
import { type Client, checkCall } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { SignatureNotRepeatableError } from "../errors.ts";
import { parseSignature } from "../shared/voucher.ts";
import { signForLedger } from "./signForLedger.ts";
import { warnOfDevelopmentKeys } from "./warnOfDevelopmentKeys.ts";

export type DeriveUsageSecretParameters = {
  readonly licenseId: bigint;
  /** A lasting wallet, not a session key: the secret is lost with its key. @default the client's signer */
  readonly signer?: Signer;
  /** Signs twice and compares. False saves a confirmation with an already compared wallet. @default true */
  readonly compare?: boolean;
};
/** 32 bytes. With the license's usage words, they reveal its use. */
export type DeriveUsageSecretReturnType = Hex;

const TYPES = {
  UsageSecret: [
    { name: "purpose", type: "string" },
    { name: "licenseId", type: "uint256" },
  ],
};
const PURPOSE =
  "Make the secret that hides how much this license is used. " +
  "Sign this only where you use the license: whoever has the signature can read your use. It pays for nothing.";

/**
 * Derives the secret behind a license's salts from a wallet's signature. The same wallet derives it again, so
 * nothing needs storing. Another license, chain or ledger has another secret. Sends nothing.
 *
 * Most wallets sign the same message identically (RFC 6979). Contract wallets, and wallets that split a key among
 * several parties, may not. The second signature detects them now rather than at recovery.
 *
 * @throws {@link InvalidParameterError} for a malformed id, or without a signer
 * @throws {@link SignatureNotRepeatableError} when the wallet signed differently the second time
 * @example
 * ```ts
 * const secret = await deriveUsageSecret(client, { licenseId });
 * ```
 */
export async function deriveUsageSecret(
  client: Client,
  parameters: DeriveUsageSecretParameters,
): Promise<DeriveUsageSecretReturnType> {
  const { licenseId, signer, compare = true } = checkCall(client, parameters);
  const message = { purpose: PURPOSE, licenseId: checkUint("licenseId", licenseId, 64, 1n) };
  await warnOfDevelopmentKeys(client);
  const derive = async () => secretOf(await signForLedger(client, signer, TYPES, message));
  const secret = await derive();
  if (compare && (await derive()) !== secret) throw new SignatureNotRepeatableError();
  return secret;
}

/** Wallets write v of the same signature as 0 or 27. */
function secretOf(signature: Hex): Hex {
  return keccak256(parseSignature(signature)?.serialized ?? signature) as Hex;
}
