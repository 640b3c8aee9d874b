import { piecesOf } from "@benefit-grid/sdk";

/** A request's body as text. Undefined if it has more bytes than allowed: the rest is not read. */
export async function readText(request: Request, maxBytes: number): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of piecesOf(request.body ?? new Uint8Array())) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
