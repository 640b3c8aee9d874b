import type { Hex } from "../core/abi.ts";
import { checkHex, checkUint } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type PublishManifestParameters = {
  readonly capsuleId: bigint;
  /** The version that the pieces went into. */
  readonly version: bigint;
  /** The manifest's root, by `buildManifest` of `@benefit-grid/sdk/manifests`. */
  readonly root: Hex;
  /** Address of the manifest's file. May be empty if the list stays private. */
  readonly uri: string;
};
export type PublishManifestReturnType = Sent;

/**
 * Publishes the manifest of a version, once: the root over every piece of data that went into it. Nobody can change it.
 * The chain cannot check that it is complete: you say so.
 *
 * @throws {@link InvalidParameterError} for a malformed number or root
 * @throws {@link ContractRevertError} `CallerNotCapsuleOwner`, `VersionNonexistent`, `ManifestRootZero`, `ManifestExists`
 * @example
 * ```ts
 * const { root } = await buildManifest([{ path: "faces/1.png", content: bytes }]);
 * await publishManifest(client, { capsuleId, version: 1n, root, uri: "ipfs://manifest" });
 * ```
 */
export const publishManifest = defineWrite({
  contract: "CapsuleRegistry",
  method: "publishManifest",
  args: ({ capsuleId, version, root, uri }: PublishManifestParameters) => [
    checkUint("capsuleId", capsuleId, 64),
    checkUint("version", version, 32),
    checkHex("root", root, 32),
    uri,
  ],
  result: () => ({}),
});
