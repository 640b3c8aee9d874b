import { type Client, checkCall } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetVersionParameters = { readonly capsuleId: bigint; readonly version: bigint };
export type GetVersionReturnType = {
  /** SHA-256 of the content. */
  readonly contentHash: Hex;
  readonly uri: string;
};

/**
 * One version of a capsule's content.
 *
 * @throws {@link ContractRevertError} `VersionNonexistent`
 * @example
 * ```ts
 * const { contentHash, uri } = await getVersion(client, { capsuleId, version: 1n });
 * ```
 */
export async function getVersion(
  client: Client,
  parameters: GetVersionParameters,
): Promise<GetVersionReturnType> {
  const { capsuleId, version } = checkCall(client, parameters);
  return await read(client, "CapsuleRegistry", "versionOf", [
    checkUint("capsuleId", capsuleId, 64),
    checkUint("version", version, 32),
  ]);
}
