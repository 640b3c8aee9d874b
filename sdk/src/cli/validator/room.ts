import { getStake } from "../../subnets/getStake.ts";
import type { ListValidatorsReturnType } from "../../subnets/listValidators.ts";
import type { Context } from "../context.ts";
import { coins } from "../words.ts";
import type { Now } from "./seat.ts";

/** Why a stake is not enough for a slot of a full table, or undefined. Checked before any coin is staked. */
export async function roomProblem(
  { client }: Context,
  { subnetId, subnet, clock }: Now,
  validators: ListValidatorsReturnType,
  staked: bigint,
): Promise<string | undefined> {
  const { maxValidators, minValidatorStake } = subnet.params;
  if (BigInt(validators.length) < maxValidators) return undefined;
  const all = await Promise.all(
    validators.map(async ({ account, immuneUntil }) => {
      const { counted, added } = await getStake(client, { subnetId, account });
      return { held: counted + added, immuneUntil };
    }),
  );
  const replaceable = all.filter(
    ({ held, immuneUntil }) => held < minValidatorStake || immuneUntil <= clock.epoch,
  );
  const taken = `All ${maxValidators} slots of subnet ${subnetId} are taken`;
  if (replaceable.length === 0) {
    const from = least(all.map(({ immuneUntil }) => immuneUntil));
    return `${taken} by validators that cannot be replaced before epoch ${from}. Try again then.`;
  }
  const weakest = least(replaceable.map(({ held }) => held));
  if (staked > weakest) return undefined;
  return `${taken}. To replace the weakest validator, stake more than its ${coins(weakest)}: see --amount.`;
}

function least(numbers: readonly bigint[]): bigint {
  return numbers.reduce((a, b) => (a < b ? a : b));
}
