import { keccak256, toBeHex } from "ethers";
import type { Hex } from "../core/abi.ts";
import { checkHex, checkUint, FIELD } from "../core/check.ts";
import type { Voucher } from "../shared/voucher.ts";

/** Everything that a salt depends on, besides the secret. */
export type SaltedUse = Voucher & {
  /** Number of the cover, 0 for new use. */
  readonly cover: bigint;
};

/**
 * The salt of a license's voucher. It derives from all numbers of the voucher, so that other use never has the same
 * salt: an opening says nothing about other vouchers. It is never 0, the salt of an unused license.
 */
export function saltOf(name: string, secret: Hex, { licenseId, units, contexts, cover }: SaltedUse): bigint {
  checkUint(`${name}.licenseId`, licenseId, 64, 1n);
  checkUint(`${name}.units`, units, 64);
  checkUint(`${name}.contexts`, contexts, 32);
  checkUint(`${name}.cover`, cover, 64);
  const use = licenseId + (contexts << 64n) + (units << 96n) + (cover << 160n);
  return BigInt(keccak256(checkHex("secret", secret, 32) + toBeHex(use, 32).slice(2))) % FIELD || 1n;
}
