import { AbiCoder, concat, randomBytes, toBigInt } from "ethers";
import { addressOf, type Client, checkCall, requireSigner } from "../client.ts";
import type { AddressInput, Hex } from "./abi.ts";
import { PERMIT2 } from "./approval.ts";
import { checkAddress, checkHex, checkUint } from "./check.ts";
import { PAYMENT_METHOD } from "./paymentMethod.ts";

export type SignPermit2Parameters = {
  /** Any ERC-20 token that the account approved for Permit2, see `approvePermit2`. */
  readonly token: AddressInput;
  /** Exactly what the action costs, base units. */
  readonly amount: bigint;
  /** The purchase: `mintLicense.purpose(parameters)`, or `purpose` of another action with a payment. */
  readonly purpose: Hex;
  /** Valid until this time, seconds since 1970. */
  readonly deadline: bigint;
  /** Counts once for each account. @default random */
  readonly nonce?: bigint;
};
/** Bytes for `authorization` of the action. Anyone may send it; the signer pays. */
export type SignPermit2ReturnType = Hex;

const TYPES = {
  PermitWitnessTransferFrom: [
    { name: "permitted", type: "TokenPermissions" },
    { name: "spender", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
    { name: "purpose", type: "bytes32" },
  ],
  TokenPermissions: [
    { name: "token", type: "address" },
    { name: "amount", type: "uint256" },
  ],
};

/**
 * Signs a Permit2 transfer for one purchase. For tokens without permit or ERC-3009, and for contract wallets (ERC-1271).
 * A relayer may send it and pay the gas.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter, or without a signer
 * @example
 * ```ts
 * const order = { offerId, to: buyer, units: 1_000n, maxPrice: 25_000n };
 * await approvePermit2(buyerClient, { token, amount: 25_000n });
 * const authorization = await signPermit2(buyerClient, {
 *   token,
 *   amount: 25_000n,
 *   purpose: mintLicense.purpose(order),
 *   deadline,
 * });
 * await mintLicense(relayerClient, { ...order, authorization });
 * ```
 */
export async function signPermit2(
  client: Client,
  parameters: SignPermit2Parameters,
): Promise<SignPermit2ReturnType> {
  const {
    token,
    amount,
    purpose,
    deadline,
    nonce = toBigInt(randomBytes(32)),
  } = checkCall(client, parameters);
  const signer = requireSigner(client);
  const message = {
    permitted: { token: checkAddress("token", token), amount: checkUint("amount", amount, 128) },
    spender: addressOf(client, "SettlementRouter"),
    nonce: checkUint("nonce", nonce, 256),
    deadline: checkUint("deadline", deadline, 256),
    purpose: checkHex("purpose", purpose, 32),
  };
  const domain = { name: "Permit2", chainId: client.chainId, verifyingContract: PERMIT2 };
  const signature = await signer.signTypedData(domain, TYPES, message);
  const head = AbiCoder.defaultAbiCoder().encode(
    ["uint8", "address", "uint256", "uint256"],
    [PAYMENT_METHOD.Permit2, await signer.getAddress(), nonce, deadline],
  );
  return concat([head, signature]) as Hex;
}
