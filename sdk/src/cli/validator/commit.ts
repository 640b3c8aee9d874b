import { ZeroHash } from "ethers";
import { read } from "../../core/read.ts";
import { commitWeights } from "../../subnets/commitWeights.ts";
import { packWeights } from "../../subnets/weights.ts";
import { argument, type Command, type Context, send } from "../context.ts";
import { CommandError } from "../errors.ts";
import { coins, date, duration } from "../words.ts";
import { FOLDER, folderIn, type Place, type Stored, storedReveals, storeReveal } from "./reveals.ts";
import { type Row, rowOf } from "./row.ts";
import {
  accountOf,
  checkLive,
  countedStake,
  type Now,
  notValidator,
  SUBNET,
  seatOf,
  subnetNow,
} from "./seat.ts";

export const commit: Command = {
  usage: "FILE --subnet ID [--uri URI]",
  about: "commits the weights of this epoch, and stores what reveal needs",
  takes: 1,
  options: {
    ...SUBNET,
    uri: { value: "URI", about: "public address of FILE, shown with the weights" },
    ...FOLDER,
    force: { about: "replaces other weights of the same epoch" },
    "dry-run": { about: "stops after showing the weights" },
  },
  notes: [
    'FILE is JSON with numbers by miner account: {"scores": {"0x...": 0.9}} or {"weights": {"0x...": 3}}.',
    "Weights are proportional to the squares of scores. It can also be evidence by formatEvidence of the SDK.",
    "Nobody can see the weights before you reveal them. Publish FILE then: its hash is revealed with them.",
  ].join("\n"),
  writes: true,
  async run(context) {
    const now = await subnetNow(context);
    checkLive(now);
    const place = await placeOf(context, now);
    checkPhase(now);
    const row = await rowOf(context, argument(context, 0, "FILE"), place);
    context.say(...rowText(row, now), ...(await stakeText(context, now, place)));
    if (context.values["dry-run"]) {
      context.say("Dry run: nothing was stored or sent.");
      return { dryRun: row };
    }
    const stored = store(context, place, row);
    return await sendCommitment(context, now, place, stored);
  },
};

/** The current epoch of this validator. */
export async function placeOf(context: Context, now: Now): Promise<Place> {
  const validator = accountOf(context);
  const { seat } = await seatOf(context, now, validator);
  if (!seat) throw notValidator(validator, now);
  return { subnetId: now.subnetId, epoch: now.clock.epoch, validator };
}

function checkPhase({ clock: { epoch, phase, epochEndsAt, secondsLeft } }: Now): void {
  if (phase !== "reveal") return;
  throw new CommandError(
    `Weights of epoch ${epoch} can no longer be committed. Epoch ${epoch + 1n} begins in ${duration(secondsLeft)}, at ${date(epochEndsAt)}.`,
  );
}

function rowText({ weights }: Row, { subnetId, clock }: Now): string[] {
  const given = weights.filter((weight) => weight > 0n).length;
  const miners = given === 1 ? "1 miner" : `${given} miners`;
  return [`Weights of epoch ${clock.epoch} of subnet ${subnetId}, for ${miners}: ${weights.join(", ")}.`];
}

/** Says if the weights will have no effect. */
async function stakeText(context: Context, now: Now, { validator }: Place) {
  const { stake, validators } = await seatOf(context, now, validator);
  const { minValidatorStake, minTotalStake } = now.subnet.params;
  if (stake.counted < minValidatorStake)
    return [
      `They will not count: ${coins(stake.counted)} of your stake count in this epoch, and the minimum is ${coins(minValidatorStake)}. Coins count from the epoch after they are staked.`,
    ];
  const all = countedStake(validators, now);
  if (all >= minTotalStake) return [];
  return [
    `This epoch will pay nobody: all validators have ${coins(all)} that count, and ${coins(minTotalStake)} must reveal weights.`,
  ];
}

/** Stores the reveal before the commitment is sent. The same weights are committed by the same reveal again. */
function store({ client, values }: Context, place: Place, row: Row): Stored {
  const folder = folderIn(values);
  const known = storedReveals(client, folder, place);
  const same = known.find(({ reveal }) => isSame(reveal, row));
  if (same) return same;
  if (known.length > 0 && !values.force)
    throw new CommandError(
      `${known[0]?.file} has other weights of epoch ${place.epoch}. To replace them, pass --force.`,
    );
  return storeReveal(client, folder, place, row);
}

function isSame(a: Row, b: Row): boolean {
  return (
    packWeights(a.weights) === packWeights(b.weights) && a.evidenceHash === b.evidenceHash && a.uri === b.uri
  );
}

async function sendCommitment(
  context: Context,
  { clock }: Now,
  place: Place,
  stored: Stored,
): Promise<object> {
  const { client, say } = context;
  const { file, commitment } = stored;
  const { subnetId, epoch, validator } = place;
  const known = await read(client, "SubnetHub", "commitmentOf", [subnetId, validator]);
  const next = `Reveal them from ${date(clock.starts.reveal)} to ${date(clock.epochEndsAt)}, or they count for nothing.`;
  if (known === commitment && known !== ZeroHash) {
    say(`These weights are committed already. ${next}`);
    return { file, epoch, commitment };
  }
  const result = await send(context, commitWeights, { ...stored.reveal, epoch });
  if ("unsigned" in result) return result;
  if (result.sent.epoch !== epoch)
    throw new CommandError(
      `The transaction was mined in epoch ${result.sent.epoch}, but the weights are of epoch ${epoch}. Commit again.`,
    );
  say(`Committed. What reveal needs is in ${file}: keep it.`, next);
  return { file, ...result.sent };
}
