import { type Client, checkCall } from "../client.ts";
import type { Address } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { nameAt } from "../core/names.ts";
import { read } from "../core/read.ts";
import { PROGRAMME_KINDS, type ProgrammeKind } from "../shared/programme.ts";

export type GetProgrammeParameters = { readonly programmeId: bigint };
export type GetProgrammeReturnType = {
  /** Public supercomputing (research), or a champion's free AI service. */
  readonly kind: ProgrammeKind;
  /** Proposes milestones. */
  readonly steward: Address;
  /** When governance named the steward, seconds since 1970. Its milestones wait for 30 days from then on. */
  readonly stewardSince: bigint;
};

/**
 * A public-good programme.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link ContractRevertError} `ProgrammeNonexistent`
 * @example
 * ```ts
 * const { kind, steward } = await getProgramme(client, { programmeId: 1n });
 * ```
 */
export async function getProgramme(
  client: Client,
  parameters: GetProgrammeParameters,
): Promise<GetProgrammeReturnType> {
  const { programmeId } = checkCall(client, parameters);
  const programme = await read(client, "Commons", "programmeOf", [checkUint("programmeId", programmeId, 64)]);
  return { ...programme, kind: nameAt(PROGRAMME_KINDS, programme.kind) };
}
