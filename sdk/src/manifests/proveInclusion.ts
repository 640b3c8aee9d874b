import type { Hex } from "../core/abi.ts";
import { InvalidParameterError } from "../errors.ts";
import type { InclusionProof } from "../shared/piece.ts";
import type { Manifest } from "./buildManifest.ts";
import { createLeafHasher } from "./leaves.ts";

export type ProveInclusionParameters = { readonly path: string };
export type ProveInclusionReturnType = InclusionProof;

/**
 * Proves that a piece is in a manifest. The proof has about log2 of the number of pieces as hashes: 17 of 100,000. It
 * shows the piece's path, hash and size. Of other pieces it has hashes alone: somebody who has such a piece and knows
 * its path can recognise it.
 *
 * @throws {@link InvalidParameterError} for a path that is not in the manifest
 * @example
 * ```ts
 * const manifest = await buildManifest([{ path: "faces/1.png", content: bytes }]);
 * const proof = await proveInclusion(manifest, { path: "faces/1.png" });
 * ```
 */
export async function proveInclusion(
  { pieces, tree }: Manifest,
  { path }: ProveInclusionParameters,
): Promise<ProveInclusionReturnType> {
  const piece = pieces.find((one) => one.path === path);
  if (!piece) {
    throw new InvalidParameterError(
      "path",
      `is ${JSON.stringify(path)}, which is not in the manifest`,
      "Pass the path of a piece",
    );
  }
  const leafOf = await createLeafHasher();
  return { piece, proof: tree.getProof(leafOf("piece", piece)) as Hex[] };
}
