/** Bytes from `start` up to, but not including, `end`. */
export type ByteRange = { readonly start: number; readonly end: number };

/**
 * The range of a `Range` header (RFC 9110, section 14). Undefined if the header must be ignored, because its unit is
 * unknown.
 *
 * "unsatisfiable" is answered by 416: the range begins behind the content, is malformed, or there are several. The RFC
 * also allows to answer several ranges by the whole content, but the customer pays for each byte.
 */
export function readRange(header: string, size: number): ByteRange | "unsatisfiable" | undefined {
  if (!/^bytes *=/i.test(header)) return undefined;
  const [, from, to, suffix] = /^bytes *= *(?:(\d+)-(\d*)|-(\d+))$/i.exec(header.trim()) ?? [];
  if (suffix !== undefined) return within({ start: Math.max(size - Number(suffix), 0), end: size });
  if (from === undefined) return "unsatisfiable";
  const last = to ? Number(to) : size - 1;
  if (last < Number(from) && to) return "unsatisfiable";
  return within({ start: Number(from), end: Math.min(last + 1, size) });
}

function within(range: ByteRange): ByteRange | "unsatisfiable" {
  return range.start < range.end ? range : "unsatisfiable";
}
