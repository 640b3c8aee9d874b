/** A voucher's signature, parsed for the curve's arithmetic. The next call overwrites the bytes. */
export type ParsedSignature = {
  /** 64 bytes: r, s. */
  readonly rs: Uint8Array;
  /** Parity of R's y. */
  readonly parity: number;
};

// Half the order of secp256k1. Contracts refuse a larger s: it is a second form of the same signature.
const MAX_S = parseHex(
  "0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0",
  32,
) as Uint8Array;
const PARITIES = new Map([0, 1, 27, 28].map((v) => [v, v % 27]));

/**
 * Parses the form that contracts accept: 65 bytes, s in its lower half, v of 0, 1, 27 or 28. Undefined otherwise.
 */
export function parseSignature(signature: string): ParsedSignature | undefined {
  if (!readHex(signature, BYTES)) return undefined;
  const parity = PARITIES.get(BYTES[64] as number);
  return parity === undefined || isHigh() ? undefined : { rs: RS, parity };
}

// Made once: memory of this size is taken from outside of the heap, which is slow.
const BYTES = new Uint8Array(65);
const RS = BYTES.subarray(0, 64);

function isHigh(): boolean {
  for (let i = 0; i < 32; i++) {
    const difference = (BYTES[32 + i] as number) - (MAX_S[i] as number);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

/** Parses 0x and hex digits of this length in bytes. Undefined otherwise. */
export function parseHex(hex: string, length: number): Uint8Array | undefined {
  const bytes = new Uint8Array(length);
  return readHex(hex, bytes) ? bytes : undefined;
}

/** Writes 0x and hex digits to bytes of their number. Returns false for anything else. */
function readHex(hex: string, bytes: Uint8Array): boolean {
  const { length } = bytes;
  if (typeof hex !== "string" || hex.length !== 2 + 2 * length || !hex.startsWith("0x")) return false;
  for (let i = 0; i < length; i++) {
    const byte = (digit(hex.charCodeAt(2 + 2 * i)) << 4) | digit(hex.charCodeAt(3 + 2 * i));
    if (byte < 0) return false;
    bytes[i] = byte;
  }
  return true;
}

/** -1 for any other character, so its byte is negative too. */
function digit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = (code | 32) - 87;
  return letter >= 10 && letter <= 15 ? letter : -1;
}
