import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import type { Hex } from "../core/abi.ts";
import { InvalidParameterError } from "../errors.ts";
import type { Content } from "../shared/content.ts";
import type { Piece } from "../shared/piece.ts";
import { sha256Of } from "../shared/sha256.ts";
import { createLeafHasher, createNodeHasher } from "./leaves.ts";

/** A piece with its content, or already hashed. */
export type PieceSource = Piece | (Pick<Piece, "path" | "dataset"> & { readonly content: Content });

export type BuildManifestParameters = Iterable<PieceSource> | AsyncIterable<PieceSource>;
/** Every piece of data that went into a version. */
export type Manifest = {
  /** Root of the Merkle tree over all pieces, for `publishManifest`. */
  readonly root: Hex;
  /** In order of their paths, by UTF-16 code units. */
  readonly pieces: readonly Piece[];
  readonly tree: SimpleMerkleTree;
};
export type BuildManifestReturnType = Manifest;

/**
 * Builds the manifest of a version from all pieces of data that went into it. Contents are hashed one after another, in
 * streams: files may be larger than memory. The order of the pieces does not matter.
 *
 * @throws {@link InvalidParameterError} without pieces, for a path that occurs twice, or a malformed piece
 * @example
 * ```ts
 * const manifest = await buildManifest([
 *   { path: "faces/1.png", content: new Blob(["..."]).stream() },
 *   { path: "faces/2.png", contentHash, size: 1_024n, dataset: { capsuleId: datasetId, version: 1n } },
 * ]);
 * ```
 */
export async function buildManifest(pieces: BuildManifestParameters): Promise<BuildManifestReturnType> {
  const hashed: Piece[] = [];
  for await (const source of pieces) hashed.push(await pieceOf(source));
  hashed.sort((a, b) => (a.path < b.path ? -1 : 1));
  checkPaths(hashed);
  const leafOf = await createLeafHasher();
  const leaves = hashed.map((piece) => leafOf(`pieces[${JSON.stringify(piece.path)}]`, piece)).sort();
  const nodeHash = await createNodeHasher();
  // Sorted here: the package sorts by comparing bytes of parsed hex, which takes as long as all hashes.
  const tree = SimpleMerkleTree.of(leaves, {
    sortLeaves: false,
    nodeHash: (a, b) => nodeHash(a as Hex, b as Hex),
  });
  return { root: tree.root as Hex, pieces: hashed, tree };
}

async function pieceOf(source: PieceSource): Promise<Piece> {
  const { path, dataset } = source;
  const hashed = "content" in source ? await sha256Of(source.content) : source;
  const { contentHash, size } = hashed;
  return { path, contentHash, size, ...(dataset && { dataset }) };
}

function checkPaths(sorted: readonly Piece[]): void {
  if (sorted.length === 0) throw new InvalidParameterError("pieces", "is empty", "Pass at least one piece");
  const twice = sorted.find(({ path }, i) => path === sorted[i + 1]?.path);
  if (!twice) return;
  const problem = `has the path ${JSON.stringify(twice.path)} twice`;
  throw new InvalidParameterError("pieces", problem, "Give each piece a path of its own");
}
