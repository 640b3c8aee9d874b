import { getBytes, hexlify, keccak256 } from "ethers";
import { createKeccak } from "hash-wasm";
import type { Hex } from "../core/abi.ts";
import { encodePiece, type Piece } from "../shared/piece.ts";

type Keccak = (input: Uint8Array) => Uint8Array;

/** Words before the path's bytes: five fields and the path's length. */
const HEAD = 6 * 32;

/** Hashes pieces as the registry does: keccak256 twice over the ABI encoding, the rule of `StandardMerkleTree`. */
export async function createLeafHasher(): Promise<(name: string, piece: Piece) => Hex> {
  const keccak = await fastKeccak();
  return (name, piece) => hexlify(keccak(keccak(abiEncoded(name, piece)))) as Hex;
}

/** The hash of two nodes, the smaller one first, the rule of OpenZeppelin's `MerkleProof`. */
export async function createNodeHasher(): Promise<(a: Hex, b: Hex) => Hex> {
  const keccak = await fastKeccak();
  return (a, b) => hexlify(keccak(getBytes(a < b ? a + b.slice(2) : b + a.slice(2)))) as Hex;
}

async function fastKeccak(): Promise<Keccak> {
  try {
    const hasher = await createKeccak(256);
    return (input) => hasher.init().update(input).digest("binary");
  } catch {
    // No WebAssembly, or a content security policy forbids it.
    return (input) => getBytes(keccak256(input));
  }
}

/** As `abi.encode(path, contentHash, size, capsuleId, version)`. A general encoder takes ten times as long. */
function abiEncoded(name: string, piece: Piece): Uint8Array {
  const { path, contentHash, size, capsuleId, version } = encodePiece(name, piece);
  const text = new TextEncoder().encode(path);
  const bytes = new Uint8Array(HEAD + Math.ceil(text.length / 32) * 32);
  const view = new DataView(bytes.buffer);
  view.setUint32(28, 5 * 32);
  bytes.set(getBytes(contentHash), 32);
  view.setBigUint64(88, size);
  view.setBigUint64(120, capsuleId);
  view.setBigUint64(152, version);
  view.setUint32(188, text.length);
  bytes.set(text, HEAD);
  return bytes;
}
