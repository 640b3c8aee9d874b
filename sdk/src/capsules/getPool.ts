import { type Client, checkCall } from "../client.ts";
import type { Address, AddressInput, Hex } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { read, readAt } from "../core/read.ts";
import { InvalidParameterError } from "../errors.ts";

export type GetPoolParameters = { readonly pool: AddressInput };
export type GetPoolReturnType = {
  /** Credits contributions. Undefined if nobody does any more. */
  readonly curator: Address | undefined;
  /** Can accept the curator's role. */
  readonly pendingCurator: Address | undefined;
  /** Keccak-256 of the policy that members consent to. */
  readonly policyHash: Hex;
  /** Sum of all members' units. */
  readonly totalUnits: bigint;
};

const NOBODY = "0x0000000000000000000000000000000000000000";

/**
 * A pool's curator, policy and units.
 *
 * @throws {@link InvalidParameterError} for a malformed address, or one that is not a pool of the deployment's factory
 * @example
 * ```ts
 * const { policyHash, totalUnits } = await getPool(client, { pool });
 * ```
 */
export async function getPool(client: Client, parameters: GetPoolParameters): Promise<GetPoolReturnType> {
  const { pool } = checkCall(client, parameters);
  const address = checkAddress("pool", pool);
  if (!(await read(client, "ContributionPoolFactory", "isPool", [address]))) {
    const problem = `is ${address}, not a pool of this deployment`;
    throw new InvalidParameterError("pool", problem, "Pass an address from `createPool`");
  }
  const [curator, pendingCurator, policyHash, totalUnits] = await Promise.all([
    readAt(client, "ContributionPool", address, "curator", []),
    readAt(client, "ContributionPool", address, "pendingCurator", []),
    readAt(client, "ContributionPool", address, "policyHash", []),
    readAt(client, "ContributionPool", address, "totalUnits", []),
  ]);
  return { curator: somebody(curator), pendingCurator: somebody(pendingCurator), policyHash, totalUnits };
}

function somebody(account: Address): Address | undefined {
  return account === NOBODY ? undefined : account;
}
