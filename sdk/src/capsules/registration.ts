import type { Hex, Inputs } from "../core/abi.ts";
import { checkHex, checkOneOf, checkUint } from "../core/check.ts";

import { encodeShares, type Share } from "../shared/shares.ts";

/** The kind of resource behind a capsule. The chain numbers kinds in this order. */
export const KINDS = ["data", "model", "code", "compute", "agent"] as const;
export type Kind = (typeof KINDS)[number];

/** A new capsule's data. */
export type Registration = {
  readonly kind: Kind;
  /** SHA-256 of the first version's content, see `hashContent`. */
  readonly contentHash: Hex;
  /** Address of the content or its description, at most 2,048 bytes. */
  readonly uri: string;
  /** Decentralized identifier of the creator, at most 512 bytes. */
  readonly did?: string;
  /** ERC-2981 royalty of the creator on sales of the token, basis points, at most 1,000. */
  readonly royaltyBps?: bigint;
  /** The earners. A role without rows gets one for the owner. */
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
