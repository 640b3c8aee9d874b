import { ZeroHash } from "ethers";
import { read } from "../../core/read.ts";
import { revealWeights } from "../../subnets/revealWeights.ts";
import type { Command, Context } from "../context.ts";
import { CommandError } from "../errors.ts";
import { date, duration } from "../words.ts";
import { placeOf } from "./commit.ts";
import { FOLDER, folderIn, type Place, type Stored, storedReveals } from "./reveals.ts";
import { checkLive, type Now, runStep, SUBNET, subnetNow } from "./seat.ts";
import { stepOf, take } from "./steps.ts";

export const reveal: Command = {
  usage: "--subnet ID",
  about: "reveals the committed weights, in the last phase of their epoch",
  takes: 0,
  options: { ...SUBNET, ...FOLDER, "dry-run": { about: "stops after saying the steps" } },
  notes:
    "A validator that does not reveal is paid nothing in this epoch. An epoch pays nobody if too little stake reveals: see status.",
  writes: true,
  async run(context) {
    const now = await subnetNow(context);
    checkLive(now);
    const place = await placeOf(context, now);
    const { reveal: found } = await committed(context, now, place);
    checkPhase(now);
    const { subnetId, epoch } = place;
    const text = `reveal your weights of epoch ${epoch} of subnet ${subnetId}`;
    const steps = [...runStep(context, now), stepOf(context, text, revealWeights, found)];
    const result = await take(context, steps);
    if ("sent" in result)
      context.say(
        `Revealed. From ${date(now.clock.epochEndsAt)} on anyone can run the epoch, and your pay is due.`,
      );
    return result;
  },
};

function checkPhase({ clock: { epoch, phase, starts, epochEndsAt } }: Now): void {
  if (phase === "reveal") return;
  throw new CommandError(
    `Epoch ${epoch} is in its ${phase} phase. Reveal from ${date(starts.reveal)} to ${date(epochEndsAt)}.`,
  );
}

/** The stored reveal of the commitment on chain. */
async function committed(context: Context, { clock }: Now, place: Place): Promise<Stored> {
  const { client, values } = context;
  const { subnetId, epoch, validator } = place;
  const folder = folderIn(values);
  const stored = storedReveals(client, folder, place);
  const commitment = await read(client, "SubnetHub", "commitmentOf", [subnetId, validator]);
  const found = stored.find((one) => one.commitment === commitment);
  if (found) return found;
  const seats = await read(client, "SubnetHub", "validatorsOf", [subnetId]);
  const revealedAt = seats.find(({ account }) => account === validator)?.revealedAt;
  if (commitment === ZeroHash && revealedAt === epoch)
    throw new CommandError(`Your weights of epoch ${epoch} are revealed already.`);
  if (stored.length > 0)
    throw new CommandError(
      `The weights in ${folder} are not those that you committed last. Commit them again before ${date(clock.starts.reveal)}.`,
    );
  const hint =
    clock.phase === "reveal"
      ? `Epoch ${epoch + 1n} begins in ${duration(clock.secondsLeft)}`
      : "Commit first";
  throw new CommandError(`${folder} has no weights that you committed in epoch ${epoch}. ${hint}.`);
}
