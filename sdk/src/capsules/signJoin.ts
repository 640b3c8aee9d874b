import { type Client, checkCall } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { checkHex } from "../core/check.ts";
import { type PoolConsent, type PoolSigning, signForPool } from "./poolConsent.ts";

export type SignJoinParameters = PoolSigning & {
  /** Keccak-256 of the policy that the member read. */
  readonly policyHash: Hex;
};
export type SignJoinReturnType = PoolConsent;

const TYPES = {
  Join: [
    { name: "member", type: "address" },
    { name: "policyHash", type: "bytes32" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

/**
 * Signs a member's consent to a pool's policy. Anyone submits it by `joinPoolFor`, so the member needs no money for
 * gas. Sends nothing.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter, or without a signer
 * @example
 * ```ts
 * const consent = await signJoin(client, { pool, policyHash, deadline });
 * ```
 */
export async function signJoin(client: Client, parameters: SignJoinParameters): Promise<SignJoinReturnType> {
  const { policyHash, ...signing } = checkCall(client, parameters);
  return await signForPool(client, signing, TYPES, { policyHash: checkHex("policyHash", policyHash, 32) });
}
