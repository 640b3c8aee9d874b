import { dataSlice, isHexString, Signature, toBeHex } from "ethers";
import { InvalidParameterError } from "../errors.ts";
import type { Address, Hex } from "./abi.ts";
import { checkUint } from "./check.ts";

/** Cumulative use of a license at its meter. A later voucher replaces an earlier one. */
export type Voucher = {
  readonly licenseId: bigint;
  /** Metered units used so far. */
  readonly units: bigint;
  /** Contexts used so far, one bit each, see `encodeContexts`. */
  readonly contexts: bigint;
};
export type SignedVoucher = Voucher & {
  /** EIP-712 signature of the license's signer, 65 bytes. */
  readonly signature: Hex;
};

export const VOUCHER_TYPES = {
  UsageVoucher: [
    { name: "licenseId", type: "uint256" },
    { name: "usage", type: "bytes32" },
  ],
};

export function voucherDomain(chainId: bigint, ledger: Address) {
  return { name: "Benefit Grid UsageLedger", version: "1", chainId, verifyingContract: ledger };
}

/** What is signed: contexts and units share a word. */
export function voucherMessage(name: string, { licenseId, units, contexts }: Voucher) {
  checkUint(`${name}.licenseId`, licenseId, 64);
  checkUint(`${name}.units`, units, 64);
  checkUint(`${name}.contexts`, contexts, 32);
  return { licenseId, usage: toBeHex((contexts << 64n) | units, 32) };
}

/** A voucher as the ledger takes it: everything but the signature in a word. */
export function encodeVoucher(name: string, voucher: SignedVoucher) {
  const { licenseId, usage } = voucherMessage(name, voucher);
  const entry = toBeHex((licenseId << 96n) | BigInt(usage), 32) as Hex;
  const signature = parseSignature(voucher.signature);
  if (!signature) {
    const problem = "is not a signature that the ledger accepts";
    throw new InvalidParameterError(
      `${name}.signature`,
      problem,
      "Pass r, s in its lower half, and v: 65 bytes",
    );
  }
  return { entry, r: signature.r as Hex, vs: signature.yParityAndS as Hex };
}

// Half the order of secp256k1. A larger s writes the same signature again; contracts refuse it.
const MAX_S = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;
const RECOVERY_BYTES = [0, 1, 27, 28];

/** 65 bytes with a low s and a usual v, or undefined. */
export function parseSignature(signature: Hex): Signature | undefined {
  if (!isHexString(signature, 65)) return undefined;
  const isCanonical = BigInt(dataSlice(signature, 32, 64)) <= MAX_S;
  return isCanonical && RECOVERY_BYTES.includes(Number(dataSlice(signature, 64)))
    ? Signature.from(signature)
    : undefined;
}
