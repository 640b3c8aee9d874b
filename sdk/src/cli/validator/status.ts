import { toBeHex } from "ethers";
import type { Address } from "../../core/abi.ts";
import { addressTopic, readLogs } from "../../core/logs.ts";
import type { SubnetPhase } from "../../subnets/clock.ts";
import { getEpochRecord } from "../../subnets/getEpochRecord.ts";
import { getRewards } from "../../subnets/getRewards.ts";
import type { Command, Context } from "../context.ts";
import { describeTokens } from "../tokens.ts";
import { coins, date, duration, percent, tokenAmount } from "../words.ts";
import { countedStake, type Now, SUBNET, seatOf, subnetNow } from "./seat.ts";

export const status: Command = {
  usage: "--subnet ID",
  about: "shows the epoch, your stake, slot, commitment and pay, and what to do next; you are --from",
  takes: 0,
  options: SUBNET,
  writes: false,
  async run(context) {
    const now = await subnetNow(context);
    context.say(...subnetText(now));
    const { account } = context;
    if (!account) return now;
    const own = await ownState(context, now, account);
    context.say(...(await ownText(context, now, account, own)));
    return { ...now, account, ...own };
  },
};

const HAPPENS: Readonly<Record<SubnetPhase, string>> = {
  task: "validators and miners register, and validators commit test sets",
  answer: "miners commit answers",
  score: "test sets and answers are revealed, and validators score them",
  reveal: "validators reveal their weights",
};

function subnetText({ subnetId, subnet, clock }: Now): string[] {
  const { epoch, phase, endsAt, secondsLeft, epochEndsAt } = clock;
  const { kind, retiredFrom, pendingEpoch } = subnet;
  return [
    `Subnet ${subnetId}, ${kind === "open" ? "open to every miner" : `of the champions of sector ${subnet.sector}`}`,
    `Epoch       ${epoch}, until ${date(epochEndsAt)}`,
    `Phase       ${phase}: ${HAPPENS[phase]}. It ends in ${duration(secondsLeft)}, at ${date(endsAt)}.`,
    ...(retiredFrom === undefined ? [] : [`Retired     from epoch ${retiredFrom} on`]),
    ...(pendingEpoch === undefined || pendingEpoch === epoch
      ? []
      : [`Waiting     epoch ${pendingEpoch} is over: anyone can run it, and reveal does`]),
  ];
}

type Own = Awaited<ReturnType<typeof ownState>>;

async function ownState(context: Context, now: Now, account: Address) {
  const { client, search } = context;
  const { subnetId, subnet, clock } = now;
  const [{ stake, seat, validators }, commitments, rewards, record] = await Promise.all([
    seatOf(context, now, account),
    readLogs(client, "SubnetHub", ["WeightsCommitted"], {
      ...search,
      indexed: [toBeHex(subnetId, 32), toBeHex(clock.epoch, 32), addressTopic(account)],
    }),
    getRewards(client, { subnetId, account, ...search }),
    subnet.lastEpoch === undefined
      ? undefined
      : getEpochRecord(client, { subnetId, epoch: subnet.lastEpoch }),
  ]);
  const lastShare = record?.shares.find((one) => one.role === "validator" && one.account === account);
  return {
    stake,
    slot: seat?.slot,
    immuneUntil: seat?.immuneUntil,
    validators: validators.length,
    countedStake: countedStake(validators, now),
    hasCommitted: commitments.length > 0,
    hasRevealed: seat?.revealedAt === clock.epoch,
    lastShare: lastShare?.share,
    unclaimed: rewards.filter(({ isClaimed, amount }) => !isClaimed && amount > 0n),
  };
}

async function ownText({ client }: Context, now: Now, account: Address, own: Own): Promise<string[]> {
  const { stake, slot, validators, unclaimed } = own;
  const { subnet, clock } = now;
  const { minValidatorStake, minTotalStake, maxValidators } = subnet.params;
  const tokens = await describeTokens(
    client,
    unclaimed.map(({ token }) => token),
  );
  const added = stake.added === 0n ? "" : `, ${coins(stake.added)} more from epoch ${clock.epoch + 1n} on`;
  const back =
    stake.withdrawableAt === undefined ? [] : [unstakingText(stake.unstaking, stake.withdrawableAt)];
  return [
    "",
    `You, ${account}`,
    `Stake       ${coins(stake.counted)} count${added}; a validator needs ${coins(minValidatorStake)}`,
    `All stakes  ${coins(own.countedStake)} count; an epoch pays only if ${coins(minTotalStake)} or more reveal weights`,
    ...boundText(now, own),
    ...back,
    `Slot        ${slot === undefined ? `none: ${validators} of ${maxValidators} are taken` : slot}`,
    `Weights     ${weightsText(own, clock.epoch)}`,
    `Last pay    ${lastText(own, subnet.lastEpoch)}`,
    ...(unclaimed.length === 0
      ? ["Unclaimed   nothing"]
      : unclaimed.map(
          ({ token, amount, epoch, role }) =>
            `Unclaimed   ${tokenAmount(amount, token, tokens)} (${token}) as ${role} in epoch ${epoch}`,
        )),
    "",
    `Next: ${nextText(now, own)}`,
  ];
}

/** Until when a validator cannot unstake. */
function boundText({ subnet, clock }: Now, { immuneUntil }: Own): string[] {
  const { retiredFrom, params } = subnet;
  if (immuneUntil === undefined) return [];
  const until = retiredFrom !== undefined && retiredFrom < immuneUntil ? retiredFrom : immuneUntil;
  if (until <= clock.epoch) return [];
  const at = clock.epochEndsAt + (until - clock.epoch - 1n) * params.tempo;
  return [`Bound       until epoch ${until} begins, at ${date(at)}: you cannot unstake before`];
}

function unstakingText(amount: bigint, at: bigint): string {
  return `Unstaking   ${coins(amount)}, withdrawable from ${date(at)} on`;
}

function weightsText({ hasCommitted, hasRevealed }: Own, epoch: bigint): string {
  if (hasRevealed) return `revealed in epoch ${epoch}`;
  return hasCommitted ? `committed in epoch ${epoch}, not revealed yet` : `none in epoch ${epoch}`;
}

function lastText({ lastShare }: Own, lastEpoch: bigint | undefined): string {
  if (lastEpoch === undefined) return "no epoch was run yet";
  if (lastShare === undefined) return `you were no validator in epoch ${lastEpoch}`;
  return `${percent(lastShare, 2n ** 32n)} % of each pot of epoch ${lastEpoch}, as validator`;
}

function nextText({ subnet, clock }: Now, own: Own): string {
  const { slot, stake, hasCommitted, hasRevealed } = own;
  const { phase, epoch, starts, epochEndsAt } = clock;
  const { retiredFrom, params } = subnet;
  if (retiredFrom !== undefined && epoch >= retiredFrom) return "the subnet is retired: unstake your coins.";
  if (slot === undefined)
    return phase === "task" ? "stake, to register." : `stake, to register from ${date(epochEndsAt)} on.`;
  if (stake.counted + stake.added < params.minValidatorStake)
    return "stake more, or your weights do not count.";
  if (stake.counted < params.minValidatorStake)
    return `commit from ${date(epochEndsAt)} on. Your stake counts from then on.`;
  if (hasRevealed) return `wait until ${date(epochEndsAt)}. Then epoch ${epoch} can be run.`;
  if (phase === "reveal")
    return hasCommitted ? `reveal before ${date(epochEndsAt)}.` : `commit from ${date(epochEndsAt)} on.`;
  return hasCommitted ? `reveal from ${date(starts.reveal)} on.` : `commit before ${date(starts.reveal)}.`;
}
