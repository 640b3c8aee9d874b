import { keccak256, type Signer } from "ethers";
import { addressOf, type Client, checkCall, messageSigner } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { checkHex } from "../core/check.ts";
import { SignatureNotRepeatableError } from "../errors.ts";
import { parseSignature } from "../shared/voucher.ts";

export type DeriveSaltParameters = {
  /** SHA-256 of the content, see `hashContent`. */
  readonly contentHash: Hex;
  /** @default the client's signer */
  readonly signer?: Signer;
  /** Signs twice and compares. @default true */
  readonly compare?: boolean;
};
/** 32 bytes. With the content hash, they show which commitment is to this content. */
export type DeriveSaltReturnType = Hex;

const TYPES = {
  CommitmentSalt: [
    { name: "purpose", type: "string" },
    { name: "contentHash", type: "bytes32" },
  ],
};
const PURPOSE =
  "Make the salt of the commitment to this content. Keep the signature secret until you reveal. It pays for nothing.";

/**
 * Derives a commitment's salt from a wallet's signature, so that nothing needs storing. Each content has another salt.
 * Who loses the wallet loses the earlier time, and nothing else. Sends nothing.
 *
 * Most wallets sign the same message identically (RFC 6979). For others pass 32 random bytes as `salt` to
 * `commitContent` and `revealContent`, and store them.
 *
 * @throws {@link InvalidParameterError} for a malformed hash, or without a signer
 * @throws {@link SignatureNotRepeatableError} when the wallet signed differently the second time
 * @example
 * ```ts
 * const salt = await deriveSalt(client, { contentHash });
 * ```
 */
export async function deriveSalt(
  client: Client,
  parameters: DeriveSaltParameters,
): Promise<DeriveSaltReturnType> {
  const { contentHash, signer, compare = true } = checkCall(client, parameters);
  const chosen = messageSigner(client, signer);
  const domain = {
    name: "Benefit Grid CapsuleRegistry",
    version: "1",
    chainId: client.chainId,
    verifyingContract: addressOf(client, "CapsuleRegistry"),
  };
  const message = { purpose: PURPOSE, contentHash: checkHex("contentHash", contentHash, 32) };
  const derive = async () => saltOf((await chosen.signTypedData(domain, TYPES, message)) as Hex);
  const salt = await derive();
  if (compare && (await derive()) !== salt) throw new SignatureNotRepeatableError();
  return salt;
}

/** Wallets write v of the same signature as 0 or 27. */
function saltOf(signature: Hex): Hex {
  return keccak256(parseSignature(signature)?.serialized ?? signature) as Hex;
}
