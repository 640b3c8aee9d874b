import { getBytes, id, TypedDataEncoder } from "ethers";
import type { Address } from "../core/abi.ts";
import { VOUCHER_TYPES, type Voucher, voucherDomain } from "../core/voucher.ts";
import type { Keccak } from "./keccak.ts";

/** A voucher's EIP-712 digest, in a buffer that the next call writes again. Numbers must be in range. */
export type VoucherHash = (voucher: Voucher) => Uint8Array;

export function createVoucherHash(chainId: bigint, ledger: Address, keccak: Keccak): VoucherHash {
  const struct = new Uint8Array(96); // type hash, license id, usage
  struct.set(getBytes(id(TypedDataEncoder.from(VOUCHER_TYPES).encodeType("UsageVoucher"))));
  const words = new DataView(struct.buffer);
  const message = new Uint8Array(66); // 0x1901, domain separator, hash of the struct
  message.set([0x19, 0x01]);
  message.set(getBytes(TypedDataEncoder.hashDomain(voucherDomain(chainId, ledger))), 2);
  const hash = new Uint8Array(32);
  return ({ licenseId, units, contexts }) => {
    words.setBigUint64(56, licenseId);
    words.setBigUint64(80, contexts);
    words.setBigUint64(88, units);
    keccak(struct, hash);
    message.set(hash, 34);
    keccak(message, hash);
    return hash;
  };
}
