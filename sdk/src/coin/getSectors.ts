import { type Client, checkCall } from "../client.ts";
import { checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";
import { type GetSectorReturnType, getSector } from "./getSector.ts";

export type GetSectorsParameters = {
  /** The round. @default the current one */
  readonly round?: bigint;
};
/** All sectors set and not retired. */
export type GetSectorsReturnType = readonly ({ readonly sector: bigint } & GetSectorReturnType)[];

/**
 * Every sector's settings in a round.
 *
 * @throws {@link InvalidParameterError} for a malformed number
 * @example
 * ```ts
 * const sectors = await getSectors(client);
 * ```
 */
export async function getSectors(
  client: Client,
  parameters: GetSectorsParameters = {},
): Promise<GetSectorsReturnType> {
  checkCall(client, parameters);
  const round = checkUint(
    "round",
    parameters.round ?? (await read(client, "BenefitMine", "currentRound", [])),
    32,
  );
  const sectors = await read(client, "BenefitMine", "sectors", []);
  return await Promise.all(
    sectors.map(async (sector) => ({ sector, ...(await getSector(client, { sector, round })) })),
  );
}
