import { type Client, checkCall } from "../client.ts";
import { checkUint } from "../core/check.ts";
import { read, timeAt } from "../core/read.ts";
import { clockOf, PHASES, type SubnetPhase } from "./clock.ts";

export type GetSubnetClockParameters = { readonly subnetId: bigint };
export type GetSubnetClockReturnType = {
  /** The current epoch, counted from 1. */
  readonly epoch: bigint;
  readonly phase: SubnetPhase;
  /** End of the phase, seconds since 1970. */
  readonly endsAt: bigint;
  /** Begin of the epoch and of its four phases, and end of the epoch, seconds since 1970. */
  readonly starts: Readonly<Record<SubnetPhase, bigint>>;
  readonly epochEndsAt: bigint;
  /** Seconds until the phase ends, by the newest block. */
  readonly secondsLeft: bigint;
};

/**
 * Where a subnet's clock stands. It also runs in retired subnets.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link ContractRevertError} `SubnetNonexistent`
 * @example
 * ```ts
 * const { epoch, phase, secondsLeft } = await getSubnetClock(client, { subnetId: 1n });
 * ```
 */
export async function getSubnetClock(
  client: Client,
  parameters: GetSubnetClockParameters,
): Promise<GetSubnetClockReturnType> {
  const subnetId = checkUint("subnetId", checkCall(client, parameters).subnetId, 32);
  const [{ epoch, phase, endsAt }, { start }, { tempo }, now] = await Promise.all([
    clockOf(client, subnetId),
    read(client, "SubnetHub", "subnetOf", [subnetId]),
    read(client, "SubnetHub", "paramsOf", [subnetId]),
    timeAt(client),
  ]);
  const epochStart = start + (epoch - 1n) * tempo;
  // Rounded up, as in the contract.
  const startOf = (i: number) => epochStart + (tempo * BigInt(i) + 3n) / 4n;
  const [task, answer, score, reveal] = PHASES.map((_, i) => startOf(i)) as [bigint, bigint, bigint, bigint];
  return {
    epoch,
    phase,
    endsAt,
    starts: { task, answer, score, reveal },
    epochEndsAt: epochStart + tempo,
    secondsLeft: endsAt > now ? endsAt - now : 0n,
  };
}
