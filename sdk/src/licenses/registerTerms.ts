import { AbiCoder, keccak256 } from "ethers";
import { functionOf, type Hex } from "../core/abi.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { encodeTerms, type Terms } from "../shared/terms.ts";

export type RegisterTermsParameters = Terms;
export type RegisterTermsReturnType = Sent & { readonly termsId: Hex };

/**
 * Stores license terms once. The same terms have the same id.
 *
 * @throws {@link InvalidParameterError} for terms without any permission
 * @throws {@link ContractRevertError} `TermsContextsUndefined`, `TermsDerivativesNotPermitted`,
 * `TermsDerivativeShareTooHigh`
 * @example
 * ```ts
 * const { termsId } = await registerTerms(client, {
 *   duration: 30n * 86_400n,
 *   revocationNotice: 7n * 86_400n,
 *   maxUnits: 1_000_000n,
 *   contexts: encodeContexts(["research", "education"]),
 *   transferable: true,
 * });
 * ```
 */
export const registerTerms = defineWrite({
  contract: "TermsRegistry",
  method: "register",
  args: (terms: RegisterTermsParameters) => [encodeTerms(terms)],
  // Terms stored before emit no event.
  result: (_events, terms) => ({ termsId: termsIdOf(terms) }),
});

/**
 * The id of terms, stored or not: their hash.
 *
 * @throws {@link InvalidParameterError} for terms without any permission
 * @example
 * ```ts
 * const { duration } = await getConditions(client, { termsId: termsIdOf(terms) });
 * ```
 */
export function termsIdOf(terms: Terms): Hex {
  const { inputs } = functionOf("TermsRegistry.register");
  return keccak256(AbiCoder.defaultAbiCoder().encode(inputs, [encodeTerms(terms)])) as Hex;
}
