import { parseUnits } from "ethers";
import { addressOf } from "../../client.ts";
import { read } from "../../core/read.ts";
import { approveStake } from "../../subnets/approveStake.ts";
import { registerValidator } from "../../subnets/registerValidator.ts";
import { stake as stakeAction } from "../../subnets/stake.ts";
import type { Command, Context } from "../context.ts";
import { DaoError } from "../errors.ts";
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
    "Coins count from the next epoch on. You can register in the task phase only: run stake again then. Nothing is slashed. To get coins back, unstake and withdraw after 7 days by the SDK.",
  writes: true,
  async run(context) {
    const now = await subnetNow(context);
    checkLive(now);
    const account = accountOf(context);
    const { stake: staked, seat, validators } = await seatOf(context, now, account);
    const minimum = now.subnet.params.minValidatorStake;
    const held = staked.counted + staked.added;
    const amount = amountIn(context.values) ?? (minimum > held ? minimum - held : 0n);
    if (held + amount < minimum)
      throw new DaoError(
        `Subnet ${now.subnetId} needs ${coins(minimum)} of a validator. You have ${coins(held)} there: add ${coins(minimum - held)} or more.`,
      );
    const isOpen = !seat && now.clock.phase === "task";
    const problem = isOpen ? await roomProblem(context, now, validators, held + amount) : undefined;
    if (problem) throw new DaoError(problem);
    const steps = [
      ...(amount === 0n ? [] : await stakeSteps(context, now, amount)),
      ...(isOpen ? [registerStep(context, now)] : []),
    ];
    const all = steps.length === 0 ? [] : [...runStep(context, now), ...steps];
    const where = seat ? `Validator in slot ${seat.slot} of subnet ${now.subnetId}` : undefined;
    if (all.length === 0) context.say(`${where ?? "Your stake is enough"}, with ${coins(held)} staked.`);
    const result = await take(context, all);
    if (!seat && now.clock.phase !== "task") context.say(laterText(now));
    else if (all.length > 0 && "sent" in result) context.say(doneText(now, amount));
    return result;
  },
};

/** Coins as a person writes them, in base units. */
function amountIn(values: Values): bigint | undefined {
  const given = text(values, "amount");
  if (given === undefined) return undefined;
  const plain = given.replace(/(?<=\d)[_,](?=\d{3}(\D|$))/g, "");
  if (!/^\d+(\.\d{1,8})?$/.test(plain) || Number(plain) === 0)
    throw new DaoError(`--amount needs coins with at most 8 decimals, such as 1500.5, but got "${given}".`);
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
    throw new DaoError(`${account} has ${coins(balance)}, but needs ${coins(amount)} to stake.`);
  const text = `stake ${coins(amount)} in subnet ${subnetId}: they count from epoch ${clock.epoch + 1n} on`;
  const approve = `let the subnet hub take ${coins(amount)}`;
  return [
    ...(allowance >= amount ? [] : [stepOf(context, approve, approveStake, { amount })]),
    stepOf(context, text, stakeAction, { subnetId, amount }),
  ];
}

function registerStep(context: Context, { subnetId }: Now): Step {
  return stepOf(context, `register as validator of subnet ${subnetId}`, registerValidator, { subnetId });
}

function laterText({ clock }: Now): string {
  return `You can register in the next task phase, from ${date(clock.epochEndsAt)} on: run stake again then.`;
}

function doneText({ clock }: Now, amount: bigint): string {
  const from = amount === 0n ? "" : ` The new coins count from epoch ${clock.epoch + 1n} on.`;
  return `Done.${from} Next: commit weights of this epoch before ${date(clock.starts.reveal)}.`;
}
