import { AbiCoder, keccak256 } from "ethers";
import { addressOf, type Client, requireSigner } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { checkHex, checkUint } from "../core/check.ts";
import { clockOf } from "./clock.ts";

/** Content of a round that stays secret until it is revealed. */
export type SecretContent = {
  readonly subnetId: bigint;
  /** SHA-256 of the content, see `hashContent`. For a submission, its `hashSubmission`. */
  readonly contentHash: Hex;
  /** 32 random bytes. Needed again to reveal. */
  readonly salt: Hex;
  /** @default the current epoch */
  readonly epoch?: bigint;
};

/** Content of a round with its location. */
export type RevealedContent = Omit<SecretContent, "epoch"> & {
  /** Address of the content. */
  readonly uri: string;
};

/** The hash of the client's content, as in the hub: a node would learn the content hash. */
export async function roundCommitment(client: Client, content: SecretContent): Promise<Hex> {
  const { contentHash, salt, epoch } = content;
  const subnetId = checkUint("subnetId", content.subnetId, 32);
  const values = [checkHex("contentHash", contentHash, 32), checkHex("salt", salt, 32)];
  const account = await requireSigner(client).getAddress();
  const current = epoch ?? (await clockOf(client, subnetId)).epoch;
  return keccak256(
    AbiCoder.defaultAbiCoder().encode(
      ["uint256", "address", "uint32", "uint32", "address", "bytes32", "bytes32"],
      [
        client.chainId,
        addressOf(client, "SubnetHub"),
        subnetId,
        checkUint("epoch", current, 32, 1n),
        account,
        ...values,
      ],
    ),
  ) as Hex;
}

/** Arguments of a reveal. */
export function revealArguments({ subnetId, contentHash, uri, salt }: RevealedContent) {
  return [
    checkUint("subnetId", subnetId, 32),
    checkHex("contentHash", contentHash, 32),
    uri,
    checkHex("salt", salt, 32),
  ] as const;
}
