import { ZeroHash } from "ethers";
import type { Hex, Inputs } from "../core/abi.ts";
import { checkHex, checkUint } from "../core/check.ts";

/** The revocation notice of terms that the capsule's owner can never revoke. */
export const IRREVOCABLE = 2n ** 40n - 1n;

/** What is enforced of license terms. */
export type Conditions = {
  /** How long a license lasts, seconds, above 0. */
  readonly duration: bigint;
  /** Seconds between a revocation and the end of service, or {@link IRREVOCABLE}. */
  readonly revocationNotice: bigint;
  /** How often: most units that one license may ever be prepaid for, above 0. */
  readonly maxUnits: bigint;
  /** In what contexts, one bit each, see `encodeContexts`; not empty. */
  readonly contexts: bigint;
  /** Whether a holder may transfer the license. */
  readonly transferable: boolean;
};

export type Terms = Conditions & {
  /** Hash of the license text that says the same. */
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
      maxUnits: checkUint("maxUnits", maxUnits, 64, 1n),
      contexts: checkUint("contexts", contexts, 32, 1n),
      transferable,
    },
    policyHash: checkHex("policyHash", policyHash, 32),
  };
}
