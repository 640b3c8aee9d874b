import { keccak256, type Signer } from "ethers";
import type { Client } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { SignatureNotRepeatableError } from "../errors.ts";
import { parseSignature } from "../shared/voucher.ts";
import { signForLedger } from "./signForLedger.ts";

export type DeriveUsageSecretParameters = {
  readonly licenseId: bigint;
  /** The wallet that can always sign again, if it is not the client's. A session key would take the secret with it. */
  readonly signer?: Signer;
  /** Sign twice and compare; true unless given. False saves a confirmation with a wallet that was compared before. */
  readonly compare?: boolean;
};
/** 32 bytes. Who knows them and a license's usage words can find out how much it is used. */
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
 * The secret behind a license's salts, from a wallet's signature: the same wallet finds it again, with nothing kept.
 * Another license, chain or ledger has another. Nothing is sent.
 *
 * Wallets sign the same message alike (RFC 6979), but for some that share a key among several parties or are contracts.
 * That such a wallet could not find the secret again would show only when it is needed, so it signs twice.
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
  { licenseId, signer, compare = true }: DeriveUsageSecretParameters,
): Promise<DeriveUsageSecretReturnType> {
  const message = { purpose: PURPOSE, licenseId: checkUint("licenseId", licenseId, 64, 1n) };
  const derive = async () => secretOf(await signForLedger(client, signer, TYPES, message));
  const secret = await derive();
  if (compare && (await derive()) !== secret) throw new SignatureNotRepeatableError();
  return secret;
}

/** Wallets write the same signature's v as 0 or 27. */
function secretOf(signature: Hex): Hex {
  return keccak256(parseSignature(signature)?.serialized ?? signature) as Hex;
}
