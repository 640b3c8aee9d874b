/**
 * A response without what was asked for: problem details (RFC 9457).
 *
 * @param reason a word for programs
 * @param detail a sentence for people
 */
export function problem(
  status: number,
  reason: string,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const body = { type: `urn:benefit-grid:meter:${reason}`, title: reason, status, detail };
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...headers, "content-type": "application/problem+json" },
  });
}
