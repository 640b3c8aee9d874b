import { checkAddress } from "../core/check.ts";
import { InvalidParameterError } from "../errors.ts";
import { IRREVOCABLE, type Terms } from "../shared/terms.ts";
import { bitsOf, type CodesOption, type ContextCode, GENESIS_CONTEXTS } from "./codes.ts";
import { LONGEST_DURATION, MOST_UNITS } from "./compile/limits.ts";
import type { PolicyPriceInput } from "./compile/price.ts";
import { parsePolicy } from "./parsePolicy.ts";
import { CONTEXT, MILLION_UNITS, OPERAND_OF_KIND, PROFILE } from "./profile.ts";
import type { AtomicConstraint, Duty, Policy, Rule } from "./types.ts";
import { durationOf, percentOf } from "./values.ts";

export type PolicyOptions = CodesOption & {
  /** IRI of the policy. @default "urn:benefit-grid:terms", or the preset's */
  readonly uid?: string;
  readonly title?: string;
  /** Adds the duty to pay this price. */
  readonly price?: PolicyPriceInput;
  /** Further duties of a licensee, such as `{ action: "attribute", "grid:offChain": true }`. */
  readonly duties?: readonly Duty[];
  /** Further prohibitions, such as `{ action: "distribute", "grid:offChain": true }`. */
  readonly prohibitions?: readonly Rule[];
};

/**
 * The policy that compiles to these terms, for terms that somebody registered without one. `policyHash` is not used.
 *
 * @throws {@link InvalidParameterError} for terms with a context that `codes` lacks, or a share without derivatives
 * @throws {@link PolicyError} for options that are malformed
 * @example
 * ```ts
 * const text = describePolicy(policyOf(await getConditions(client, { termsId })));
 * ```
 */
export function policyOf(terms: Terms, options: PolicyOptions = {}): Policy {
  const { uid = "urn:benefit-grid:terms", title, price, duties = [], prohibitions = [] } = options;
  const { codes = GENESIS_CONTEXTS } = options;
  checkTerms(terms, codes);
  const { derivatives = false, derivativeShareBps = 0n, transferable } = terms;
  const duty = [...(price ? [priceDuty(price)] : []), ...duties];
  const constraint = constraintsOf(terms, codes);
  const permission = [
    { action: "grid:meteredUse", ...some({ constraint }), ...some({ duty }) },
    ...(derivatives ? [{ action: "derive", ...some({ duty: shareDuties(derivativeShareBps) }) }] : []),
    ...(transferable ? [{ action: "transfer" }] : []),
  ];
  return parsePolicy({
    "@context": CONTEXT,
    "@type": "Set",
    uid,
    profile: PROFILE,
    ...(title !== undefined && { "dct:title": title }),
    permission,
    ...some({ prohibition: prohibitions }),
  });
}

/** A policy could not say these. */
function checkTerms(
  { contexts, derivatives, derivativeShareBps = 0n }: Terms,
  codes: readonly ContextCode[],
) {
  const unknown = contexts & ~bitsOf(codes);
  if (unknown !== 0n) {
    const problem = `has code ${unknown.toString(2).length - 1}, which is not among \`codes\``;
    throw new InvalidParameterError("terms.contexts", problem, "Pass the chain's contexts as `codes`");
  }
  if (!derivatives && derivativeShareBps !== 0n) {
    const problem = `is ${derivativeShareBps} without derivatives`;
    throw new InvalidParameterError("terms.derivativeShareBps", problem, "Permit them, or pass 0n");
  }
}

/** Without empty lists, which the profile does not have. */
function some(lists: Readonly<Record<string, readonly unknown[]>>): object {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
}

function constraintsOf(terms: Terms, codes: readonly ContextCode[]): AtomicConstraint[] {
  const { duration, maxUnits, revocationNotice, contexts } = terms;
  const period = (leftOperand: string, seconds: bigint) => ({
    leftOperand,
    operator: "lteq",
    rightOperand: { "@value": durationOf(seconds), "@type": "xsd:duration" },
  });
  return [
    ...Object.entries(OPERAND_OF_KIND).flatMap(([kind, leftOperand]) => {
      const all = codes.filter((code) => code.kind === kind);
      const allowed = all.filter(({ code }) => (contexts >> code) & 1n);
      if (allowed.length === all.length) return [];
      const rightOperand = allowed.map(({ name }) => ({ "@id": `grid:${name}` }));
      return [{ leftOperand, operator: "isAnyOf", rightOperand }];
    }),
    ...(duration === LONGEST_DURATION ? [] : [period("elapsedTime", duration)]),
    ...(maxUnits === MOST_UNITS
      ? []
      : [{ leftOperand: "count", operator: "lteq", rightOperand: Number(maxUnits) }]),
    ...(revocationNotice === IRREVOCABLE ? [] : [period("grid:revocationNotice", revocationNotice)]),
  ];
}

function priceDuty({ chainId, currency, pricePerMillion }: PolicyPriceInput): Duty {
  const amount = { "@value": String(pricePerMillion), "@type": "xsd:decimal" };
  return {
    action: "compensate",
    constraint: [
      {
        leftOperand: "payAmount",
        operator: "eq",
        rightOperand: amount,
        unit: `eip155:${chainId}/erc20:${checkAddress("price.currency", currency)}`,
      },
      { leftOperand: "unitOfCount", operator: "eq", rightOperand: { "@id": MILLION_UNITS } },
    ],
  };
}

function shareDuties(basisPoints: bigint): Duty[] {
  if (basisPoints === 0n) return [];
  const rightOperand = { "@value": percentOf(basisPoints), "@type": "xsd:decimal" };
  return [
    {
      action: "compensate",
      constraint: [{ leftOperand: "grid:payPercentage", operator: "eq", rightOperand }],
    },
  ];
}
