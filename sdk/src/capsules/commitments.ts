import { AbiCoder, keccak256 } from "ethers";
import { addressOf, type Client } from "../client.ts";
import type { AddressInput, Hex } from "../core/abi.ts";
import { checkAddress, checkHex } from "../core/check.ts";

type Commitment = { readonly owner: AddressInput; readonly contentHash: Hex; readonly salt: Hex };

/** As the registry's `commitmentOf`, computed here: a node would learn the content hash. */
export function commitmentOf(client: Client, { owner, contentHash, salt }: Commitment): Hex {
  const encoded = AbiCoder.defaultAbiCoder().encode(
    ["uint256", "address", "address", "bytes32", "bytes32"],
    [
      client.chainId,
      addressOf(client, "CapsuleRegistry"),
      checkAddress("owner", owner),
      checkHex("contentHash", contentHash, 32),
      checkHex("salt", salt, 32),
    ],
  );
  return keccak256(encoded) as Hex;
}
