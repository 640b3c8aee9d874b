import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import type { Hex } from "../core/abi.ts";
import { checkHex } from "../core/check.ts";
import type { InclusionProof } from "../shared/piece.ts";
import { createLeafHasher } from "./leaves.ts";

export type VerifyInclusionParameters = InclusionProof & {
  /** The manifest's root. Take it from the chain: `getManifest`. */
  readonly root: Hex;
};
export type VerifyInclusionReturnType = boolean;

/**
 * Whether a piece is in the manifest with this root. `isInManifest` asks the chain instead.
 *
 * @throws {@link InvalidParameterError} for a malformed piece, root or proof
 * @example
 * ```ts
 * const manifest = await buildManifest([{ path: "faces/1.png", content: bytes }]);
 * const proof = await proveInclusion(manifest, { path: "faces/1.png" });
 * const { root } = await getManifest(client, { capsuleId, version: 1n });
 * const isIn = await verifyInclusion({ root, ...proof });
 * ```
 */
export async function verifyInclusion({
  root,
  piece,
  proof,
}: VerifyInclusionParameters): Promise<VerifyInclusionReturnType> {
  checkHex("root", root, 32);
  const hashes = proof.map((hash, i) => checkHex(`proof[${i}]`, hash, 32));
  const leafOf = await createLeafHasher();
  return SimpleMerkleTree.verify(root, leafOf("piece", piece), hashes);
}
