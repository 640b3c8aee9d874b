import { type Client, checkCall } from "../client.ts";
import { checkHex, checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";
import { encodePiece, type InclusionProof } from "../shared/piece.ts";

export type IsInManifestParameters = InclusionProof & {
  readonly capsuleId: bigint;
  readonly version: bigint;
};
export type IsInManifestReturnType = boolean;

/**
 * Whether a piece of data went into a capsule's version, checked by the chain against the published manifest.
 *
 * @throws {@link InvalidParameterError} for a malformed number, piece or proof
 * @throws {@link ContractRevertError} `ManifestNonexistent`
 * @example
 * ```ts
 * const manifest = await buildManifest([{ path: "faces/1.png", content: bytes }]);
 * const proof = await proveInclusion(manifest, { path: "faces/1.png" });
 * const isIn = await isInManifest(client, { capsuleId, version: 1n, ...proof });
 * ```
 */
export async function isInManifest(
  client: Client,
  parameters: IsInManifestParameters,
): Promise<IsInManifestReturnType> {
  const { capsuleId, version, piece, proof } = checkCall(client, parameters);
  return await read(client, "CapsuleRegistry", "inManifest", [
    checkUint("capsuleId", capsuleId, 64),
    checkUint("version", version, 32),
    encodePiece("piece", piece),
    proof.map((hash, i) => checkHex(`proof[${i}]`, hash, 32)),
  ]);
}
