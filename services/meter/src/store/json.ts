/** JSON with whole numbers of any size, each written as an object with one field. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner) =>
    typeof inner === "bigint" ? { [BIGINT]: inner.toString() } : inner,
  );
}

/** Reads `toJson`. */
export function fromJson<T>(text: string): T {
  return JSON.parse(text, (_key, inner) => (isBigint(inner) ? BigInt(inner[BIGINT]) : inner));
}

const BIGINT = "$bigint";

function isBigint(value: unknown): value is { [BIGINT]: string } {
  return typeof value === "object" && value !== null && BIGINT in value;
}
