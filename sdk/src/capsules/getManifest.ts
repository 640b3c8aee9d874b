import { toBeHex } from "ethers";
import { type Client, checkCall } from "../client.ts";
import type { Address, Hex } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { type BlockRange, readLogs } from "../core/logs.ts";
import { read } from "../core/read.ts";
import { EventNotFoundError } from "../errors.ts";

export type GetManifestParameters = BlockRange & { readonly capsuleId: bigint; readonly version: bigint };
export type GetManifestReturnType = {
  readonly root: Hex;
  /** Address of the manifest's file. Empty if the list stays private. */
  readonly uri: string;
  /** The capsule's owner at that time. */
  readonly publisher: Address;
};

/**
 * The manifest of a version, from the chain and its event. `parseManifest` checks the file: its root must be this one.
 *
 * @throws {@link InvalidParameterError} for a malformed number or block range
 * @throws {@link ContractRevertError} `ManifestNonexistent`
 * @example
 * ```ts
 * const { root, uri } = await getManifest(client, { capsuleId, version: 1n });
 * ```
 */
export async function getManifest(
  client: Client,
  parameters: GetManifestParameters,
): Promise<GetManifestReturnType> {
  const { capsuleId, version, ...range } = checkCall(client, parameters);
  const id = checkUint("capsuleId", capsuleId, 64);
  const number = checkUint("version", version, 32);
  const root = await read(client, "CapsuleRegistry", "manifestOf", [id, number]);
  const indexed = [toBeHex(id, 32), toBeHex(number, 32)];
  const [log] = await readLogs(client, "CapsuleRegistry", ["ManifestPublished"], { ...range, indexed });
  if (!log) throw new EventNotFoundError("ManifestPublished", "Check the deployment's `blockNumber`");
  return { root, uri: log.args.uri, publisher: log.args.publisher };
}
