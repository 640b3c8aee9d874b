import { AbiCoder, concat, dataLength, hexlify, keccak256, randomBytes, Signature } from "ethers";
import { addressOf, type Client, checkCall, requireSigner } from "../client.ts";
import type { AddressInput, Hex } from "./abi.ts";
import { checkAddress, checkHex, checkUint } from "./check.ts";
import { PAYMENT_METHOD } from "./paymentMethod.ts";
import { isContract } from "./read.ts";
import { tokenDomain } from "./token.ts";

export type SignPaymentAuthorizationParameters = {
  /** Token with ERC-3009, such as USDC. */
  readonly token: AddressInput;
  /** Exactly what the action costs, base units. */
  readonly amount: bigint;
  /** The purchase: `mintLicense.purpose(parameters)`, or `purpose` of another action with a payment. */
  readonly purpose: Hex;
  /** Valid before this time, seconds since 1970. */
  readonly validBefore: bigint;
  /** Valid after this time, seconds since 1970. @default 0, at once */
  readonly validAfter?: bigint;
  /** 32 bytes, to tell authorizations of the same purpose apart. @default random */
  readonly salt?: Hex;
};
/** Bytes for `authorization` of the action. Anyone may send it; the signer pays. */
export type SignPaymentAuthorizationReturnType = Hex;

const TYPES = {
  ReceiveWithAuthorization: [
    { name: "from", type: "address" },
    { name: "to", type: "address" },
    { name: "value", type: "uint256" },
    { name: "validAfter", type: "uint256" },
    { name: "validBefore", type: "uint256" },
    { name: "nonce", type: "bytes32" },
  ],
};

/**
 * Signs an ERC-3009 authorization for one purchase. A relayer may send it and pay the gas. If the signer is a contract
 * wallet (ERC-1271), the token has to take signatures as bytes, as USDC 2.2 does.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter, or without a signer
 * @throws {@link NotTokenError} for a contract without a name
 * @example
 * ```ts
 * const order = { offerId, to: buyer, units: 1_000n, maxPrice: 25_000n };
 * const authorization = await signPaymentAuthorization(buyerClient, {
 *   token,
 *   amount: 25_000n,
 *   purpose: mintLicense.purpose(order),
 *   validBefore,
 * });
 * await mintLicense(relayerClient, { ...order, authorization });
 * ```
 */
export async function signPaymentAuthorization(
  client: Client,
  parameters: SignPaymentAuthorizationParameters,
): Promise<SignPaymentAuthorizationReturnType> {
  checkCall(client, parameters);
  const { token, amount, purpose, validBefore, validAfter = 0n, salt = randomSalt() } = parameters;
  const signer = requireSigner(client);
  const coder = AbiCoder.defaultAbiCoder();
  const binding = [checkHex("purpose", purpose, 32), checkHex("salt", salt, 32)];
  const message = {
    from: await signer.getAddress(),
    to: addressOf(client, "SettlementRouter"),
    value: checkUint("amount", amount, 128),
    validAfter: checkUint("validAfter", validAfter, 256),
    validBefore: checkUint("validBefore", validBefore, 256),
    nonce: keccak256(coder.encode(["bytes32", "bytes32"], binding)),
  };
  const domain = await tokenDomain(client, checkAddress("token", token));
  const signature = (await signer.signTypedData(domain, TYPES, message)) as Hex;
  const types = ["uint8", "address", "uint256", "uint256", "bytes32"];
  const values = [message.from, validAfter, validBefore, salt];
  if (await isContractSignature(client, message.from, signature)) {
    return concat([coder.encode(types, [PAYMENT_METHOD.AuthorizationBytes, ...values]), signature]) as Hex;
  }
  const { v, r, s } = Signature.from(signature);
  const parts = ["uint8", "bytes32", "bytes32"];
  return coder.encode([...types, ...parts], [PAYMENT_METHOD.Authorization, ...values, v, r, s]) as Hex;
}

async function isContractSignature(client: Client, account: string, signature: Hex): Promise<boolean> {
  if (dataLength(signature) !== 65) return true;
  return await isContract(client, account);
}

function randomSalt(): Hex {
  return hexlify(randomBytes(32)) as Hex;
}
