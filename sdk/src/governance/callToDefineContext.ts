import { addressOf, type Client, checkCall } from "../client.ts";
import { checkOneOf } from "../core/check.ts";
import { InvalidParameterError } from "../errors.ts";
import { CONTEXT_KIND_NAMES, type ContextKind } from "../shared/context.ts";
import { type ReadyCall, readyCall } from "./calls.ts";

export type CallToDefineContextParameters = {
  readonly kind: ContextKind;
  /** 1 to 31 characters of a to z, 0 to 9 and the hyphen, unique among all kinds. */
  readonly name: string;
};
export type CallToDefineContextReturnType = ReadyCall;

/**
 * Builds a call to give a context of use the next code, for a proposal. Permanent, and there are 32 codes.
 *
 * @throws {@link InvalidParameterError} for an unknown kind or a malformed name
 * @example
 * ```ts
 * const call = callToDefineContext(client, { kind: "sector", name: "law" });
 * ```
 */
export function callToDefineContext(
  client: Client,
  parameters: CallToDefineContextParameters,
): CallToDefineContextReturnType {
  const { kind, name } = checkCall(client, parameters);
  const kindNumber = checkOneOf("kind", kind, CONTEXT_KIND_NAMES);
  if (!/^[a-z0-9-]{1,31}$/.test(name)) {
    const advice = "Pass 1 to 31 characters of a to z, 0 to 9 and the hyphen";
    throw new InvalidParameterError("name", `is ${JSON.stringify(name)}, not a context's name`, advice);
  }
  const summary = `Define the ${kind} ${name} as a context of use, permanently`;
  return readyCall(
    addressOf(client, "TermsRegistry"),
    "TermsRegistry",
    "defineContext",
    [kindNumber, name],
    summary,
  );
}
