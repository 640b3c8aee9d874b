import { parseUnits } from "ethers";
import { addressOf } from "../../client.ts";
import { read } from "../../core/read.ts";
import { approveStake } from "../../subnets/approveStake.ts";
import { registerValidator } from "../../subnets/registerValidator.ts";
import { stake as stakeAction } from "../../subnets/stake.ts";
import type { Command, Context } from "../context.ts";
import { CommandError } from "../errors.ts";
import { text, type Values } from "../options.ts";
import { coins, date } from "../words.ts";
import { roomProblem } from "./room.ts";
import { accountOf, checkLive, type Now, runStep, SUBNET, seatOf, subnetNow } from "./seat.ts";
import { type Step, stepOf, take } from "./steps.ts";

export const stake: Command = {
  usage: "--subnet ID [--amount COINS]",
  about: "stakes coins and registers you as validator, after saying each step",
  takes: 0,
  options: {
    ...SUBNET,
    amount: { value: "COINS", about: "coins to add, such as 1500.5; default: what the minimum still needs" },
    "dry-run": { about: "stops after saying the steps" },
  },
  notes:
    "Coins count from the next epoch on. You can register in the task phase only: run stake again then. Nothing is slashed. A new validator's coins are bound while it is immune: status says until when. To get coins back, unstake by the SDK, and withdraw after 7 days.",
  writes: true,
  async run(context) {
    const now = await subnetNow(context);
    checkLive(now);
    const seat = await seatOf(context, now, accountOf(context));
    const amount = amountToAdd(context.values, now, seat);
    const steps = await stepsFor(context, now, seat, amount);
    if (steps.length === 0) context.say(nothingText(now, seat));
    const result = await take(context, steps);
    if (!seat.seat && now.clock.phase !== "task") context.say(laterText(now));
    else if (steps.length > 0 && "sent" in result) context.say(doneText(now, seat));
    return result;
  },
};

type Seat = Awaited<ReturnType<typeof seatOf>>;

function heldOf({ stake: { counted, added } }: Seat): bigint {
  return counted + added;
}

function amountToAdd(values: Values, { subnetId, subnet }: Now, seat: Seat): bigint {
  const minimum = subnet.params.minValidatorStake;
  const held = heldOf(seat);
  const amount = amountIn(values) ?? (minimum > held ? minimum - held : 0n);
  if (held + amount >= minimum) return amount;
  throw new CommandError(
    `Subnet ${subnetId} needs ${coins(minimum)} of a validator. You have ${coins(held)} there: add ${coins(minimum - held)} or more.`,
  );
}

/** Nothing is staked if the stake could not get a slot now. */
async function stepsFor(context: Context, now: Now, seat: Seat, amount: bigint): Promise<Step[]> {
  const registers = !seat.seat && now.clock.phase === "task";
  const total = heldOf(seat) + amount;
  const problem = registers ? await roomProblem(context, now, seat.validators, total) : undefined;
  if (problem) throw new CommandError(problem);
  const steps = [
    ...(amount === 0n ? [] : await stakeSteps(context, now, amount)),
    ...(registers ? [registerStep(context, now)] : []),
  ];
  return steps.length === 0 ? [] : [...runStep(context, now), ...steps];
}

/** Coins as a person writes them, in base units. */
function amountIn(values: Values): bigint | undefined {
  const given = text(values, "amount");
  if (given === undefined) return undefined;
  const plain = given.replace(/(?<=\d)[_,](?=\d{3}(\D|$))/g, "");
  if (!/^\d+(\.\d{1,8})?$/.test(plain) || Number(plain) === 0)
    throw new CommandError(
      `--amount needs coins with at most 8 decimals, such as 1500.5, but got "${given}".`,
    );
  return parseUnits(plain, 8);
}

async function stakeSteps(context: Context, { subnetId, clock }: Now, amount: bigint): Promise<Step[]> {
  const { client } = context;
  const account = accountOf(context);
  const [balance, allowance] = await Promise.all([
    read(client, "FoundationCoin", "balanceOf", [account]),
    read(client, "FoundationCoin", "allowance", [account, addressOf(client, "SubnetHub")]),
  ]);
  if (balance < amount)
    throw new CommandError(`${account} has ${coins(balance)}, but needs ${coins(amount)} to stake.`);
  const text = `stake ${coins(amount)} in subnet ${subnetId}: they count from epoch ${clock.epoch + 1n} on`;
  const approve = `let the subnet hub take ${coins(amount)}`;
  return [
    ...(allowance >= amount ? [] : [stepOf(context, approve, approveStake, { amount })]),
    stepOf(context, text, stakeAction, { subnetId, amount }),
  ];
}

function registerStep(context: Context, { subnetId, subnet }: Now): Step {
  const { immunity } = subnet.params;
  const epochs = immunity === 1n ? "1 epoch" : `${immunity} epochs`;
  const text = `register as validator of subnet ${subnetId}: you cannot unstake for up to ${epochs}`;
  return stepOf(context, text, registerValidator, { subnetId });
}

function nothingText({ subnetId }: Now, seat: Seat): string {
  const where = seat.seat
    ? `Validator in slot ${seat.seat.slot} of subnet ${subnetId}`
    : "Your stake is enough";
  return `${where}, with ${coins(heldOf(seat))} staked.`;
}

function laterText({ clock }: Now): string {
  return `You can register in the next task phase, from ${date(clock.epochEndsAt)} on: run stake again then.`;
}

/** Weights count only with the minimum of counted stake. */
function doneText({ subnet, clock }: Now, { stake: { counted } }: Seat): string {
  if (counted >= subnet.params.minValidatorStake)
    return `Done. Next: commit weights of this epoch before ${date(clock.starts.reveal)}.`;
  return `Done. Your weights count from epoch ${clock.epoch + 1n} on: commit them from ${date(clock.epochEndsAt)} on.`;
}
