/** The status that answers a request's preconditions (RFC 9110, section 13.2.2), or undefined to go on. */
export function failedPrecondition({ headers }: Request, etag: string): 304 | 412 | undefined {
  const match = headers.get("if-match");
  if (match !== null && !lists(match, etag, false)) return 412;
  const noneMatch = headers.get("if-none-match");
  if (noneMatch !== null && lists(noneMatch, etag, true)) return 304;
  return undefined;
}

/** Whether `Range` counts: `If-Range` needs the same content. We send no dates, so a date never matches. */
export function isRangeCurrent({ headers }: Request, etag: string): boolean {
  const condition = headers.get("if-range");
  return condition === null || condition.trim() === etag;
}

function lists(header: string, etag: string, isWeak: boolean): boolean {
  if (header.trim() === "*") return true;
  const tags: readonly string[] = header.match(/(?:W\/)?"[^"]*"/g) ?? [];
  return tags.includes(etag) || (isWeak && tags.includes(`W/${etag}`));
}
