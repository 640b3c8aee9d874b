import { AbiCoder, Signature } from "ethers";
import { addressOf, type Client, checkCall, requireSigner } from "../client.ts";
import type { Address, AddressInput, Hex } from "./abi.ts";
import { checkAddress, checkUint } from "./check.ts";
import { PAYMENT_METHOD } from "./paymentMethod.ts";
import { readToken, tokenDomain } from "./token.ts";

export type SignPermitParameters = {
  /** Token with ERC-2612, such as USDC. */
  readonly token: AddressInput;
  /** Most base units for the router to take in all. */
  readonly amount: bigint;
  /** Valid until this time, seconds since 1970. */
  readonly deadline: bigint;
};
/** Bytes for `authorization` of an action with a payment. */
export type SignPermitReturnType = Hex;

const TYPES = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

/**
 * Signs an ERC-2612 permit, so the same account can pay without an earlier approval. It does no harm if someone
 * else submits it first.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter, or without a signer
 * @throws {@link NotTokenError} for a token without permits
 * @example
 * ```ts
 * const authorization = await signPermit(client, { token, amount: maxPrice, deadline });
 * await mintLicense(client, { offerId, to, units, maxPrice, authorization });
 * ```
 */
export async function signPermit(
  client: Client,
  parameters: SignPermitParameters,
): Promise<SignPermitReturnType> {
  const { token, amount, deadline } = checkCall(client, parameters);
  const signer = requireSigner(client);
  const owner = await signer.getAddress();
  const address = checkAddress("token", token);
  const [domain, nonce] = await Promise.all([
    tokenDomain(client, address),
    readToken(client, address, "nonces", [owner as Address]),
  ]);
  const value = checkUint("amount", amount, 256);
  const spender = addressOf(client, "SettlementRouter");
  const message = { owner, spender, value, nonce, deadline: checkUint("deadline", deadline, 256) };
  const { v, r, s } = Signature.from(await signer.signTypedData(domain, TYPES, message));
  return AbiCoder.defaultAbiCoder().encode(
    ["uint8", "uint256", "uint256", "uint8", "bytes32", "bytes32"],
    [PAYMENT_METHOD.Permit, value, deadline, v, r, s],
  ) as Hex;
}
