import { ZeroHash } from "ethers";
import type { Hex, Inputs } from "../core/abi.ts";
import { checkBoolean, checkHex, checkObject, checkUint } from "../core/check.ts";

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
  /** Share of a derivative's data and model revenue for the licensed capsule, basis points, at most 5,000. */
  readonly derivativeShareBps: bigint;
  /** Whether a holder may transfer the license. */
  readonly transferable: boolean;
  /** Whether a holder may register derivatives, see `registerDerivative`. */
  readonly derivatives: boolean;
};

export type Terms = Omit<Conditions, "derivativeShareBps" | "derivatives"> & {
  /** Whether a holder may register derivatives, see `registerDerivative`. @default false */
  readonly derivatives?: boolean;
  /**
   * Share of a derivative's data and model revenue for the licensed capsule, basis points, at most 5,000. Above 0 only
   * if derivatives are permitted.
   *
   * @default 0
   */
  readonly derivativeShareBps?: bigint;
  /** Hash of the license text. */
  readonly policyHash?: Hex;
};

export function encodeTerms(terms: Terms): Inputs<"TermsRegistry", "register">[0] {
  const {
    duration,
    revocationNotice,
    maxUnits,
    contexts,
    derivativeShareBps = 0n,
    transferable,
    derivatives = false,
    policyHash = ZeroHash as Hex,
  } = checkObject("terms", terms);
  return {
    conditions: {
      duration: checkUint("duration", duration, 40, 1n),
      revocationNotice: checkUint("revocationNotice", revocationNotice, 40),
      maxUnits: checkUint("maxUnits", maxUnits, 48, 1n),
      contexts: checkUint("contexts", contexts, 32, 1n),
      derivativeShareBps: checkUint("derivativeShareBps", derivativeShareBps, 16),
      transferable: checkBoolean("transferable", transferable),
      derivatives: checkBoolean("derivatives", derivatives),
    },
    policyHash: checkHex("policyHash", policyHash, 32),
  };
}
