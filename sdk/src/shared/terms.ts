import { ZeroHash } from "ethers";
import type { Hex, Inputs } from "../core/abi.ts";
import { checkHex, checkUint } from "../core/check.ts";

/** The revocation notice of irrevocable terms. */
export const IRREVOCABLE = 2n ** 40n - 1n;

/** The enforced part of license terms. */
export type Conditions = {
  /** Duration of a license in seconds, above 0. */
  readonly duration: bigint;
  /** Seconds between a revocation and the end of service, or {@link IRREVOCABLE}. */
  readonly revocationNotice: bigint;
  /** Most units of one license in one term, above 0, below 2^48. Unused units stay valid in later terms. */
  readonly maxUnits: bigint;
  /** Allowed contexts, one bit each, see `encodeContexts`. Not empty. */
  readonly contexts: bigint;
  /** Whether a holder may transfer the license. */
  readonly transferable: boolean;
};

export type Terms = Conditions & {
  /** Hash of the license text. */
  readonly policyHash?: Hex;
};

export function encodeTerms(terms: Terms): Inputs<"TermsRegistry", "register">[0] {
  const {
    duration,
    revocationNotice,
    maxUnits,
    contexts,
    transferable,
    policyHash = ZeroHash as Hex,
  } = terms;
  return {
    conditions: {
      duration: checkUint("duration", duration, 40, 1n),
      revocationNotice: checkUint("revocationNotice", revocationNotice, 40),
      maxUnits: checkUint("maxUnits", maxUnits, 48, 1n),
      contexts: checkUint("contexts", contexts, 32, 1n),
      transferable,
    },
    policyHash: checkHex("policyHash", policyHash, 32),
  };
}
