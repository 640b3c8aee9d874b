import { type Client, checkCall } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { nameAt } from "../core/names.ts";
import { read } from "../core/read.ts";

/** A gateway's answers: the first, or the reason against it. The chain numbers them in this order. */
const ACCESSES = [
  "Allowed",
  "LicenseNonexistent",
  "LicenseExpired",
  "SignerChanging",
  "SignerNotKey",
  "UserNotSigner",
  "ContextNotAllowed",
] as const;
export type Access = (typeof ACCESSES)[number];

export type AuthorizeUseParameters = {
  readonly licenseId: bigint;
  /** The account key that will sign the voucher. */
  readonly user: AddressInput;
  /** Contexts of this use, one bit each, see `encodeContexts`. */
  readonly contexts: bigint;
};
export type AuthorizeUseReturnType = Access;

/**
 * A gateway's question: may this user use the capsule in these contexts now? Returns "Allowed" or the reason
 * against it. "SignerNotKey": the signer is a contract and cannot sign vouchers. Its holder names a key by `setSigner`.
 *
 * @throws {@link InvalidParameterError} for a malformed id, address or set
 * @example
 * ```ts
 * const access = await authorizeUse(client, { licenseId, user, contexts: encodeContexts(["education"]) });
 * if (access !== "Allowed") return new Response(access, { status: 403 });
 * ```
 */
export async function authorizeUse(
  client: Client,
  parameters: AuthorizeUseParameters,
): Promise<AuthorizeUseReturnType> {
  const { licenseId, user, contexts } = checkCall(client, parameters);
  const access = await read(client, "LicenseNFT", "authorize", [
    checkUint("licenseId", licenseId, 64),
    checkAddress("user", user),
    checkUint("contexts", contexts, 32),
  ]);
  return nameAt(ACCESSES, access);
}
