/** A voucher's signature, parsed for the curve's arithmetic. */
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
  const bytes = parseHex(signature, 65);
  const parity = PARITIES.get(bytes?.[64] ?? -1);
  if (!bytes || parity === undefined || isAbove(bytes.subarray(32, 64), MAX_S)) return undefined;
  return { rs: bytes.subarray(0, 64), parity };
}

function isAbove(value: Uint8Array, limit: Uint8Array): boolean {
  const at = value.findIndex((byte, i) => byte !== limit[i]);
  return at !== -1 && (value[at] as number) > (limit[at] as number);
}

/** Parses 0x and hex digits of this length in bytes. Undefined otherwise. */
export function parseHex(hex: string, length: number): Uint8Array | undefined {
  if (typeof hex !== "string" || hex.length !== 2 + 2 * length || !hex.startsWith("0x")) return undefined;
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const byte = (digit(hex.charCodeAt(2 + 2 * i)) << 4) | digit(hex.charCodeAt(3 + 2 * i));
    if (byte < 0) return undefined;
    bytes[i] = byte;
  }
  return bytes;
}

/** -1 for any other character, so its byte is negative too. */
function digit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = (code | 32) - 87;
  return letter >= 10 && letter <= 15 ? letter : -1;
}
