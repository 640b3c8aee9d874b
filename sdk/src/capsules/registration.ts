import type { Hex, Inputs } from "../core/abi.ts";
import { checkHex, checkOneOf, checkUint } from "../core/check.ts";

import { encodeShares, type Share } from "../shared/shares.ts";

/** What a capsule stands for. The chain numbers kinds in this order. */
export const KINDS = ["data", "model", "code", "compute", "agent"] as const;
export type Kind = (typeof KINDS)[number];

/** Everything that a new capsule starts with. */
export type Registration = {
  readonly kind: Kind;
  /** SHA-256 of the first version's content, see `hashContent`. */
  readonly contentHash: Hex;
  /** Where the content or its description is, at most 2,048 bytes. */
  readonly uri: string;
  /** Decentralized identifier of the creator, at most 512 bytes. */
  readonly did?: string;
  /** ERC-2981 royalty of the creator on sales of the token, basis points, at most 1,000. */
  readonly royaltyBps?: bigint;
  /** Who earns; a role without rows gets one of the owner. */
  readonly shares?: readonly Share[];
};

export function encodeRegistration(registration: Registration): Inputs<"CapsuleRegistry", "register">[1] {
  const { kind, contentHash, uri, did = "", royaltyBps = 0n, shares = [] } = registration;
  return {
    kind: checkOneOf("kind", kind, KINDS),
    royaltyBps: checkUint("royaltyBps", royaltyBps, 16),
    contentHash: checkHex("contentHash", contentHash, 32),
    uri,
    did,
    shares: encodeShares("shares", shares),
  };
}
