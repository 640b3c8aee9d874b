import { checkUint } from "../core/check.ts";
import { InvalidParameterError } from "../errors.ts";
import { CONTEXTS, type Context, encodeContexts } from "../licenses/contexts.ts";
import { IRREVOCABLE } from "../shared/terms.ts";
import { LONGEST_DURATION, MOST_UNITS } from "./compile/limits.ts";
import type { PolicyPriceInput } from "./compile/price.ts";
import { type PolicyOptions, policyOf } from "./policyOf.ts";
import type { Policy } from "./types.ts";

const DAY = 86_400n;
const EVERYWHERE = encodeContexts(Object.keys(CONTEXTS) as Context[]);
const PURPOSES = ["research", "commercial", "training", "inference", "evaluation"] as const;

export type PresetParameters = Omit<PolicyOptions, "codes"> & {
  /** Seconds of a term. @default no limit, or 30 days for a subscription */
  readonly duration?: bigint;
  /** Most units to buy in one term. @default no limit */
  readonly maxUnits?: bigint;
  /** Seconds from a revocation to the end of service. @default irrevocable */
  readonly revocationNotice?: bigint;
};

type Preset = {
  readonly title: string;
  readonly purposes?: readonly (typeof PURPOSES)[number][];
  readonly derivatives?: boolean;
  readonly derivativeShareBps?: bigint;
  readonly transferable?: boolean;
};

function preset(name: string, { title, purposes, ...rights }: Preset, parameters: PresetParameters): Policy {
  const {
    duration = LONGEST_DURATION,
    maxUnits = MOST_UNITS,
    revocationNotice = IRREVOCABLE,
    ...options
  } = parameters;
  const refused = purposes ? PURPOSES.filter((purpose) => !purposes.includes(purpose)) : [];
  const contexts = EVERYWHERE & ~encodeContexts(refused);
  const terms = { duration, maxUnits, revocationNotice, contexts, transferable: false, ...rights };
  return policyOf(terms, { uid: `urn:benefit-grid:preset:${name}`, title, ...options });
}

/**
 * Open: use for anything, derive, transfer, permanently. The licensor cannot revoke.
 *
 * @example
 * ```ts
 * const { terms } = compilePolicy(openIrrevocable());
 * ```
 */
export function openIrrevocable(parameters: Omit<PresetParameters, "revocationNotice"> = {}): Policy {
  const rights = { title: "Open license, irrevocable", derivatives: true, transferable: true };
  return preset("open", rights, { ...parameters, revocationNotice: IRREVOCABLE });
}

/**
 * Use for research and evaluation.
 *
 * @example
 * ```ts
 * const policy = researchOnly({ duration: 365n * 86_400n });
 * ```
 */
export function researchOnly(parameters: PresetParameters = {}): Policy {
  return preset("research", { title: "Research license", purposes: ["research", "evaluation"] }, parameters);
}

/**
 * Use for everything, paid for each unit. The license can be sold.
 *
 * @throws {@link InvalidParameterError} without a price
 * @example
 * ```ts
 * const price = { chainId: client.chainId, currency, pricePerMillion: 2_500_000n };
 * const policy = commercialPerUnit({ price });
 * ```
 */
export function commercialPerUnit(
  parameters: PresetParameters & { readonly price: PolicyPriceInput },
): Policy {
  if (!parameters.price) {
    throw new InvalidParameterError("price", "is missing", "Pass chain, currency and price");
  }
  return preset("commercial", { title: "Commercial license, paid by unit", transferable: true }, parameters);
}

/**
 * Terms of 30 days with a maximum of units each, which the holder renews. The licensor may revoke with a term's notice.
 *
 * @throws {@link InvalidParameterError} without a maximum of units
 * @example
 * ```ts
 * const policy = subscription({ maxUnits: 1_000_000n });
 * ```
 */
export function subscription(parameters: PresetParameters & { readonly maxUnits: bigint }): Policy {
  const { duration = 30n * DAY, maxUnits } = parameters;
  checkUint("maxUnits", maxUnits, 48, 1n);
  const rights = { title: "Subscription", transferable: true };
  return preset("subscription", rights, { revocationNotice: duration, ...parameters, duration });
}

/**
 * Use for training and nothing else. No derivatives on chain: a model's lineage needs {@link deriveWithShare}.
 *
 * @example
 * ```ts
 * const policy = trainOnly({ maxUnits: 50_000_000n });
 * ```
 */
export function trainOnly(parameters: PresetParameters = {}): Policy {
  return preset("training", { title: "Training license", purposes: ["training"] }, parameters);
}

/**
 * Use for everything, and derivatives for a share of their data and model revenue.
 *
 * @throws {@link InvalidParameterError} without a share
 * @example
 * ```ts
 * const policy = deriveWithShare({ shareBps: 1_000n }); // 10 %
 * ```
 */
export function deriveWithShare(parameters: PresetParameters & { readonly shareBps: bigint }): Policy {
  const { shareBps, ...others } = parameters;
  checkUint("shareBps", shareBps, 16, 1n);
  const rights = { title: "License to derive, for a share", derivatives: true, derivativeShareBps: shareBps };
  return preset("derive", rights, others);
}
