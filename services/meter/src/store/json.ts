/** JSON with whole numbers of any size. They are written as decimal strings. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner) => (typeof inner === "bigint" ? inner.toString() : inner));
}

/** Reads `toJson`. Every string of decimal digits becomes a bigint. */
export function fromJson<T>(text: string): T {
  return JSON.parse(text, (_key, inner) =>
    typeof inner === "string" && /^\d+$/.test(inner) ? BigInt(inner) : inner,
  );
}
