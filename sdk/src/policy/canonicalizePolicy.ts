import canonicalize from "canonicalize";
import { keccak256, toUtf8Bytes } from "ethers";
import type { Hex } from "../core/abi.ts";
import { parsePolicy } from "./parsePolicy.ts";
import type { Policy } from "./types.ts";

/**
 * A policy's canonical JSON (RFC 8785): the same policy has the same text, whatever its spaces and order of members.
 *
 * @throws {@link PolicyError} if it is malformed
 * @example
 * ```ts
 * const text = canonicalizePolicy(openIrrevocable());
 * ```
 */
export function canonicalizePolicy(policy: Policy): string {
  return canonicalize(parsePolicy(policy)) as string;
}

/**
 * A policy's hash on chain (`policyHash` of terms): keccak256 of its canonical UTF-8 text.
 *
 * @throws {@link PolicyError} if it is malformed
 * @example
 * ```ts
 * const isTheirs = hashPolicy(researchOnly()) === terms.policyHash;
 * ```
 */
export function hashPolicy(policy: Policy): Hex {
  return keccak256(toUtf8Bytes(canonicalizePolicy(policy))) as Hex;
}
