import { type Client, checkCall } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { checkHex } from "../core/check.ts";
import { read } from "../core/read.ts";
import type { Conditions } from "../shared/terms.ts";

export type GetConditionsParameters = { readonly termsId: Hex };
export type GetConditionsReturnType = Conditions;

/**
 * The enforced conditions of stored terms.
 *
 * @throws {@link ContractRevertError} `TermsNonexistent`
 * @example
 * ```ts
 * const { duration, maxUnits } = await getConditions(client, { termsId });
 * ```
 */
export async function getConditions(
  client: Client,
  parameters: GetConditionsParameters,
): Promise<GetConditionsReturnType> {
  const { termsId } = checkCall(client, parameters);
  return await read(client, "TermsRegistry", "conditionsOf", [checkHex("termsId", termsId, 32)]);
}
