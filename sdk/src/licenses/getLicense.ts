import type { Client } from "../client.ts";
import type { Address } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetLicenseParameters = { readonly licenseId: bigint };
export type GetLicenseReturnType = {
  readonly offerId: bigint;
  readonly holder: Address;
  /** Metered units paid for, ever. */
  readonly prepaid: bigint;
  /** When service ends, seconds since 1970. */
  readonly expiry: bigint;
  /** Whether the holder requested to close or the capsule's owner revoked: no top-up, no renewal. */
  readonly closing: boolean;
  /** Account key whose vouchers settle now. */
  readonly signer: Address;
  /**
   * The signer that comes, and after when, seconds since 1970, unless settlement is paused meanwhile. No service until
   * then; the meter may confirm it earlier.
   */
  readonly nextSigner: { readonly signer: Address; readonly changeAt: bigint } | undefined;
};

/**
 * A license that is not closed, with its holder and its signers.
 *
 * @throws {@link ContractRevertError} `ERC721NonexistentToken`
 * @example
 * ```ts
 * const { holder, signer, prepaid } = await getLicense(client, { licenseId });
 * ```
 */
export async function getLicense(
  client: Client,
  { licenseId }: GetLicenseParameters,
): Promise<GetLicenseReturnType> {
  checkUint("licenseId", licenseId, 64);
  const [{ keyed: _, ...license }, { changeAt, pending }, holder, signer] = await Promise.all([
    read(client, "LicenseNFT", "licenseOf", [licenseId]),
    read(client, "LicenseNFT", "keysOf", [licenseId]),
    read(client, "LicenseNFT", "ownerOf", [licenseId]),
    read(client, "LicenseNFT", "signerOf", [licenseId]),
  ]);
  const isChanging = changeAt !== 0n && signer !== pending;
  return { ...license, holder, signer, nextSigner: isChanging ? { signer: pending, changeAt } : undefined };
}
