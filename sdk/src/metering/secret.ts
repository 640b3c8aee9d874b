import { solidityPackedKeccak256 } from "ethers";
import type { Hex } from "../core/abi.ts";
import { checkHex, FIELD } from "../core/check.ts";

/** The salt of a license's voucher. It is never 0, the salt of an unused license. */
export function saltOf(secret: Hex, licenseId: bigint, sequence: bigint): bigint {
  const words = [checkHex("secret", secret, 32), licenseId, sequence];
  return BigInt(solidityPackedKeccak256(["bytes32", "uint256", "uint256"], words)) % FIELD || 1n;
}
