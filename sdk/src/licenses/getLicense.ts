import { ZeroAddress } from "ethers";
import { type Client, checkCall } from "../client.ts";
import type { Address } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetLicenseParameters = { readonly licenseId: bigint };
export type GetLicenseReturnType = {
  readonly offerId: bigint;
  readonly holder: Address;
  /** Prepaid metered units over the license's life. */
  readonly prepaid: bigint;
  /** End of service and of the term, seconds since 1970. */
  readonly expiry: bigint;
  /** Units bought in this term. The terms' `maxUnits` limits them. */
  readonly bought: bigint;
  /** The holder requested to close or the capsule's owner revoked: no top-up, no renewal. */
  readonly closing: boolean;
  /** Account key of the vouchers that settle now. */
  readonly signer: Address;
  /**
   * The next signer, the time of the change in seconds since 1970, and the change's number. Pauses of settlement
   * delay it, the meter can confirm it earlier. No service until then.
   */
  readonly nextSigner:
    | { readonly signer: Address; readonly changeAt: bigint; readonly change: bigint }
    | undefined;
  /** The rental underway (ERC-4907) and its end, seconds since 1970. The user names the signer instead of the holder. */
  readonly rental: { readonly user: Address; readonly expires: bigint } | undefined;
  /**
   * The last moment to settle vouchers of `signer`, seconds since 1970. This is the earliest of three times: the end of
   * the settlement window, the change of signer, and the end of the window after the rental. Includes all pauses of
   * settlement so far; later ones delay it.
   */
  readonly settleBy: bigint;
  /** The settlement window's end, as `settleBy`. The license can be closed afterwards. */
  readonly windowEnd: bigint;
  /** The last moment to close, as `settleBy`. Afterwards the license lapses. */
  readonly lapsesAfter: bigint;
};

/**
 * An unclosed license, with its holder, signers and deadlines.
 *
 * @throws {@link ContractRevertError} `ERC721NonexistentToken`
 * @example
 * ```ts
 * const { holder, signer, prepaid } = await getLicense(client, { licenseId });
 * ```
 */
export async function getLicense(
  client: Client,
  parameters: GetLicenseParameters,
): Promise<GetLicenseReturnType> {
  const { licenseId } = checkCall(client, parameters);
  checkUint("licenseId", licenseId, 64);
  const [{ keyed: _, rented, ...license }, { changeAt, changes, pending }, holder, signer, deadlines] =
    await Promise.all([
      read(client, "LicenseNFT", "licenseOf", [licenseId]),
      read(client, "LicenseNFT", "keysOf", [licenseId]),
      read(client, "LicenseNFT", "ownerOf", [licenseId]),
      read(client, "LicenseNFT", "signerOf", [licenseId]),
      read(client, "LicenseNFT", "deadlinesOf", [licenseId]),
    ]);
  const rental = rented ? await rentalOf(client, licenseId) : undefined;
  const isChanging = changeAt !== 0n && signer !== pending;
  return {
    ...license,
    holder,
    signer,
    nextSigner: isChanging ? { signer: pending, changeAt, change: changes } : undefined,
    rental,
    ...deadlines,
  };
}

async function rentalOf(client: Client, licenseId: bigint): Promise<GetLicenseReturnType["rental"]> {
  const [user, expires] = await Promise.all([
    read(client, "LicenseNFT", "userOf", [licenseId]),
    read(client, "LicenseNFT", "userExpires", [licenseId]),
  ]);
  return user === ZeroAddress ? undefined : { user, expires };
}
