import { getBytes, id, TypedDataEncoder } from "ethers";
import type { Address } from "../core/abi.ts";
import { type AnyVoucher, isPrivate, VOUCHER_TYPES, voucherDomain } from "../shared/voucher.ts";
import type { Keccak } from "./keccak.ts";
import { parseHex } from "./signature.ts";

/** A voucher's EIP-712 digest. The next call overwrites the buffer. Numbers must be in range. */
export type VoucherHash = (voucher: AnyVoucher) => Uint8Array;

export function createVoucherHash(chainId: bigint, ledger: Address, keccak: Keccak): VoucherHash {
  const struct = new Uint8Array(96); // type hash, license id, usage
  struct.set(getBytes(id(TypedDataEncoder.from(VOUCHER_TYPES).encodeType("UsageVoucher"))));
  const words = new DataView(struct.buffer);
  const message = new Uint8Array(66); // 0x1901, domain separator, hash of the struct
  message.set([0x19, 0x01]);
  message.set(getBytes(TypedDataEncoder.hashDomain(voucherDomain(chainId, ledger))), 2);
  const hash = new Uint8Array(32);
  return (voucher) => {
    words.setBigUint64(56, voucher.licenseId);
    writeUsage(voucher, struct, words);
    keccak(struct, hash);
    message.set(hash, 34);
    keccak(message, hash);
    return hash;
  };
}

/** A commitment, or contexts and units in one word. */
function writeUsage(voucher: AnyVoucher, struct: Uint8Array, words: DataView): void {
  if (isPrivate(voucher)) {
    struct.set(parseHex(voucher.usage, 32) ?? raise("The voucher's usage word is not 32 bytes in hex."), 64);
    return;
  }
  words.setBigUint64(64, 0n);
  words.setBigUint64(72, 0n);
  words.setBigUint64(80, voucher.contexts);
  words.setBigUint64(88, voucher.units);
}

function raise(message: string): never {
  throw new RangeError(message);
}
