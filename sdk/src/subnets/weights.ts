import { AbiCoder, id, keccak256, toBeHex } from "ethers";
import { addressOf, type Client } from "../client.ts";
import type { AddressInput, Hex } from "../core/abi.ts";
import { checkAddress, checkHex, checkList, checkUint } from "../core/check.ts";

/** A validator's weights with their evidence, as they are revealed. */
export type WeightsReveal = {
  readonly subnetId: bigint;
  /** From 0 to 65535, by the miners' slots, see `toWeights`. They count by their proportions. Missing ones are 0. */
  readonly weights: readonly bigint[];
  /** Hash of the evidence for the scores, see `hashEvidence`. */
  readonly evidenceHash: Hex;
  /** Address of the evidence. */
  readonly uri: string;
  /** 32 random bytes. Store them: nobody can reveal without them. */
  readonly salt: Hex;
};

/** Two bytes per miner's slot, big-endian. */
export function packWeights(weights: readonly bigint[]): Hex {
  const cells = checkList("weights", weights).map((weight, i) => checkUint(`weights[${i}]`, weight, 16));
  return `0x${cells.map((weight) => toBeHex(weight, 2).slice(2)).join("")}`;
}

export function unpackWeights(packed: Hex): bigint[] {
  return (packed.slice(2).match(/.{4}/g) ?? []).map((cell) => BigInt(`0x${cell}`));
}

type Commitment = WeightsReveal & { readonly epoch: bigint; readonly validator: AddressInput };

/** As in `commitWeights` of the hub, computed here: a node would learn the weights. */
export function weightsCommitment(client: Client, commitment: Commitment): Hex {
  const { subnetId, epoch, validator, weights, evidenceHash, uri, salt } = commitment;
  return keccak256(
    AbiCoder.defaultAbiCoder().encode(
      ["uint256", "address", "uint32", "uint32", "address", "bytes32", "bytes32", "bytes32", "bytes32"],
      [
        client.chainId,
        addressOf(client, "SubnetHub"),
        checkUint("subnetId", subnetId, 32),
        checkUint("epoch", epoch, 32, 1n),
        checkAddress("validator", validator),
        keccak256(packWeights(weights)),
        checkHex("evidenceHash", evidenceHash, 32),
        id(uri),
        checkHex("salt", salt, 32),
      ],
    ),
  ) as Hex;
}
