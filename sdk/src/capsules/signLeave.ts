import { type Client, checkCall } from "../client.ts";
import { type PoolConsent, type PoolSigning, signForPool } from "./poolConsent.ts";

export type SignLeaveParameters = PoolSigning;
export type SignLeaveReturnType = PoolConsent;

const TYPES = {
  Leave: [
    { name: "member", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

/**
 * Signs a member's revocation. Anyone submits it by `leavePoolFor`. Sends nothing.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter, or without a signer
 * @example
 * ```ts
 * const consent = await signLeave(client, { pool, deadline });
 * await leavePoolFor(relayerClient, { pool, consent });
 * ```
 */
export async function signLeave(
  client: Client,
  parameters: SignLeaveParameters,
): Promise<SignLeaveReturnType> {
  checkCall(client, parameters);
  return await signForPool(client, parameters, TYPES);
}
