import { createSHA256 } from "hash-wasm";
import type { Hex } from "../core/abi.ts";
import { type Content, piecesOf } from "./content.ts";

/** SHA-256 and bytes of content. Holds one piece of it at a time. */
export async function sha256Of(content: Content): Promise<{ contentHash: Hex; size: bigint }> {
  const hash = await createSHA256();
  let size = 0n;
  for await (const piece of piecesOf(content)) {
    hash.update(piece);
    size += BigInt(piece.length);
  }
  return { contentHash: `0x${hash.digest("hex")}`, size };
}
