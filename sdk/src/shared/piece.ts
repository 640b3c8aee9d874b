import type { Hex } from "../core/abi.ts";
import { checkHex, checkObject, checkUint } from "../core/check.ts";
import { InvalidParameterError } from "../errors.ts";

/** One piece of data in a manifest. */
export type Piece = {
  /** Name of the piece, such as a file's path. Unique in its manifest. */
  readonly path: string;
  /** SHA-256 of the piece. */
  readonly contentHash: Hex;
  /** Bytes of the piece. */
  readonly size: bigint;
  /** The dataset's capsule and version, if the piece is from one. */
  readonly dataset?: { readonly capsuleId: bigint; readonly version: bigint };
};

/** Shows that a piece is in a manifest. */
export type InclusionProof = {
  readonly piece: Piece;
  /** Hashes beside the way from the piece to the root. */
  readonly proof: readonly Hex[];
};

/** A piece as the registry takes it. */
export function encodePiece(name: string, piece: Piece) {
  const { path, contentHash, size, dataset } = checkObject(name, piece);
  // Half of a surrogate pair has no UTF-8: two paths would get the same bytes.
  if (path === "" || /\p{Surrogate}/u.test(path)) {
    throw new InvalidParameterError(
      `${name}.path`,
      `is ${JSON.stringify(path)}`,
      "Pass a text that is not empty, in valid Unicode",
    );
  }
  return {
    path,
    contentHash: checkHex(`${name}.contentHash`, contentHash, 32),
    size: checkUint(`${name}.size`, size, 64),
    capsuleId: dataset ? checkUint(`${name}.dataset.capsuleId`, dataset.capsuleId, 64, 1n) : 0n,
    version: dataset ? checkUint(`${name}.dataset.version`, dataset.version, 32, 1n) : 0n,
  };
}
