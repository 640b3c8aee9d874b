import { type Client, checkCall } from "../client.ts";
import { checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

/** A capsule from which another was derived. */
export type Parent = {
  readonly capsuleId: bigint;
  /** The license that permitted the derivation. It may have ended since. */
  readonly licenseId: bigint;
  /** Share of the derivative's data and model revenue, basis points. */
  readonly shareBps: bigint;
};
export type GetParentsParameters = { readonly capsuleId: bigint };
export type GetParentsReturnType = readonly Parent[];

/**
 * The capsules from which a capsule was derived; none for others.
 *
 * @throws {@link ContractRevertError} `ERC721NonexistentToken`
 * @example
 * ```ts
 * for (const { capsuleId: parentId, shareBps } of await getParents(client, { capsuleId })) {
 *   console.log(`${shareBps} basis points for capsule ${parentId}`);
 * }
 * ```
 */
export async function getParents(
  client: Client,
  parameters: GetParentsParameters,
): Promise<GetParentsReturnType> {
  const { capsuleId } = checkCall(client, parameters);
  return await read(client, "CapsuleRegistry", "parentsOf", [checkUint("capsuleId", capsuleId, 64)]);
}
