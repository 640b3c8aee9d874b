import type { Signer, TypedDataField } from "ethers";
import { type Client, messageSigner, requireSigner } from "../client.ts";
import type { Address, AddressInput, Hex } from "../core/abi.ts";
import { checkAddress, checkHex, checkObject, checkUint } from "../core/check.ts";
import { readAt } from "../core/read.ts";

/** A member's signed consent, or its signed revocation. It counts once. */
export type PoolConsent = {
  readonly member: AddressInput;
  /** Last second of its validity, seconds since 1970. */
  readonly deadline: bigint;
  /** EIP-712 signature by the member's key, or for its contract wallet. */
  readonly signature: Hex;
};

export type PoolSigning = {
  readonly pool: AddressInput;
  /** Last second of the signature's validity, seconds since 1970. */
  readonly deadline: bigint;
  /** Signs. @default the client's signer */
  readonly signer?: Signer;
  /** A contract wallet that the signer signs for. @default the signer's account */
  readonly member?: AddressInput;
};

/** Signs by EIP-712 for a pool, with the member's next nonce. */
export async function signForPool(
  client: Client,
  { pool, deadline, signer: given, member }: PoolSigning,
  types: Record<string, TypedDataField[]>,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<PoolConsent> {
  const signer = given ? messageSigner(client, given) : requireSigner(client);
  const verifyingContract: Address = checkAddress("pool", pool);
  const account = checkAddress("member", member ?? (await signer.getAddress()));
  const { changes: nonce } = await readAt(client, "ContributionPool", verifyingContract, "memberOf", [
    account,
  ]);
  const message = { member: account, nonce, deadline: checkUint("deadline", deadline, 256), ...fields };
  const name = "Benefit Grid ContributionPool";
  const domain = { name, version: "1", chainId: client.chainId, verifyingContract };
  return {
    member: account,
    deadline,
    signature: (await signer.signTypedData(domain, types, message)) as Hex,
  };
}

/** A consent as the contract's arguments. */
export function encodeConsent(consent: PoolConsent): readonly [Address, bigint, Hex] {
  const { member, deadline, signature } = checkObject("consent", consent);
  return [
    checkAddress("consent.member", member),
    checkUint("consent.deadline", deadline, 256),
    checkHex("consent.signature", signature),
  ];
}
