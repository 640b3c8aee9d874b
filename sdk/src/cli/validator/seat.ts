import type { Address } from "../../core/abi.ts";
import { read } from "../../core/read.ts";
import { getStake } from "../../subnets/getStake.ts";
import { type GetSubnetReturnType, getSubnet } from "../../subnets/getSubnet.ts";
import { type GetSubnetClockReturnType, getSubnetClock } from "../../subnets/getSubnetClock.ts";
import { type ListValidatorsReturnType, listValidators } from "../../subnets/listValidators.ts";
import { runEpoch } from "../../subnets/runEpoch.ts";
import type { Context } from "../context.ts";
import { CommandError } from "../errors.ts";
import { type Options, whole } from "../options.ts";
import { type Step, stepOf } from "./steps.ts";

export const SUBNET: Options = { subnet: { value: "ID", about: "the subnet" } };

/** A subnet now. */
export type Now = {
  readonly subnetId: bigint;
  readonly subnet: GetSubnetReturnType;
  readonly clock: GetSubnetClockReturnType;
};

export async function subnetNow({ client, values }: Context): Promise<Now> {
  const subnetId = whole(values, "subnet");
  if (subnetId === 0n || subnetId > (await read(client, "SubnetHub", "lastSubnetId", []))) {
    throw new CommandError(`There is no subnet ${subnetId}. Check --subnet and the chain.`);
  }
  const [subnet, clock] = await Promise.all([
    getSubnet(client, { subnetId }),
    getSubnetClock(client, { subnetId }),
  ]);
  return { subnetId, subnet, clock };
}

/** Refuses a subnet that has ended. */
export function checkLive({ subnetId, subnet, clock }: Now): void {
  const { retiredFrom } = subnet;
  if (retiredFrom === undefined || clock.epoch < retiredFrom) return;
  throw new CommandError(`Subnet ${subnetId} was retired from epoch ${retiredFrom} on. Choose another one.`);
}

export function accountOf({ account }: Context): Address {
  if (account) return account;
  throw new CommandError("The account is unknown. Pass --from ADDRESS.");
}

/** An account's stake, and its slot if it is a validator. */
export async function seatOf({ client }: Context, { subnetId }: Now, account: Address) {
  const [stake, validators] = await Promise.all([
    getStake(client, { subnetId, account }),
    listValidators(client, { subnetId }),
  ]);
  return { stake, validators, seat: validators.find((one) => one.account === account) };
}

/** Stake of all validators whose weights count if they reveal them. An epoch with less than the minimum pays nobody. */
export function countedStake(validators: ListValidatorsReturnType, { subnet }: Now): bigint {
  const { minValidatorStake } = subnet.params;
  return validators.reduce((sum, { stake }) => (stake >= minValidatorStake ? sum + stake : sum), 0n);
}

export function notValidator(account: Address, { subnetId }: Now): CommandError {
  return new CommandError(`${account} is no validator of subnet ${subnetId}. Register it first by stake.`);
}

/** Runs an epoch before the current one, if it waits: actions that change the inputs are refused until then. */
export function runStep(context: Context, { subnetId, subnet, clock }: Now): Step[] {
  const { pendingEpoch } = subnet;
  if (pendingEpoch === undefined || pendingEpoch === clock.epoch) return [];
  return [stepOf(context, `run epoch ${pendingEpoch}, which is over and waits`, runEpoch, { subnetId })];
}
