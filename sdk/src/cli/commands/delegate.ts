import { ZeroAddress } from "ethers";
import { delegateVotes } from "../../governance/delegateVotes.ts";
import { getVotes } from "../../governance/getVotes.ts";
import { argument, type Command, type Context, send } from "../context.ts";
import { CommandError } from "../errors.ts";
import { coins } from "../words.ts";

export const delegate: Command = {
  usage: "ADDRESS|self",
  about: "sets who votes with your coins (undelegated coins have no vote)",
  takes: 1,
  options: {},
  writes: true,
  async run(context) {
    const to = recipient(context);
    const result = await send(context, delegateVotes, { to });
    if ("unsigned" in result) return result;
    const { votes, percent } = await getVotes(context.client, { account: to });
    context.say(
      to === ZeroAddress
        ? "Nobody votes with your coins."
        : `${to} votes with your coins, and now has ${coins(votes)} in all: ${percent} % of the circulating coins.`,
    );
    return { ...result.sent, votes, percent };
  },
};

function recipient(context: Context): string {
  const name = argument(context, 0, "ADDRESS");
  if (name !== "self") return name;
  if (context.account) return context.account;
  throw new CommandError("The account is unknown. Pass --from ADDRESS.");
}
