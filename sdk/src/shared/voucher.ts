import { dataSlice, isHexString, Signature, toBeHex, verifyTypedData } from "ethers";
import { addressOf, type Client } from "../client.ts";
import type { Address, Hex } from "../core/abi.ts";
import { checkHex, checkObject, checkUint } from "../core/check.ts";
import { InvalidParameterError } from "../errors.ts";
import { type Opening, usageOf } from "./opening.ts";

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

/** Cumulative use of a license in private mode. Only the meter may see its opening. */
export type PrivateVoucher = Voucher & Opening;
export type SignedPrivateVoucher = PrivateVoucher & {
  /** The signed and public usage word: Poseidon of a word of license id, contexts and units, and of the salt. */
  readonly usage: Hex;
  /** EIP-712 signature of the license's signer, 65 bytes. */
  readonly signature: Hex;
};

export type AnyVoucher = SignedVoucher | SignedPrivateVoucher;

export function isPrivate(voucher: AnyVoucher): voucher is SignedPrivateVoucher {
  return "usage" in voucher;
}

export const VOUCHER_TYPES = {
  UsageVoucher: [
    { name: "licenseId", type: "uint256" },
    { name: "usage", type: "bytes32" },
  ],
};

export function voucherDomain(chainId: bigint, ledger: Address) {
  return { name: "Benefit Grid UsageLedger", version: "1", chainId, verifyingContract: ledger };
}

/** The EIP-712 domain of the client's ledger. */
export function ledgerDomain(client: Client) {
  return voucherDomain(client.chainId, addressOf(client, "UsageLedger"));
}

/** The message to sign. Contexts and units share a word. */
export function voucherMessage(name: string, voucher: Voucher) {
  const { licenseId, units, contexts } = checkObject(name, voucher);
  checkUint(`${name}.licenseId`, licenseId, 64);
  checkUint(`${name}.units`, units, 64);
  checkUint(`${name}.contexts`, contexts, 32);
  return { licenseId, usage: toBeHex((contexts << 64n) | units, 32) };
}

/** Refuses a private voucher with a commitment to other numbers. */
export function checkUsage(name: string, { licenseId, usage, ...opening }: SignedPrivateVoucher): void {
  // Hex has upper and lower case.
  if (BigInt(usageOf(name, licenseId, opening)) === BigInt(checkHex(`${name}.usage`, usage, 32))) return;
  const problem = "is not the commitment to this voucher's units, contexts and salt";
  throw new InvalidParameterError(
    `${name}.usage`,
    problem,
    "Pass the voucher unchanged from `signPrivateVoucher`",
  );
}

/** A voucher in the ledger's format: all but the signature in one word. */
export function encodeVoucher(name: string, voucher: SignedVoucher) {
  const { licenseId, usage } = voucherMessage(name, voucher);
  const entry = toBeHex((licenseId << 96n) | BigInt(usage), 32) as Hex;
  return { entry, ...encodeSignature(`${name}.signature`, voucher.signature) };
}

/** A signature in the compact form of ERC-2098. */
export function encodeSignature(name: string, signature: Hex) {
  const { r, yParityAndS: vs } = parseSignature(signature) ?? {};
  if (r && vs) return { r: r as Hex, vs: vs as Hex };
  const problem = "is a signature in a form that the ledger refuses";
  throw new InvalidParameterError(
    name,
    problem,
    "Pass 65 bytes: r, s in its lower half, and v of 0, 1, 27 or 28",
  );
}

/** Whether this account signed a usage word for the client's chain and ledger. */
export function isSignedBy(
  client: Client,
  message: { readonly licenseId: bigint; readonly usage: string },
  signature: Hex,
  account: Address,
): boolean {
  const parsed = parseSignature(signature);
  if (!parsed) return false;
  try {
    return verifyTypedData(ledgerDomain(client), VOUCHER_TYPES, message, parsed) === account;
  } catch {
    return false; // No key has such a signature.
  }
}

// Half the order of secp256k1. Contracts refuse a larger s: it is a second form of the same signature.
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
